"""From gated inputs to one audited version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from boxout.graph import Unit
from boxout.ledger.port import CALENDAR
from boxout.ledger.records import Census, CheckCount, Finding, Read
from boxout.model import Calendar, Processor, Table
from boxout.model.outcomes import Outcome, Reason, WithheldOutcome
from boxout.run.engine import Engine
from boxout.run.gate import Pins
from boxout.run.verdict import census, judge

Outcomes = dict[str, Outcome]
EMPTY = "empty"
"""The content of a partition that is declared to have no rows."""


@dataclass(slots=True)
class Gathered:
    """What the gate let through for one processor: partitions, and pins by bound name."""

    partitions: list[str] = field(default_factory=list)
    pins: dict[str, dict[tuple[str, int], None]] = field(default_factory=dict)

    def add(self, partition: str, pins: Pins) -> None:
        """One more partition; what several read is bound once."""
        self.partitions.append(partition)
        for name, pairs in pins.items():
            self.pins.setdefault(name, {}).update(dict.fromkeys(pairs))


def compute(
    engine: Engine, one: Processor, gathered: Gathered, attempt: int, snapshot: int
) -> tuple[int, Outcomes]:
    """Append one version over exactly the gated rows and audit it; what failed, by partition."""
    compiled = engine.compiled.processors[one.target.name]
    reads = read_set(one, engine.pipeline.calendar, gathered.partitions, snapshot)
    version = engine.ledger.open_version(attempt, one.target.name, compiled.fingerprint, reads)
    pins: dict[str, tuple[Table, list[tuple[str, int]]]] = {}
    shaped: dict[str, str] = {}
    for name, feeds in compiled.inputs.items():
        for feed in feeds:
            found = list(gathered.pins.get(feed.bound_to, ()))
            pins[feed.bound_to] = (engine.graph.tables[feed.table], found)
        shaped[name] = " UNION ALL BY NAME ".join(f"({feed.sql})" for feed in feeds)
    with engine.limit(version, engine.policy.timeout_s):
        engine.warehouse.append(one.target, version, compiled.sql, shaped, pins)
        return version, audit_version(engine, one.target, version, gathered.partitions)


def read_set(
    one: Processor, calendar: Calendar, partitions: Sequence[str], snapshot: int
) -> list[Read]:
    """Everything that the gate looked at: the tables, what was expected, and of which days.

    A day is known when the calendar's own table has it, even with no partition on it; that
    matters to whatever is cut by date, and to every day of a window.
    """
    first, last = min(partitions), max(partitions)
    windows = dict.fromkeys(given.window_days for given in one.inputs.values())
    is_by_date = one.target.scheme.name != calendar.scheme.name
    known = [
        Read(calendar.table.name, first, last, snapshot, days)
        for days in (None, *windows)
        if days is not None or is_by_date
    ]
    tables = [
        Read(table.name, first, last, snapshot, given.window_days)
        for given in one.inputs.values()
        for table in given.tables
    ]
    said = [Read(CALENDAR, first, last, snapshot, days) for days in (None, *windows)]
    return list(dict.fromkeys((*tables, *said, *known)))


def audit_version(
    engine: Engine,
    table: Table,
    version: int,
    partitions: Sequence[str],
    empty: Sequence[str] = (),
) -> Outcomes:
    """All checks of a table in one scan of one version, kept in the ledger.

    `empty` are partitions that are declared to have no rows; one that has some is judged by them.
    """
    audit = engine.compiled.audits[table.name]
    rows = engine.warehouse.audit(audit.sql, {"audited": (table, version)})
    seen = {row["partition"] for row in rows}
    quiet = [partition for partition in empty if partition not in seen]
    counts, findings = judge(audit, rows, [p for p in partitions if p not in quiet])
    kept = [*census(rows), *(Census(partition, 0, EMPTY) for partition in quiet)]
    if quiet:
        counts.append(CheckCount("has rows, or is declared empty", "block", len(kept), 0, 0))
    engine.ledger.record_audit(version, kept, counts, findings)
    return withheld(findings)


def audit_group(
    engine: Engine, unit: Unit, versions: Mapping[str, int], partitions: Sequence[str]
) -> Outcomes:
    """The checks that tie the tables of a group, kept with the versions they speak of."""
    outcomes: Outcomes = {}
    for audit in engine.compiled.across.get(unit.name, ()):
        bound = {n: (engine.graph.tables[t], versions[t]) for n, t in audit.bindings.items()}
        asked = set(partitions)
        rows = [r for r in engine.warehouse.audit(audit.sql, bound) if r["partition"] in asked]
        counts, findings = judge(audit, rows, partitions)
        first = versions[next(iter(audit.bindings.values()))]
        nothing: list[Census] = []
        engine.ledger.record_audit(first, nothing, counts, findings)
        for partition, outcome in withheld(findings).items():
            outcomes.setdefault(partition, outcome)
    return outcomes


def withheld(findings: Sequence[Finding]) -> Outcomes:
    """The partitions with a blocking finding, with every reason."""
    reasons: dict[str, list[Reason]] = {}
    for finding in findings:
        if finding.severity == "block":
            reason = Reason(finding.check, f"{finding.answer}, {finding.found}", finding.needed)
            reasons.setdefault(finding.partition, []).append(reason)
    return {partition: WithheldOutcome(tuple(of)) for partition, of in reasons.items()}
