"""The warehouse of a running service, for another process on this machine."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from pathlib import Path
from threading import Lock, local
from typing import Any

from boxout.errors import StoreUnavailable
from boxout.model import Table
from boxout.relay.place import Door
from boxout.relay.wire import receive, send


class RemoteWarehouse:
    """Every method of the warehouse, done by the process that holds it.

    Each thread has a connection of its own: what it stages is its own there too.
    """

    dialect = "duckdb"
    staging_dialect = "duckdb"

    def __init__(self, door: Door, tables: Mapping[str, Table], code: str) -> None:
        self._door, self._tables, self._code = door, tables, code
        self._mine = local()
        self._all: list[Connection[Any, Any]] = []
        self._lock = Lock()
        self._connected()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *given, **named: self.call(name, *given, **named)

    def call(self, name: str, *given: Any, **named: Any) -> Any:
        """Have one method done, and give its answer or raise its error."""
        connection = self._connected()
        try:
            send(connection, (name, [_whole(one) for one in given], named))
            is_done, answer = receive(connection, self._tables)
        except (EOFError, OSError) as error:
            self._mine.connection = None
            raise StoreUnavailable(
                f"The service (process {self._door.pid}) went away in the middle. What was not"
                " published stays invisible; run it again."
            ) from error
        except BaseException:
            # An answer nobody waited for would be taken for that of the next call.
            self._mine.connection = None
            connection.close()
            raise
        if not is_done:
            raise answer
        return answer

    def close(self) -> None:
        """Say goodbye on every thread's connection."""
        with self._lock:
            for one in self._all:
                with suppress(OSError):
                    one.close()
            self._all.clear()
            self._mine = local()

    def _connected(self) -> "Connection[Any, Any]":
        known: Connection[Any, Any] | None = getattr(self._mine, "connection", None)
        if known is not None:
            return known
        try:
            made: Any = Client(
                ("127.0.0.1", self._door.port), authkey=bytes.fromhex(self._door.key)
            )
            send(made, self._code)
            is_same = receive(made, self._tables)
        except (OSError, EOFError, AuthenticationError, ValueError) as error:
            raise StoreUnavailable(
                f"The service that holds the warehouse (process {self._door.pid}) does not answer:"
                f" {error or type(error).__name__}. Nothing was read or written."
            ) from error
        if not is_same:
            made.close()
            raise StoreUnavailable(
                f"The service that holds the warehouse (process {self._door.pid}) runs other code"
                " than this command. Nothing was read or written. Next: start it again."
            )
        with self._lock:
            self._all.append(made)
        self._mine.connection = made
        return made


class RemoteReading:
    """What a person asks in SQL, answered there: as restricted as a connection of his own."""

    def __init__(self, warehouse: RemoteWarehouse, at: int | None) -> None:
        self.warehouse, self._at = warehouse, at
        self.description: list[tuple[str, ...]] | None = None
        self._rows: list[tuple[Any, ...]] = []

    def execute(self, sql: str) -> "RemoteReading":
        """Run one statement that reads."""
        names, self._rows = self.warehouse.call("ask", sql, self._at)
        self.description = [(name,) for name in names]
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The rows of the answer."""
        return self._rows

    def interrupt(self) -> None:
        """Give up: the other end stops when it sees that nobody waits any more."""
        self.warehouse.close()

    def close(self) -> None:
        """Let go of the other end."""
        self.warehouse.close()


def _whole(one: Any) -> Any:
    """A path means the same in another folder."""
    return one.absolute() if isinstance(one, Path) else one
