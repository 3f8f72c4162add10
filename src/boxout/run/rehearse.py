"""What a rule would have done: asked of what is public, and nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from boxout.compiled import CompiledAudit, CompiledCheck
from boxout.ledger.records import Finding
from boxout.model.partitions import day_range
from boxout.run.compute import EMPTY
from boxout.run.engine import Engine
from boxout.run.verdict import judge

LATER = "9999-12-31"
"""A day on which no trial lasts."""


class Rule(NamedTuple):
    """A check by name, the table it is told under, and the scan that asks it among others."""

    table: str
    check: CompiledCheck
    at: int
    audit: CompiledAudit


class Rehearsed(NamedTuple):
    """How a rule came out over the public partitions of a range.

    `rows_failed` counts rows, None for a rule that measures a whole partition. `findings` are the
    partitions that did not pass, each with the versions it was asked of, by table.
    """

    table: str
    rule: str
    severity: str
    passed: int
    failed: int
    unknown: int
    rows: int
    rows_failed: int | None
    findings: tuple[tuple[Mapping[str, int], Finding], ...]

    @property
    def judged(self) -> int:
        """The partitions on which it had an answer."""
        return self.passed + self.failed


def rules_named(engine: Engine, name: str) -> list[Rule]:
    """The checks with this name, of tables and across them."""
    audits = [(table, audit) for table, audit in engine.compiled.audits.items()]
    across = engine.compiled.across.values()
    audits += [(next(iter(audit.bindings.values())), audit) for of in across for audit in of]
    return [
        Rule(table, check, at, audit)
        for table, audit in audits
        for at, check in enumerate(audit.checks)
        if check.name == name
    ]


def rehearse(engine: Engine, rule: Rule, first: str, last: str) -> Rehearsed:
    """Ask a rule of every public partition from the first date to the last.

    What it finds has the severity it declares, whether it is on trial or not.
    """
    is_measure = rule.check.is_measure
    passed, failed, unknown, rows_seen, rows_failed = 0, 0, 0, 0, 0
    findings: list[tuple[Mapping[str, int], Finding]] = []
    for versions, partitions in _public(engine, rule.audit, first, last).items():
        named = dict(zip(dict.fromkeys(rule.audit.bindings.values()), versions, strict=True))
        rows = _scanned(engine, rule.audit, named, partitions)
        answers, found = judge(rule.audit, rows, partitions, LATER)
        mine = answers[rule.at]
        passed, failed, unknown = (
            passed + mine.passed, failed + mine.failed, unknown + mine.unknown
        )  # fmt: skip
        rows_seen += sum(row["rows"] for row in rows)
        rows_failed += 0 if is_measure else sum(row[f"c{rule.at}_failed"] or 0 for row in rows)
        findings += [(named, one) for one in found if one.check == rule.check.name]
    return Rehearsed(
        rule.table,
        rule.check.name,
        rule.check.severity,
        passed,
        failed,
        unknown,
        rows_seen,
        None if is_measure else rows_failed,
        tuple(findings),
    )


def _scanned(
    engine: Engine, audit: CompiledAudit, versions: Mapping[str, int], partitions: Sequence[str]
) -> list[dict[str, Any]]:
    tables = engine.graph.tables
    bound = {name: (tables[table], versions[table]) for name, table in audit.bindings.items()}
    asked = set(partitions)
    return [row for row in engine.warehouse.audit(audit.sql, bound) if row["partition"] in asked]


def _public(
    engine: Engine, audit: CompiledAudit, first: str, last: str
) -> dict[tuple[int, ...], list[str]]:
    """The partitions that are public in every table of the scan, by the versions of these."""
    tables = list(dict.fromkeys(audit.bindings.values()))
    public: dict[str, dict[str, int]] = {}
    for table, partition, version in _pointed_to(engine, tables, day_range(first, last)):
        public.setdefault(partition, {})[table] = version
    together: dict[tuple[int, ...], list[str]] = {}
    for partition, versions in sorted(public.items()):
        if len(versions) == len(tables):
            together.setdefault(tuple(versions[t] for t in tables), []).append(partition)
    return together


def _pointed_to(
    engine: Engine, tables: Sequence[str], reach: tuple[str, str]
) -> Iterator[tuple[str, str, int]]:
    """What is public and has rows; a date that is declared to have none has nothing to judge."""
    pointers = engine.ledger.pointers(tables, *reach, engine.ledger.head())
    held = engine.ledger.censuses({one.version for one in pointers if one.version}, *reach)
    for one in pointers:
        if one.version is None:
            continue
        census = held.get((one.version, one.partition))
        if census is None or census.content != EMPTY:
            yield one.table, one.partition, one.version
