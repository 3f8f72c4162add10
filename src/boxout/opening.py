"""Opening the file of a warehouse: made whole, waited for, and refused with who holds it."""

import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import TypeVar

from boxout.errors import StoreUnavailable
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
