"""Checks as rows of documentation: exactly those that an audit asks."""

import inspect
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from boxout.compiled import Compiled, CompiledCheck, unbound
from boxout.graph import Graph
from boxout.model import Check, Pipeline, RowCheck, Severity, Table
from boxout.report.examples import NEVER_NULL, columns_read
from boxout.report.markdown import codes, plain

_IF_NOT: Final = {
    Severity.BLOCK: "not public",
    Severity.WARN: "public all the same, and told",
    Severity.COMPLETE: "kept, and nothing is computed from it",
}
_BUILT_IN: Final = {
    "never null": "every column that does not say what null means",
    "duplicate keys": "rows less distinct keys",
}
HEADS: Final = ("check", "what it looks at", "passes when", "otherwise")


class Told(NamedTuple):
    """One check: whose it is, its name, what it looks at, when it passes, what follows if not."""

    tables: tuple[str, ...]
    name: str
    about: str
    passes: str
    if_not: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The check under HEADS."""
        return (self.name, self.about, self.passes, self.if_not)


def of_table(table: Table, compiled: Compiled) -> list[Told]:
    """The checks of one table, the two that every table has first."""
    declared = {check.name: check for check in table.checks}
    return [_told(table, one, declared.get(one.name)) for one in compiled.audits[table.name].checks]


def across(group: str, pipeline: Pipeline, compiled: Compiled) -> list[Told]:
    """The identities across the tables of a group."""
    declared = [check for check in pipeline.cross_checks if check.group == group]
    return [
        Told(
            tuple(check.tables.values()), one.name, said(check.compare), _passes(one), _if_not(one)
        )
        for check, audit in zip(declared, compiled.across.get(group, ()), strict=True)
        for one in audit.checks
    ]


def every_check(pipeline: Pipeline, graph: Graph, compiled: Compiled) -> Iterator[Told]:
    """All checks of a pipeline: the identities, then table by table."""
    for group in sorted({check.group for check in pipeline.cross_checks}):
        yield from across(group, pipeline, compiled)
    for name in sorted(graph.tables):
        yield from of_table(graph.tables[name], compiled)


def said(function: Callable[..., object]) -> str:
    """The first paragraph of a function's docstring; empty for one that has none."""
    return plain((inspect.getdoc(function) or "").partition("\n\n")[0])


def _told(table: Table, one: CompiledCheck, declared: Check | None) -> Told:
    name = "never null" if one.name.startswith(NEVER_NULL) else one.name
    about = _about(table, declared) if declared else _BUILT_IN.get(name, "")
    passes = _passes(one)
    where = f", per {table.scheme.name}" if one.is_measure else ""
    return Told((table.name,), name, about, passes + where, _if_not(one))


def _passes(one: CompiledCheck) -> str:
    needed = one.needed.removesuffix(" expected")
    if one.is_measure:
        return needed
    return "every row" if needed == "none" else f"every row, {needed.removeprefix('all ')}"


def _about(table: Table, check: Check) -> str:
    """What the check says of itself, or the columns it reads."""
    asked = check.predicate if isinstance(check, RowCheck) else check.measure
    read = columns_read(asked(unbound(table, "audited")))
    return said(asked) or codes(sorted(set(read)))


def _if_not(one: CompiledCheck) -> str:
    then = _IF_NOT[Severity(one.severity)]
    if one.trial is None:
        return then
    return f"on trial until {one.trial.until} ({one.trial.because}); then {then}"
