"""Files into a staging table of this connection, and the rows that are set aside."""

from pathlib import Path
from typing import Any

from boxout.errors import Withheld
from boxout.model import Table

QUARANTINE = (
    "CREATE TABLE IF NOT EXISTS boxout.quarantine "
    "(tbl VARCHAR, file VARCHAR, line BIGINT, reason VARCHAR, original JSON)"
)


def reading(path: Path) -> str:
    """The table function that reads this kind of file, with its path as parameter $path."""
    if path.suffix == ".parquet":
        return "read_parquet($path)"
    return "read_csv($path, all_varchar = true, header = true)"


def file_columns(cursor: Any, path: Path) -> list[str]:
    """The columns of a file; Withheld when it cannot be read."""
    try:
        rows = cursor.execute(f"DESCRIBE FROM {reading(path)}", {"path": str(path)}).fetchall()
    except Exception as error:
        raise Withheld(
            f"{path}: cannot be read as {path.suffix or 'a file'}: {error}. Nothing was landed."
        ) from error
    return [row[0] for row in rows]


def stage(cursor: Any, columns: str, path: Path, typed: str) -> None:
    """The file's rows, typed, in the temporary table `staged`; the original rows in `raw`."""
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE raw AS SELECT {columns}, row_number() OVER () AS _line FROM {reading(path)}",
        {"path": str(path)},
    )
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE staged AS {typed}")


def set_aside(cursor: Any, table: Table, file: str, judged: str) -> dict[str, int]:
    """Quarantine what has a reason and remove it from `staged`."""
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE rejected AS SELECT * FROM ({judged}) WHERE _reason IS NOT NULL"
    )
    cursor.execute(
        "INSERT INTO boxout.quarantine SELECT $tbl, $file, r._line, x._reason, to_json(r) "
        "FROM raw r JOIN rejected x USING (_line)",
        {"tbl": table.name, "file": file},
    )
    cursor.execute("DELETE FROM staged WHERE _line IN (SELECT _line FROM rejected)")
    return dict(cursor.execute("SELECT _reason, count(*) FROM rejected GROUP BY 1").fetchall())
