"""What goes over the wire: calls and their answers, with tables by their names.

Both ends have the same pipeline, which the greeting compares. Nothing is read from anybody who has
not shown the key: the connection is authenticated before the first word.
"""

import io
import pickle
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

from boxout.errors import StoreUnavailable
from boxout.model import Table


class _Writer(pickle.Pickler):
    def persistent_id(self, obj: Any) -> str | None:
        """A table holds functions, which do not travel; its name does."""
        return obj.name if isinstance(obj, Table) else None


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, tables: Mapping[str, Table]) -> None:
        super().__init__(file)
        self.tables = tables

    def persistent_load(self, pid: Any) -> Table:
        """The table of this name here."""
        return self.tables[pid]


def send(connection: "Connection[Any, Any]", what: object) -> None:
    """Write one value."""
    text = io.BytesIO()
    _Writer(text, pickle.HIGHEST_PROTOCOL).dump(what)
    connection.send_bytes(text.getvalue())


def receive(connection: "Connection[Any, Any]", tables: Mapping[str, Table]) -> Any:
    """Read one value; EOFError when the other end is gone."""
    return _Reader(io.BytesIO(connection.recv_bytes()), tables).load()


def sendable(error: BaseException) -> BaseException:
    """The error itself, or one that says the same when it cannot travel."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - whatever hinders it
        return StoreUnavailable(f"{type(error).__name__}: {error}")
    return error
