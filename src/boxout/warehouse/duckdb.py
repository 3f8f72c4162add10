"""The rows, in a DuckDB file: versions that are only appended, and views over a pointer table."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boxout.deferred import deferred
from boxout.errors import StoreUnavailable
from boxout.model import Table
from boxout.warehouse import landing
from boxout.warehouse.port import Pins

if TYPE_CHECKING:
    import duckdb
else:
    duckdb = deferred("duckdb")

_TYPES = {
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
"""


class DuckdbWarehouse:
    """A warehouse in one DuckDB file; each thread works on its own cursor."""

    dialect = "duckdb"

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    @classmethod
    def open(cls, path: Path | str, tables: Iterable[Table]) -> "DuckdbWarehouse":
        """Open or create the file; StoreUnavailable when another process holds it."""
        try:
            connection = duckdb.connect(str(path))
        except duckdb.Error as error:
            raise StoreUnavailable(_unavailable(path, str(error))) from error
        connection.execute(_SET_UP)
        connection.execute(landing.QUARANTINE)
        for table in tables:
            connection.execute(_table_sql(table))
            connection.execute(_view_sql(table))
        return cls(connection)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def append(
        self, table: Table, version: int, sql: str, shaped: Mapping[str, str], pins: Pins
    ) -> None:
        """Append what the SQL selects over exactly the pinned rows, as one version."""
        bound, parameters = _bind(pins)
        named = [*bound, *(f'"{name}" AS ({text})' for name, text in shaped.items())]
        columns = ", ".join(f'"{name}"' for name in table.column_names)
        text = (
            f"WITH {', '.join(named)}, computed AS ({sql}) "
            if named
            else f"WITH computed AS ({sql}) "
        )
        insert = f'INSERT INTO versions."{table.name}" ({columns}, _version) '
        self._execute(
            insert + text + f"SELECT {columns}, $version FROM computed",
            {**parameters, "version": version},
        )

    def audit(self, sql: str, bound: Mapping[str, tuple[Table, int]]) -> list[dict[str, Any]]:
        """The rows of a query over whole versions, with `_content` as the hash of each row."""
        parts = []
        for name, (table, _) in bound.items():
            columns = ", ".join(f'"{column}"' for column in table.column_names)
            parts.append(
                f'"{name}" AS (SELECT {columns}, hash({columns}) AS _content '
                f'FROM versions."{table.name}" WHERE _version = ${name}_version)'
            )
        numbers = {f"{name}_version": version for name, (_, version) in bound.items()}
        return self.query(f"WITH {', '.join(parts)}, asked AS ({sql}) FROM asked", numbers)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a query, each as column name to value."""
        cursor = self._execute(sql, parameters or {})
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def projected(self) -> int:
        """The publication that the public views show."""
        return int(self.query("FROM boxout.projected")[0]["publication"])

    def project(self, moves: Sequence[tuple[str, str, int | None, int]], upto: int) -> None:
        """Move the pointers forward to `upto`, all in one transaction; never back."""
        cursor = self._connection.cursor()
        try:
            cursor.execute("BEGIN")
            behind = cursor.execute(
                "SELECT publication < ? FROM boxout.projected", [upto]
            ).fetchone()
            if behind and behind[0]:
                _move(cursor, moves, upto)
            cursor.execute("COMMIT")
        except duckdb.Error as error:
            raise StoreUnavailable(f"The public views could not be moved: {error}") from error

    def file_columns(self, path: Path) -> list[str]:
        """The columns of a CSV or Parquet file; Withheld when it cannot be read."""
        return landing.file_columns(self._connection, path)

    def stage(self, columns: str, path: Path, typed: str) -> None:
        """Read a file as text, `columns` chosen and named, through the SQL of a reader."""
        landing.stage(self._connection, columns, path, typed)

    def set_aside(self, table: Table, file: str, judged: str) -> dict[str, int]:
        """Move the staged rows that have a reason into quarantine; how many, by reason."""
        return landing.set_aside(self._connection, table, file, judged)

    def staged_partitions(self, column: str) -> list[str]:
        """The partitions of the staged rows."""
        rows = self._connection.execute(f'SELECT DISTINCT "{column}" FROM staged ORDER BY 1')
        return [row[0] for row in rows.fetchall()]

    def keep_staged(self, table: Table, version: int) -> None:
        """Append the staged rows as one version."""
        columns = ", ".join(f'"{name}"' for name in table.column_names)
        text = f'INSERT INTO versions."{table.name}" ({columns}, _version) SELECT {columns}, $version FROM staged'
        self._connection.execute(text, {"version": version})

    def _execute(self, sql: str, parameters: Mapping[str, Any]) -> Any:
        try:
            return self._connection.cursor().execute(sql, dict(parameters))
        except duckdb.IOException as error:
            raise StoreUnavailable(
                f"The warehouse could not be read or written: {error}"
            ) from error


def _move(cursor: Any, moves: Sequence[tuple[str, str, int | None, int]], upto: int) -> None:
    if moves:
        tables, partitions, versions, since = (list(part) for part in zip(*moves, strict=True))
        moved = {"t": tables, "p": partitions, "v": versions, "s": since}
        cursor.execute(
            "CREATE OR REPLACE TEMP TABLE moved AS SELECT unnest($t::VARCHAR[]) AS tbl, "
            "unnest($p::VARCHAR[]) AS part, unnest($v::BIGINT[]) AS version, unnest($s::BIGINT[]) AS since",
            moved,
        )
        cursor.execute(
            "UPDATE boxout.pointers p SET until = m.since FROM "
            "(SELECT tbl, part, min(since) AS since FROM moved GROUP BY ALL) m "
            "WHERE p.until IS NULL AND p.tbl = m.tbl AND p.part = m.part"
        )
        cursor.execute(
            "INSERT INTO boxout.pointers SELECT tbl, part, version, since, "
            "lead(since) OVER (PARTITION BY tbl, part ORDER BY since) FROM moved"
        )
    cursor.execute("UPDATE boxout.projected SET publication = ?", [upto])


def _bind(pins: Pins) -> tuple[list[str], dict[str, Any]]:
    bound: list[str] = []
    parameters: dict[str, Any] = {}
    for name, (table, pairs) in pins.items():
        columns = ", ".join(f'r."{column}"' for column in table.column_names)
        bound.append(
            f'"{name}" AS (SELECT {columns} FROM versions."{table.name}" r JOIN '
            f"(SELECT unnest(${name}_p::VARCHAR[]) AS part, unnest(${name}_v::BIGINT[]) AS version) p "
            f'ON r._version = p.version AND r."{table.scheme.column}" = p.part)'
        )
        parameters[f"{name}_p"] = [partition for partition, _ in pairs]
        parameters[f"{name}_v"] = [version for _, version in pairs]
    return bound, parameters


def _table_sql(table: Table) -> str:
    columns = ", ".join(f'"{c.name}" {_TYPES[c.dtype]}' for c in table.columns)
    return f'CREATE TABLE IF NOT EXISTS versions."{table.name}" ({columns}, _version BIGINT)'


def _view_sql(table: Table) -> str:
    columns = ", ".join(f'r."{column}"' for column in table.column_names)
    return (
        f'CREATE VIEW IF NOT EXISTS "{table.name}" AS SELECT {columns} '
        f'FROM versions."{table.name}" r JOIN boxout.pointers p ON p.version = r._version '
        f"AND p.part = r.\"{table.scheme.column}\" AND p.tbl = '{table.name}' AND p.until IS NULL"
    )


def _unavailable(path: Path | str, error: str) -> str:
    holder = re.search(r"PID (\d+)", error)
    if holder:
        return f"{path} is held by process {holder[1]}. Nothing was read or written; try again, or use --wait."
    return f"{path} cannot be opened as a DuckDB warehouse: {error.splitlines()[0]}"
