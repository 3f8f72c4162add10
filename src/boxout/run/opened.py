"""Which reader lands a file; and files that one opens by itself, as a table like any other."""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from boxout.deferred import deferred
from boxout.errors import BoxoutError, DefinitionError, StoreUnavailable, Withheld
from boxout.graph.order import near
from boxout.model import Pipeline, Reader

polars = deferred("polars")


@contextmanager
def as_table(path: Path, reader: Reader) -> Generator[Path, None, None]:
    """The file itself, or a Parquet file of the rows that the reader finds in it, all as text.

    Its columns are those of any row, in the order they are first seen; its rows are in theirs.
    """
    if reader.opens is None:
        yield path
        return
    rows = _rows(path, reader)
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [row.get(name) for row in rows] for name in names}
    with TemporaryDirectory(prefix="boxout-") as folder:
        table = Path(folder) / "rows.parquet"
        schema = dict.fromkeys(names, polars.String)
        try:
            polars.DataFrame(columns, schema=schema).write_parquet(table)
        except OSError as error:
            raise StoreUnavailable(f"{path}: its rows could not be staged: {error}") from error
        yield table


def is_known(path: Path, reader: Reader) -> bool:
    """Whether the reader lands this file by what is in it; Withheld when that cannot be told."""
    return reader.knows is None or bool(_tried(path, reader.knows))


def find_readers(pipeline: Pipeline, path: Path, name: str) -> list[Reader]:
    """The reader of this name, or all that know the file by its name and by what is in it.

    Withheld when only its name is known. DefinitionError when no reader is there, or when two
    would land it into one table.
    """
    if name:
        return [_named(pipeline, name)]
    readers = pipeline.readers
    if not path.exists():
        raise DefinitionError(f"{path}: no such file. Nothing was landed.")
    named = [one for one in readers if any(map(path.match, one.file_patterns))]
    if not named:
        names = ", ".join(one.name for one in readers)
        raise DefinitionError(
            f"{path}: no reader knows this file name. Choose one with --reader: {names}."
            " Nothing was landed."
        )
    known = [one for one in named if is_known(path, one)]
    if not known:
        names = ", ".join(one.name for one in named)
        raise Withheld(
            f"{path}: refused whole, no reader knows what is in it. Nothing was landed; readers"
            f" still see what they saw. Choose one with --reader: {names}."
        )
    for one, other in combinations(known, 2):
        if one.table == other.table:
            raise DefinitionError(
                f"{path}: {one.name} and {other.name} would both land it into {one.table}. Choose"
                " one with --reader. Nothing was landed."
            )
    return known


def _named(pipeline: Pipeline, name: str) -> Reader:
    readers = {one.name: one for one in pipeline.readers}
    if name not in readers:
        slip = near(name, readers) or f"; there are {', '.join(readers)}"
        raise DefinitionError(f"--reader {name}: no such reader{slip}. Nothing was landed.")
    return readers[name]


def _rows(path: Path, reader: Reader) -> list[dict[str, str | None]]:
    opens = reader.opens

    def read(path: Path) -> list[dict[str, str | None]]:
        given: Iterable[Mapping[str, object]] = opens(path) if opens else ()
        return [{name: _text(value) for name, value in row.items()} for row in given]

    rows: list[dict[str, str | None]] = _tried(path, read)
    if not rows:
        raise _refused(path, f"reader {reader.name} finds no row in it")
    return rows


def _text(value: object) -> str | None:
    """A value as a CSV file would have it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    raise TypeError(f"{type(value).__name__} where one value is expected")


def _tried(path: Path, read: Any) -> Any:
    try:
        return read(path)
    except BoxoutError:
        raise
    except ImportError as error:
        raise DefinitionError(f"{path}: {error}. Nothing was landed.") from error
    except (MemoryError, FileNotFoundError, PermissionError) as error:
        raise DefinitionError(
            f"{path}: cannot be read: {error or 'out of memory'}. Nothing was landed."
        ) from error
    # A parser meets what anybody sent: whatever it stumbles over, the file is not landed.
    except Exception as error:
        raise _refused(path, _said(error)) from error


def _said(error: Exception) -> str:
    kind = "" if type(error) is ValueError else f"{type(error).__name__}: "
    return f"it cannot be read: {kind}{str(error).splitlines()[0] if str(error) else 'no detail'}"


def _refused(path: Path, why: str) -> Withheld:
    return Withheld(
        f"{path}: refused whole, {why}. Nothing was landed; readers still see what they saw."
    )
