"""What a DuckDB cursor holds, as rows; by columns where there are many."""

from typing import Any

from boxout.warehouse.port import Row

FEW_ROWS = 1000
_AS_COLUMNS = {"BIGINT", "BOOLEAN", "DOUBLE", "HUGEINT", "INTEGER", "UBIGINT", "VARCHAR"}
_EXACT_MAX = 2**53


def exact_rows(cursor: Any) -> list[Row]:
    """Every row, each value as DuckDB gives it."""
    return _named(cursor, cursor.fetchall())


def rows(cursor: Any) -> list[Row] | None:
    """The same rows in a quarter of the time when there are many.

    None when a whole number is too large to come through a column of floats, as sums do.
    """
    first = cursor.fetchmany(FEW_ROWS)
    types = [str(column[1]) for column in cursor.description]
    if len(first) < FEW_ROWS or not _AS_COLUMNS.issuperset(types):
        return _named(cursor, [*first, *cursor.fetchall()])
    columns: list[list[Any]] = []
    for dtype, values in zip(types, cursor.fetchnumpy().values(), strict=True):
        if dtype != "HUGEINT":
            columns.append(values.tolist())
        elif _is_exact(values):
            columns.append(values.astype("int64").tolist())
        else:
            return None
    return _named(cursor, [*first, *zip(*columns, strict=True)])


def _is_exact(values: Any) -> bool:
    there = values.filled(0) if hasattr(values, "filled") else values
    return not len(there) or max(abs(there.min()), abs(there.max())) < _EXACT_MAX


def _named(cursor: Any, found: list[Any]) -> list[Row]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in found]
