"""A file on its way in: read, typed and judged on this machine, before anything is sent.

Readers are Ibis expressions; here they run in DuckDB, in memory. What they look up is brought
from the warehouse first, of each table the columns that they name.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from boxout.deferred import deferred
from boxout.model import Table
from boxout.warehouse import fetch, landing, quarantine
from boxout.warehouse.port import Row
from boxout.warehouse.schema import columns_sql, quoted

duckdb = deferred("duckdb")
sqlglot = deferred("sqlglot")

DIALECT: Final = "duckdb"

_RAW: Final = """
CREATE OR REPLACE TEMP TABLE raw AS
SELECT unnest(from_json(original, $shape)), line AS _line FROM _came
"""
# A row without a line was public already when the others were read again: it is not judged.
_REJECTED: Final = """
CREATE OR REPLACE TEMP TABLE rejected AS
SELECT x.*, $file AS _file, to_json(r)::VARCHAR AS _original FROM ({judged}) x
JOIN raw r USING (_line) WHERE _reason IS NOT NULL
"""
_COUNTED: Final = "SELECT _reason, count(*) FROM rejected GROUP BY 1"
_ASIDE: Final = """
SELECT _file AS file, _line AS line, _reason AS reason, _original AS original,
  _partition::VARCHAR AS part, _value::VARCHAR AS value, _groups::VARCHAR AS "groups" FROM rejected
"""
_JUDGED: Final = "DELETE FROM staged WHERE _line IN (SELECT _line FROM rejected)"


class Staging:
    """What one thread lands: temporary tables of a database of its own."""

    def __init__(
        self, bring: Callable[[str, Sequence[str]], Any], tables: Mapping[str, Table]
    ) -> None:
        self._bring, self._tables = bring, tables
        self._cursor = duckdb.connect(":memory:")
        self.came: str | None = None

    def close(self) -> None:
        """Let go of what is staged."""
        self._cursor.close()

    def file_columns(self, path: Path) -> list[str]:
        """The columns of a file."""
        return landing.file_columns(self._cursor, path)

    def stage(self, columns: str, path: Path, typed: str) -> None:
        """The file's rows, typed, as `staged`; as they were in `raw`."""
        self._look_up(typed)
        quarantine.forget_latest(self._cursor)
        landing.stage(self._cursor, columns, path, typed, files=self._cursor)

    def stage_again(self, kept: Iterable[Row], columns: Sequence[str], typed: str) -> None:
        """Rows that were set aside, typed anew."""
        self._look_up(typed)
        quarantine.forget_latest(self._cursor)
        rows = list(kept)
        self._put("_came", {name: [one[name] for one in rows] for name in ("original", "line")})
        shape = json.dumps(dict.fromkeys(columns, "VARCHAR"))
        self._cursor.execute(_RAW, {"shape": shape})
        self._cursor.execute(f"CREATE OR REPLACE TEMP TABLE staged AS {typed}")

    def add(self, rows: Any) -> None:
        """Rows of an Arrow table beside what is staged, without a line."""
        self._cursor.register("_kept", rows)
        self._cursor.execute("INSERT INTO staged BY NAME FROM _kept")
        self._cursor.unregister("_kept")

    def texts(self, rows_max: int) -> dict[str, list[str | None]]:
        """The texts of the file that was staged last, by column."""
        return landing.came(self._cursor, rows_max)

    def set_aside(self, file: str, judged: str) -> dict[str, int]:
        """Take what has a reason out of `staged`; how many, by reason."""
        self._cursor.execute(_REJECTED.format(judged=judged), {"file": file})
        self._cursor.execute(_JUDGED)
        return dict(self._cursor.execute(_COUNTED).fetchall())

    def aside(self) -> Any:
        """What was set aside last, as an Arrow table."""
        return self._cursor.sql(_ASIDE).to_arrow_table()

    def latest(self, lines_max: int) -> list[Row]:
        """The same by reason and partition, with the first lines of each."""
        return fetch.exact_rows(quarantine.latest(self._cursor, lines_max))

    def unstage(self, column: str, partitions: Sequence[str]) -> None:
        """Take the rows of these partitions out of what is staged."""
        text = f"DELETE FROM staged WHERE list_contains($parts::VARCHAR[], {quoted(column)})"
        self._cursor.execute(text, {"parts": list(partitions)})

    def lines(self, column: str) -> dict[str | None, list[int]]:
        """The lines of the staged rows, by partition."""
        text = f"SELECT {quoted(column)}, list(_line ORDER BY _line) FROM staged"
        rows = self._cursor.execute(f"{text} WHERE _line IS NOT NULL GROUP BY 1 ORDER BY 1")
        return dict(rows.fetchall())

    def partitions(self, column: str) -> list[str]:
        """The partitions of the staged rows."""
        rows = self._cursor.execute(f"SELECT DISTINCT {quoted(column)} FROM staged ORDER BY 1")
        return [row[0] for row in rows.fetchall()]

    def rows(self, table: Table) -> Any:
        """The staged rows as an Arrow table of the declared columns."""
        return self._cursor.sql(f"SELECT {columns_sql(table)} FROM staged").to_arrow_table()

    def _look_up(self, typed: str) -> None:
        """Bring the public tables that the SQL of a reader names."""
        tree = sqlglot.parse_one(typed, read=DIALECT)
        named = {one.name for one in tree.find_all(sqlglot.exp.Table)} & self._tables.keys()
        columns = {one.name for one in tree.find_all(sqlglot.exp.Column)}
        for name in sorted(named):
            wanted = [one for one in self._tables[name].column_names if one in columns]
            self._cursor.register("_looked_up", self._bring(name, wanted))
            self._cursor.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS FROM _looked_up")
            self._cursor.unregister("_looked_up")

    def _put(self, name: str, columns: Mapping[str, list[Any]]) -> None:
        self._cursor.execute(
            f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS"
            " SELECT unnest($original::VARCHAR[]) AS original, unnest($line::BIGINT[]) AS line",
            columns,
        )
