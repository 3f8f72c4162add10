"""Rows on their way from one warehouse to another, and what tells that they are the same."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from boxout.deferred import deferred
from boxout.model import Table
from boxout.warehouse import pointers
from boxout.warehouse.port import Row
from boxout.warehouse.schema import TYPES, columns_sql, quoted, versions_sql

if TYPE_CHECKING:
    import duckdb
else:
    duckdb = deferred("duckdb")

Contents: TypeAlias = dict[tuple[int, str | None], tuple[int, str]]
"""By version and partition: how many rows, and what they are."""

_OF: Final = "WHERE _version IN (SELECT unnest($versions::BIGINT[]))"
_QUARANTINE: Final = (
    "table", "file", "line", "reason", "original", "reader", "part", "value", "groups", "since",
    "version", "publication", "superseded",
)  # fmt: skip
_SET_ASIDE: Final = (
    f"INSERT INTO boxout.quarantine VALUES ({', '.join(f'${name}' for name in _QUARANTINE)})"
)


def taken_out(cursor: Any, table: Table, versions: Sequence[int]) -> Any:
    """The rows of these versions, with their `_version`, as an Arrow table."""
    text = f"SELECT {columns_sql(table)}, _version FROM {versions_sql(table)} {_OF}"
    return cursor.sql(text, params={"versions": list(versions)}).to_arrow_table()


def bring_in(cursor: Any, table: Table, versions: Sequence[int], rows: Any) -> None:
    """Put them in; what these versions had gives way."""
    refuse_used(cursor)
    cursor.execute(f"DELETE FROM {versions_sql(table)} {_OF}", {"versions": list(versions)})
    cursor.register("came", rows)
    columns = f"{columns_sql(table)}, _version"
    cursor.execute(f"INSERT INTO {versions_sql(table)} ({columns}) SELECT {columns} FROM came")
    cursor.unregister("came")


def bring_in_quarantine(cursor: Any, rows: Sequence[Row]) -> None:
    """The rows that were set aside, in the place of those that are here."""
    refuse_used(cursor)
    cursor.execute("DELETE FROM boxout.quarantine")
    for row in rows:
        cursor.execute(_SET_ASIDE, {name: row[name] for name in _QUARANTINE})


def refuse_used(cursor: Any) -> None:
    """ValueError when anything was ever public here."""
    publication = pointers.projected(cursor)
    if publication:
        raise ValueError(f"the warehouse shows publication {publication}; it is in use")


def told(table: Table, rows: Any) -> Contents:
    """What rows are, whichever warehouse they were taken out of."""
    typed = ", ".join(
        f"{quoted(c.name)}::{TYPES[c.dtype]} AS {quoted(c.name)}" for c in table.columns
    )
    text = (
        f"SELECT _version, {quoted(table.scheme.column)}, count(*),"
        f" sum(hash(hash({columns_sql(table)})))::VARCHAR"
        f" FROM (SELECT {typed}, _version FROM came) GROUP BY ALL"
    )
    with duckdb.connect(":memory:") as connection:
        connection.register("came", rows)
        found = connection.execute(text).fetchall()
    return {(version, part): (count, content) for version, part, count, content in found}
