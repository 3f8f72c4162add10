"""Which checks stand on which columns, which columns have none, and when each was last asked."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from boxout.compiled import Compiled, CompiledCheck, unbound
from boxout.deferred import deferred
from boxout.graph import Graph
from boxout.ledger import Evaluated, Ledger
from boxout.model import Check, Pipeline, RowCheck, Table
from boxout.report.examples import NEVER_NULL
from boxout.report.trials import trial_fault

operations = deferred("ibis.expr.operations")


Columns: TypeAlias = Mapping[str, tuple[str, ...]]
"""The columns that a check across tables reads, by table."""


class Covering(NamedTuple):
    """One check of a table: its columns, and how it came out when it was last evaluated.

    `severity` is what it does today, `needs` what it expects, `trial` until when it only observes
    and why. `last` is None when it never was evaluated. `fault` says why it proves nothing, or that
    nobody ended its trial; empty when neither is so.
    """

    name: str
    severity: str
    columns: tuple[str, ...]
    last: Evaluated | None
    fault: str
    needs: str
    trial: str

    @property
    def proves_nothing(self) -> bool:
        """Whether it was never evaluated, or judged nothing when it was."""
        return bool(_fault(self.last))


class Coverage(NamedTuple):
    """The checks of one table, and the columns that none of them reads.

    `counted` are read by nothing but the two checks that every table has: that they are there, and
    that no key is there twice.
    """

    table: str
    checks: tuple[Covering, ...]
    bare: tuple[str, ...]
    counted: tuple[str, ...]


Across: TypeAlias = tuple[Columns, Covering]


def coverage(
    pipeline: Pipeline, graph: Graph, compiled: Compiled, ledger: Ledger, tables: Iterable[str]
) -> list[Coverage]:
    """What the checks of these tables cover, those across tables too."""
    across = list(_across(pipeline, graph, compiled, ledger))
    return [_of_table(graph.tables[name], compiled, ledger, across) for name in tables]


def _of_table(
    table: Table, compiled: Compiled, ledger: Ledger, across: Sequence[Across]
) -> Coverage:
    asked = [check.name for check in compiled.audits[table.name].checks]
    last, today = _last(ledger, table.name, asked), ledger.now()[:10]
    declared = {check.name: check for check in table.checks}
    own = [
        _covering(one, _read(table, one.name, declared.get(one.name)), last, today)
        for one in compiled.audits[table.name].checks
    ]
    shared = [
        covering._replace(columns=read[table.name])
        for read, covering in across
        if table.name in read
    ]
    touched = {c for one in (*own, *shared) for c in one.columns}
    judged = {c for one in (*own, *shared) if not _is_built_in(one.name) for c in one.columns}
    return Coverage(
        table.name,
        (*own, *shared),
        tuple(name for name in table.column_names if name not in touched),
        tuple(name for name in table.column_names if name in touched - judged),
    )


def _is_built_in(name: str) -> bool:
    """Whether every table has this check, whoever declared it."""
    return name.startswith(NEVER_NULL) or name == "duplicate keys"


def _last(ledger: Ledger, table: str, checks: Collection[str]) -> dict[str, Evaluated]:
    return {one.counts.check: one for one in ledger.last_evaluated(table, checks)}


def _covering(
    check: CompiledCheck, columns: Iterable[str], last: Mapping[str, Evaluated], today: str
) -> Covering:
    one, trial = last.get(check.name), check.trial
    faults = (trial_fault(check, today), _fault(one))
    return Covering(
        check.name,
        check.severity_on(today),
        tuple(columns),
        one,
        "; ".join(filter(None, faults)),
        check.needed.removesuffix(" expected"),
        f"until {trial.until}, then {check.severity}: {trial.because}" if trial else "",
    )


def _fault(last: Evaluated | None) -> str:
    if last is None:
        return "never evaluated"
    counts = last.counts
    if counts.passed + counts.failed == 0:
        return f"judged nothing: {counts.unknown} unknown" if counts.unknown else "judged nothing"
    return ""


def _read(table: Table, name: str, check: Check | None) -> list[str]:
    """The columns of a table that one of its checks reads, in their order."""
    if check is None:
        never_null = [c.name for c in table.columns if c.null is None]
        return never_null if name.startswith(NEVER_NULL) else list(table.key)
    asked = check.predicate if isinstance(check, RowCheck) else check.measure
    read = {column for _, column in base_columns(asked(unbound(table, "audited")))}
    return [name for name in table.column_names if name in read]


def _across(
    pipeline: Pipeline, graph: Graph, compiled: Compiled, ledger: Ledger
) -> Iterator[Across]:
    """The checks over several tables, with the columns of each that they read."""
    today = ledger.now()[:10]
    left = {group: list(audits) for group, audits in compiled.across.items()}
    for check in pipeline.cross_checks:
        audit = left[check.group].pop(0)
        given = {name: unbound(graph.tables[t], name) for name, t in check.tables.items()}
        asked_of = next(iter(check.tables.values()))
        last = _last(ledger, asked_of, [one.name for one in audit.checks])
        predicates = check.compare(**given).predicates
        for one in audit.checks:
            read: dict[str, tuple[str, ...]] = {}
            for parameter, column in sorted(base_columns(predicates[one.name])):
                table = check.tables[parameter]
                read[table] = tuple(dict.fromkeys((*read.get(table, ()), column)))
            yield read, _covering(one, (), last, today)


def base_columns(expression: Any) -> set[tuple[str, str]]:
    """(name of the unbound table, column) for every column that an expression comes from.

    Through joins, sums and renamed columns down to the declared ones; rows that are chosen by a
    condition come from the columns of that condition too.
    """
    return set(_base(expression.op()))


def _base(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, operations.UnboundTable):
        return
    if isinstance(node, operations.Field):
        if isinstance(node.rel, operations.UnboundTable):
            yield node.rel.name, node.name
        else:
            yield from _base(node.rel.values[node.name])
            yield from _chosen(node.rel)
        return
    if isinstance(node, operations.Relation):
        yield from _chosen(node)
        return
    for child in node.__children__:
        yield from _base(child)


def _chosen(rel: Any) -> Iterator[tuple[str, str]]:
    """The columns by which a relation chooses its rows."""
    for condition in getattr(rel, "predicates", ()):
        yield from _base(condition)
    parent = getattr(rel, "parent", None)
    if parent is not None:
        yield from _chosen(parent)
