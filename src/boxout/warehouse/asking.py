"""What a person asks in SQL of a warehouse that is open for writing: it can read, and nothing else."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final

from boxout.deferred import deferred
from boxout.errors import DefinitionError
from boxout.model import Table
from boxout.warehouse.pointers import show_as_of

duckdb = deferred("duckdb")

_BEGIN: Final = "BEGIN TRANSACTION READ ONLY"
_END: Final = "ROLLBACK"
READS: Final = frozenset({"SELECT", "EXPLAIN", "MULTI"})
"""MULTI is what PIVOT becomes."""


def ask(
    cursor: Any, sql: str, tables: Iterable[Table], at: int | None
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Names and rows of one statement, now or as at a publication.

    Files are out of reach because the warehouse was opened so; rows cannot be changed in a
    transaction that reads; and a statement that sets something for everybody is refused.
    """
    if at is not None:
        show_as_of(cursor, tables, at)
    statements = duckdb.extract_statements(sql)
    kinds = [one.type.name for one in statements]
    if len(kinds) != 1 or kinds[0] not in READS:
        raise DefinitionError(
            f"{', '.join(kinds) or 'nothing'} found, one statement that reads expected."
            " Nothing was changed."
        )
    cursor.execute(_BEGIN)
    try:
        cursor.execute(sql)
        return [column[0] for column in cursor.description or ()], cursor.fetchall()
    finally:
        with suppress(duckdb.Error):  # a statement that failed has ended it
            cursor.execute(_END)
