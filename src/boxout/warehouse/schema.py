"""What a DuckDB file holds beside the rows, and how it follows the declared tables."""

import re
from collections.abc import Iterable
from typing import Any

from boxout.errors import DefinitionError
from boxout.model import Table
from boxout.warehouse import quarantine

TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}
_SET_UP = """
CREATE SCHEMA IF NOT EXISTS versions;
CREATE SCHEMA IF NOT EXISTS boxout;
CREATE TABLE IF NOT EXISTS boxout.pointers
  (tbl VARCHAR, part VARCHAR, version BIGINT, since BIGINT, until BIGINT);
CREATE TABLE IF NOT EXISTS boxout.projected (publication BIGINT);
INSERT INTO boxout.projected SELECT 0 WHERE NOT EXISTS (FROM boxout.projected);
CREATE TABLE IF NOT EXISTS boxout.marked (publication BIGINT, mark BIGINT);
CREATE TABLE IF NOT EXISTS boxout.dropped (tbl VARCHAR, before BIGINT);
CREATE TABLE IF NOT EXISTS boxout.declared (tbl VARCHAR, partition_column VARCHAR, sql VARCHAR);
"""
_IN_THE_WAY = """
SELECT 1 FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = $name AND NOT temporary
"""
_COLUMNS = """
SELECT column_name, data_type FROM duckdb_columns()
WHERE schema_name = 'versions' AND table_name = $tbl AND column_name <> '_version'
"""
_CUT_BY = "SELECT tbl, partition_column FROM boxout.declared WHERE sql <> '' ORDER BY tbl"
_ALL_COLUMNS = """
SELECT table_name, column_name, data_type FROM duckdb_columns()
WHERE schema_name = 'versions' AND column_name <> '_version' ORDER BY table_name, column_index
"""


def own_tables() -> set[str]:
    """The tables that every warehouse keeps for itself, in the schema `boxout`."""
    return set(re.findall(r"TABLE IF NOT EXISTS boxout\.(\w+)", _SET_UP + quarantine.TABLE))


def quoted(name: str) -> str:
    """A declared name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def columns_sql(table: Table, of: str = "") -> str:
    """The declared columns, in order."""
    return ", ".join(of + quoted(name) for name in table.column_names)


def versions_sql(table: Table) -> str:
    """The table that holds every version."""
    return f"versions.{quoted(table.name)}"


def hashed_sql(table: Table) -> str:
    """The rows of every version, each with the hash of its declared columns.

    Hashed twice: the last column of one hash alone can change places between rows without a trace
    in what is made of all the hashes.
    """
    columns = columns_sql(table)
    hashed = f"hash(hash({columns})) AS _content"
    return f"SELECT {columns}, {hashed}, _version FROM {versions_sql(table)}"


def follow(cursor: Any, tables: Iterable[Table]) -> None:
    """Bring the file to the declared tables: new ones, and new columns of those it has.

    Old rows have null in a new column. What is declared no more is not shown any more, because
    nobody keeps it current; its rows stay, and are shown again when it comes back. DefinitionError, and nothing is changed, when rows that
    are there would be read as something else than what was written.
    """
    cursor.execute(_SET_UP)
    cursor.execute(quarantine.TABLE)
    known = {row[0]: (row[1], row[2]) for row in cursor.execute("FROM boxout.declared").fetchall()}
    tables = list(tables)
    changed = [one for one in tables if known.get(one.name) != (one.scheme.column, _sql(one))]
    there = {one.name: dict(_there(cursor, one)) for one in changed}
    faults = [
        fault
        for one in changed
        for fault in _faults(one, there[one.name], known.get(one.name, ("", ""))[0])
    ]
    if faults:
        raise DefinitionError(faults)
    for one in changed:
        _bring(cursor, one, there[one.name])
    for name in known.keys() - {one.name for one in tables}:
        _hide(cursor, name)


def show(cursor: Any, tables: Iterable[Table]) -> None:
    """Every declared table under its public name; a table of that name is somebody's, and stays."""
    for table in tables:
        if not cursor.execute(_IN_THE_WAY, {"name": table.name}).fetchone():
            cursor.execute(view_sql(table))


def _there(cursor: Any, table: Table) -> list[tuple[str, str]]:
    return cursor.execute(_COLUMNS, {"tbl": table.name}).fetchall()


def _faults(table: Table, there: dict[str, str], partition_column: str) -> list[str]:
    kept = "The rows in the warehouse are kept as they are"
    look = "See: boxout check --against FOLDER"
    declared = {column.name: TYPES[column.dtype] for column in table.columns}
    faults = [
        f"{table}: column {name} is {dtype} in the warehouse and {declared[name]} as declared. {kept};"
        f" give the new column another name. {look}"
        if name in declared
        else f"{table}: the warehouse has a column {name} that is not declared. {kept}; declare it. {look}"
        for name, dtype in there.items()
        if declared.get(name) != dtype
    ]
    if partition_column and partition_column != table.scheme.column:
        faults.append(
            f"{table}: is cut by {partition_column} in the warehouse and by {table.scheme.column}"
            f" as declared. {kept}; give the new table another name. {look}"
        )
    return faults


def _bring(cursor: Any, table: Table, there: dict[str, str]) -> None:
    for statement in _table_sql(table, there):
        cursor.execute(statement)
    cursor.execute(view_sql(table))
    cursor.execute("DELETE FROM boxout.declared WHERE tbl = ?", [table.name])
    cursor.execute(
        "INSERT INTO boxout.declared VALUES (?, ?, ?)",
        [table.name, table.scheme.column, _sql(table)],
    )


def _hide(cursor: Any, name: str) -> None:
    """Without a view, and as declared by no SQL, so that it is brought when it comes back."""
    cursor.execute(_no_view_sql(name))
    cursor.execute("UPDATE boxout.declared SET sql = '' WHERE tbl = ? AND sql <> ''", [name])


def _sql(table: Table) -> str:
    return ";\n".join([*_table_sql(table, {}), view_sql(table)])


def _table_sql(table: Table, there: dict[str, str]) -> list[str]:
    columns = [
        (column.name, f"{quoted(column.name)} {TYPES[column.dtype]}") for column in table.columns
    ]
    if not there:
        typed = ", ".join(text for _, text in columns)
        return [f"CREATE TABLE {versions_sql(table)} ({typed}, _version BIGINT)"]
    return [
        f"ALTER TABLE {versions_sql(table)} ADD COLUMN {text}"
        for name, text in columns
        if name not in there
    ]


def _no_view_sql(name: str) -> str:
    return f"DROP VIEW IF EXISTS {quoted(name)}"


def view_sql(table: Table, view: str = "") -> str:
    """The public view of a table; under another name when it is only looked at."""
    name = table.name.replace("'", "''")
    return (
        f"CREATE OR REPLACE {view or f'VIEW {quoted(table.name)}'} AS SELECT {columns_sql(table, 'r.')} "
        f"FROM {versions_sql(table)} r JOIN boxout.pointers p ON p.version = r._version "
        f"AND p.part = r.{quoted(table.scheme.column)} AND p.tbl = '{name}' AND p.until IS NULL"
    )


def deployed(connection: Any) -> dict[str, Any]:
    """The tables that a warehouse has: what they are cut by, and their columns with their types.

    In the words of a snapshot of declarations. A type that no declaration has stays as it is told.
    """
    dtypes = {of_store: dtype for dtype, of_store in TYPES.items()}
    cut_by = dict(connection.execute(_CUT_BY).fetchall())
    tables: dict[str, Any] = {
        name: {"partition": column, "columns": {}} for name, column in cut_by.items()
    }
    for table, column, found in connection.execute(_ALL_COLUMNS).fetchall():
        if table in tables:
            tables[table]["columns"][column] = {"type": dtypes.get(found, found)}
    return {"tables": tables}
