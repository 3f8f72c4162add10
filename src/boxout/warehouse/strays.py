"""What a DuckDB file holds that no pipeline declared, and views that are not the declared ones."""

from collections.abc import Iterator, Sequence
from typing import Any

from boxout.model import Table
from boxout.warehouse.port import Stray
from boxout.warehouse.schema import own_tables, view_sql

_LOOKED_AT = "_declared_view"
_FORGET = "DROP VIEW temp._declared_view"
_TABLES = "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY ALL"
_VIEWS = """
SELECT schema_name, view_name, sql FROM duckdb_views() WHERE NOT internal AND NOT temporary
ORDER BY ALL
"""
_DECLARED_VIEW = "SELECT sql FROM duckdb_views() WHERE view_name = $name AND temporary"
_KEPT = "SELECT DISTINCT tbl FROM boxout.declared"
_TWICE = """
SELECT tbl, part, count(*) FROM boxout.pointers WHERE until IS NULL
GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL
"""
_STANDS = "SELECT count(*) FROM boxout.projected"


def strays(cursor: Any, tables: Sequence[Table]) -> list[Stray]:
    """Tables and views that nobody declared, replaced views, and pointers that are there twice."""
    return [
        *_tables(cursor, tables),
        *_views(cursor, tables),
        *_pointers(cursor),
    ]


def _tables(cursor: Any, tables: Sequence[Table]) -> Iterator[Stray]:
    declared = {table.name for table in tables}
    kept = {row[0] for row in cursor.execute(_KEPT).fetchall()}
    own = own_tables()
    for schema, name in cursor.execute(_TABLES).fetchall():
        if schema == "versions" and name in kept - declared:
            yield Stray(
                f"{schema}.{name}",
                "rows of a table that the pipeline has no more",
                "",
                is_shown=False,
            )
        elif not (schema == "versions" and name in declared) and not (
            schema == "boxout" and name in own
        ):
            yield Stray(f"{schema}.{name}", "a table that nobody declared", "", is_shown=False)


def _views(cursor: Any, tables: Sequence[Table]) -> Iterator[Stray]:
    there = {(row[0], row[1]): row[2] for row in cursor.execute(_VIEWS).fetchall()}
    for table in tables:
        text = there.pop(("main", table.name), None)
        if text is None or _asked(text) != _declared(cursor, table):
            found = "no such view" if text is None else "another view"
            yield Stray(table.name, found, "the view of what is public", is_shown=True)
    for schema, name in there:
        yield Stray(f"{schema}.{name}", "a view that nobody declared", "", is_shown=False)


def _declared(cursor: Any, table: Table) -> str:
    """The declared view as DuckDB writes it."""
    cursor.execute(view_sql(table, f"TEMP VIEW {_LOOKED_AT}"))
    try:
        return _asked(cursor.execute(_DECLARED_VIEW, {"name": _LOOKED_AT}).fetchone()[0])
    finally:
        cursor.execute(_FORGET)


def _asked(view: str) -> str:
    """What a view selects, whatever it is called."""
    return view.partition(" AS ")[2]


def _pointers(cursor: Any) -> Iterator[Stray]:
    for table, partition, count in cursor.execute(_TWICE).fetchall():
        yield Stray(f"{table} {partition}", f"{count} pointers", "1 expected", is_shown=True)
    stands = cursor.execute(_STANDS).fetchone()[0]
    if stands != 1:
        yield Stray("boxout.projected", f"{stands} rows", "1 expected", is_shown=True)
