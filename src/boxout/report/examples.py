"""Rows that a check did not let pass, taken from the version that was kept."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from boxout.compiled import sql_text, unbound
from boxout.deferred import deferred
from boxout.model import Pipeline, RowCheck, Rows, Table, ibis
from boxout.report.why import NotPassed
from boxout.warehouse import Warehouse

operations = deferred("ibis.expr.operations")

EXAMPLES_MAX: Final = 3
NEVER_NULL: Final = "never null: "
Row = dict[str, Any]


class Judged(NamedTuple):
    """The rows a check looks at, what each must satisfy, and the versions they are bound to."""

    table: Table
    rows: Any
    predicate: Any
    shown: tuple[str, ...]
    bound: Mapping[str, tuple[Table, int]]


def examples(
    warehouse: Warehouse,
    pipeline: Pipeline,
    failed: NotPassed,
    partition: str,
    written: Mapping[Table, int],
) -> list[Row]:
    """Up to three rows with their key and what the check looked at; none for a measured number.

    `written` are the versions of the same attempt: a check across tables reads several.
    """
    tables = {table.name: table for table in written}
    found = _across(pipeline, failed, written) or _of_table(tables[failed.table], failed)
    if found is None:
        return []
    looked_at = (*found.table.key, *found.shown, *columns_read(found.predicate))
    chosen = [name for name in dict.fromkeys(looked_at) if name in found.rows.columns]
    judged = found.rows.mutate(_is_bad=~found.predicate.fill_null(False))
    mine: Any = judged[found.table.scheme.column] == partition
    bad = judged.filter(mine).filter(judged["_is_bad"]).select(*chosen).limit(EXAMPLES_MAX)
    return warehouse.audit(sql_text(bad, warehouse.dialect), found.bound)


def _across(pipeline: Pipeline, failed: NotPassed, written: Mapping[Table, int]) -> Judged | None:
    tables = {table.name: table for table in written}
    for check in pipeline.cross_checks:
        if set(check.tables.values()) <= set(tables):
            given = {name: unbound(tables[t], name) for name, t in check.tables.items()}
            compared = check.compare(**given)
            bound = {name: (tables[t], written[tables[t]]) for name, t in check.tables.items()}
            first = next(iter(bound.values()))[0]
            if failed.check in compared.predicates and first.name == failed.table:
                predicate = compared.predicates[failed.check]
                return Judged(first, compared.rows, predicate, (), bound)
    return None


def _of_table(table: Table, failed: NotPassed) -> Judged | None:
    rows = unbound(table, "audited")
    predicate, shown = _predicate(table, failed.check, rows)
    bound = {"audited": (table, failed.version)}
    return None if predicate is None else Judged(table, rows, predicate, shown, bound)


def _predicate(table: Table, name: str, rows: Rows) -> tuple[Any, tuple[str, ...]]:
    """What every row must satisfy; None when the check measures a whole partition."""
    for check in table.checks:
        if isinstance(check, RowCheck) and check.name == name:
            return check.predicate(rows), check.shown
    if name.startswith(NEVER_NULL):
        columns = name.removeprefix(NEVER_NULL).split(", ")
        return ibis.and_(*(rows[column].notnull() for column in columns)), ()
    if name == "duplicate keys":
        return rows.count().over(group_by=list(table.key)) == 1, ()
    return None, ()


def columns_read(expression: Any) -> Iterator[str]:
    """The columns that an expression reads, not those that these were computed from."""
    found = expression.op().find(operations.Field, filter=operations.Value)
    return (field.name for field in found)
