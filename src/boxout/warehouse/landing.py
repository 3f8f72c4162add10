"""Files into a staging table of this connection: temporary tables, nothing lasts."""

import csv
import gzip
import re
from pathlib import Path
from typing import Any, Final, NamedTuple

from boxout.deferred import deferred
from boxout.errors import DefinitionError, StoreUnavailable, Withheld

duckdb = deferred("duckdb")

_HEADER_MAX: Final = 100_000
"""Characters that the first line of a CSV file may have."""

_DELIMITERS: Final = (",", ";", "\t", "|")
_CSV: Final = (
    "read_csv($path, auto_detect = false, header = true, delim = $delim, quote = '\"',"
    " escape = '\"', columns = $columns)"
)
_PARQUET: Final = "read_parquet($path)"


class _File(NamedTuple):
    """How a file is read: the table function, its parameters, and the lines above its first row."""

    sql: str
    parameters: dict[str, Any]
    lines_above: int
    columns: list[str]


def file_columns(cursor: Any, path: Path) -> list[str]:
    """The columns of a file; Withheld when it is not what its name says."""
    return _opened(cursor, path).columns


def stage(cursor: Any, columns: str, path: Path, typed: str, *, files: Any) -> None:
    """The file's rows, typed, in the temporary table `staged`; the original rows in `raw`.

    `files` is what can read files: the cursor itself, or a connection of another database.
    """
    file = _opened(files, path)
    numbered = f"row_number() OVER () + {file.lines_above} AS _line"
    text = f"SELECT {columns}, {numbered} FROM {file.sql}"
    try:
        if files is cursor:
            cursor.execute(f"CREATE OR REPLACE TEMP TABLE raw AS {text}", file.parameters)
        else:
            _bring_over(cursor, files.sql(text, params=file.parameters).to_arrow_table())
    except duckdb.Error as error:
        raise _unread(path, error) from error
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE staged AS {typed}")


def came(cursor: Any, rows_max: int) -> dict[str, list[str | None]]:
    """The texts of the file that was staged last, by column: of so many rows, evenly spread."""
    rows = cursor.execute("SELECT count(*) FROM raw").fetchone()[0]
    given = {"step": -(-rows // rows_max) or 1}
    found = cursor.execute("SELECT * EXCLUDE (_line) FROM raw WHERE _line % $step = 0", given)
    names = [one[0] for one in found.description]
    texts = found.fetchall()
    return {name: [row[at] for row in texts] for at, name in enumerate(names)}


def _bring_over(cursor: Any, rows: Any) -> None:
    cursor.register("_came", rows)
    try:
        cursor.execute("CREATE OR REPLACE TEMP TABLE raw AS FROM _came")
    finally:
        cursor.unregister("_came")


def _opened(cursor: Any, path: Path) -> _File:
    try:
        return _parquet(cursor, path) if path.suffix.lower() == ".parquet" else _csv(path)
    except duckdb.Error as error:
        raise _unread(path, error) from error
    except UnicodeDecodeError as error:
        raise refused(path, "it is not text in UTF-8") from error
    except csv.Error as error:
        raise refused(path, f"its first line is no header of a CSV file: {error}") from error
    except OSError as error:
        raise DefinitionError(
            f"{path}: cannot be read: {error.strerror or error}. Nothing was landed."
        ) from error


def _parquet(cursor: Any, path: Path) -> _File:
    parameters = {"path": _no_pattern(path)}
    rows = cursor.execute(f"DESCRIBE FROM {_PARQUET}", parameters).fetchall()
    return _File(_PARQUET, parameters, 0, [row[0] for row in rows])


def _csv(path: Path) -> _File:
    """The header is read here: DuckDB would look for a line that suits the rows below it."""
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        first = file.readline(_HEADER_MAX)
        delimiter = max(_DELIMITERS, key=first.count)
        file.seek(0)
        names = next(csv.reader(file, delimiter=delimiter, strict=True), [])
    names = [name.strip() or f"column {at}" for at, name in enumerate(names, start=1)]
    lower = [name.lower() for name in names]
    twice = sorted({name for name in lower if lower.count(name) > 1})
    if not names:
        raise refused(path, "it is empty; a header and rows expected")
    if twice:
        raise refused(path, f"columns are there twice: {', '.join(twice)}")
    parameters = {
        "path": _no_pattern(path),
        "delim": delimiter,
        "columns": dict.fromkeys(names, "VARCHAR"),
    }
    return _File(_CSV, parameters, 1, names)


def _no_pattern(path: Path) -> str:
    """The path such that DuckDB reads this very file, also when its name looks like a pattern."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def refused(path: Path, why: str) -> Withheld:
    """The refusal of a whole file."""
    return Withheld(
        f"{path}: refused whole, {why}. Nothing was landed; readers still see what they saw."
    )


def _unread(path: Path, error: Exception) -> Exception:
    said = str(error)
    is_of_the_store = isinstance(error, duckdb.OperationalError | duckdb.FatalException)
    if is_of_the_store and path.name not in said:
        return StoreUnavailable(f"{path}: could not be staged: {said.splitlines()[0]}")
    line = re.search(r"on Line: (\d+)", said)
    count = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", said)
    where = f"line {line[1]}: " if line else ""
    if count:
        return refused(path, f"{where}{count[2]} columns found, {count[1]} needed")
    if "not utf-8" in said:
        return refused(path, f"{where}not text in UTF-8")
    told = re.split(r"\n\s*(?:Possible|LINE)", said)[0].strip().splitlines()
    kind = path.suffix.removeprefix(".") or "csv"
    return refused(path, f"{where}it cannot be read as {kind}: {told[-1] if told else said}")
