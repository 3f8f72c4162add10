"""Opening the file of a warehouse: made whole, waited for, and refused with who holds it."""

import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any, TypeVar

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.model import Rows, Table
from boxout.warehouse import DuckdbWarehouse

T = TypeVar("T")


def make_warehouse(path: Path) -> None:
    """An empty warehouse, there as a whole or not at all.

    DuckDB cannot open a file that it could not finish. Made elsewhere first, a crash or a full
    disk leaves nothing in the way. Should two processes make it at once, the first one's stays.
    """
    try:
        with TemporaryDirectory(prefix=".making-", dir=path.parent) as folder:
            part = Path(folder) / path.name
            DuckdbWarehouse.open(part, ()).close()
            _put(part, path)
    except (OSError, StoreUnavailable) as error:
        told = str(error).splitlines()[0]
        raise StoreUnavailable(f"{path} cannot be made: {told}. Nothing was written.") from error


def _put(part: Path, path: Path) -> None:
    try:
        path.hardlink_to(part)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        part.rename(path)


def is_held(error: StoreUnavailable) -> bool:
    """Whether the file could not be opened because another process has it open."""
    return "lock" in str(error.__cause__)


def when_free(connect: Callable[[], T], wait_s_max: float) -> T:
    """What `connect` gives, tried again for so long while another process holds the file."""
    end = monotonic() + wait_s_max
    while True:
        try:
            return connect()
        except StoreUnavailable as error:
            if not is_held(error) or monotonic() >= end:
                raise
            sleep(0.1)


def unreadable(path: Path, error: str) -> str:
    """Why a file could not be opened for reading, in words."""
    if "different configuration" in error:
        return f"{path} is open for writing in this very process. Close it, then read."
    holder = re.search(r"PID (\d+)", error)
    if holder:
        return (
            f"{path} is held by process {holder[1]}, which may be writing. Nothing was read;"
            " try again, or use --wait SECONDS."
        )
    return f"{path} cannot be opened as a DuckDB warehouse: {error.splitlines()[0]}"


def as_it_was(connection: Any, table: Table, at: int) -> Rows:
    """The rows of a table as a publication left them; DefinitionError when they are not there."""
    _known_publication(connection, at)
    _kept(connection, table.name, at)
    rows = connection.table(table.name, database="versions")
    pointers = connection.table("pointers", database="boxout")
    then = pointers.filter(
        (pointers.tbl == table.name)
        & (pointers.since <= at)
        & (pointers.until.isnull() | (pointers.until > at))
    )
    matches = (rows["_version"] == then.version) & (rows[table.scheme.column] == then.part)
    return rows.semi_join(then, matches).select(*table.column_names)


def _known_publication(connection: Any, at: int) -> None:
    head = int(connection.table("projected", database="boxout").to_pyarrow()[0][0].as_py())
    # A number of any kind will do, of NumPy too; True is none.
    if not str(at).isdecimal() or not 1 <= int(at) <= head:
        there = f"there are publications 1 to {head}" if head else "nothing was published yet"
        raise DefinitionError(f"at={at!r}: no such publication; {there}. Nothing was read.")


def _kept(connection: Any, name: str, at: int) -> None:
    dropped = connection.table("dropped", database="boxout")
    mine = dropped.filter(dropped.tbl == name).to_pyarrow().to_pylist()
    if any(at < row["before"] for row in mine):
        raise DefinitionError(f"{name}: publication {at} is not kept any more. Nothing was read.")
