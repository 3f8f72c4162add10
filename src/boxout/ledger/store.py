"""The file under the ledger: its connections, its transactions, and how it fails."""

import json
import sqlite3
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Protocol

from boxout.deferred import deferred
from boxout.errors import StoreUnavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

# `boxout --help` needs no ledger; SQLAlchemy takes a fifth of a second to import.
sqlalchemy = deferred("sqlalchemy")
exc = deferred("sqlalchemy.exc")

_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table'"
_WAL: Final = "PRAGMA journal_mode = WAL"
_WAL_TRIES_MAX: Final = 100
# The log is written in order: whoever waits for the disk waits for all that was written before.
_LASTS: Final = "PRAGMA synchronous = FULL"
_RESTS: Final = "PRAGMA synchronous = NORMAL"
_PRAGMAS: Final = (
    _LASTS,
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
)

_BROKEN: Final = "is damaged; restore it from a backup, and keep this file for a look"
_WHAT_NOW: Final = {
    "SQLITE_BUSY": "is locked: another process has been writing all the while; try again",
    "SQLITE_LOCKED": "is locked: another process has been writing all the while; try again",
    "SQLITE_NOTADB": "is not a ledger: it is not even a SQLite file; name another file",
    "SQLITE_FULL": "has no room left on its disk; free some and try again",
    "SQLITE_READONLY": "cannot be written to; see the rights of the file and of its folder",
    "SQLITE_PERM": "cannot be written to; see the rights of the file and of its folder",
    "SQLITE_CANTOPEN": "cannot be opened; see that its folder is there and may be written to",
    "SQLITE_IOERR": "cannot be read or written; see whether its disk is well, and try again",
    "SQLITE_CORRUPT": _BROKEN,
}


def rows_of(c: Any, text: str, values: Any = ()) -> list[tuple[Any, ...]]:
    """The driver's own tuples: a hundred thousand rows are not wrapped one by one."""
    cursor: Any = c.exec_driver_sql(text, values).cursor
    return cursor.fetchall()


def run_each(c: Any, text: str, values: Sequence[tuple[Any, ...]]) -> None:
    """A statement for each of them; nothing for none."""
    if values:
        c.exec_driver_sql(text, list(values))


def listed(numbers: Collection[int]) -> str:
    """Numbers as one JSON array, so that any count of them is one statement."""
    return json.dumps(sorted(set(numbers)))


class Base(Protocol):
    """What a ledger stands on: transactions on connections that are given SQLite's statements.

    One that writes waits for the disk, unless it is resting on the next one that does: a power cut may
    undo it, together with everything that was written after it, and never without. The end of a
    process undoes neither.
    """

    path: Path | str

    def close(self) -> None:
        """Let go of file or connections."""
        ...

    def reading(self) -> AbstractContextManager[Any]:
        """A transaction that sees one state and waits for nobody."""
        ...

    def writing(self, *, is_resting: bool = False) -> AbstractContextManager[Any]:
        """A transaction that is alone in writing; an error or a crash inside undoes all of it."""
        ...

    def adding(self, *, is_resting: bool = False) -> AbstractContextManager[Any]:
        """A transaction on rows that nobody else writes."""
        ...

    def tables(self, c: Any) -> list[str]:
        """The tables that are there."""
        ...

    def bring(self, c: Any, upgrade: Callable[[Any], None]) -> None:
        """Run the steps of the schema inside this transaction."""
        ...


class Store:
    """One SQLite file; a connection per thread at a time, drawn from a pool."""

    def __init__(self, path: Path | str, wait_s: float) -> None:
        self.path = path
        self.engine: Engine = sqlalchemy.create_engine(
            sqlalchemy.URL.create("sqlite", database=str(path)),
            connect_args={"timeout": wait_s, "isolation_level": None},
            max_overflow=-1,
        )
        sqlalchemy.event.listen(self.engine, "connect", _on_connect)
        self._writing = Lock()

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> "Generator[Connection, None, None]":
        """A transaction that sees one state of the file and waits for nobody."""
        with self._told(), self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection

    @contextmanager
    def writing(self, *, is_resting: bool = False) -> "Generator[Connection, None, None]":
        """A transaction that is alone in writing; an error or a crash inside undoes all of it.

        Threads wait for each other here: SQLite would let them sleep, and longer each time.
        """
        with self._told(), self._writing, self.engine.connect() as connection:
            connection.exec_driver_sql(_RESTS if is_resting else _LASTS)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    def adding(self, *, is_resting: bool = False) -> "AbstractContextManager[Connection]":
        """The same: a file has one writer at a time."""
        return self.writing(is_resting=is_resting)

    def tables(self, c: "Connection") -> list[str]:
        """The tables of the file."""
        return sorted(name for (name,) in c.exec_driver_sql(_TABLES))

    def bring(self, c: "Connection", upgrade: Callable[[Any], None]) -> None:
        """Run the steps of the schema inside this transaction."""
        upgrade(c)

    @contextmanager
    def _told(self) -> Generator[None, None, None]:
        try:
            yield
        except (sqlite3.Error, exc.DBAPIError) as error:
            message = self._message(getattr(error, "orig", error))
            if message is None:
                raise
            raise StoreUnavailable(message) from error

    def _message(self, error: object) -> str | None:
        name = getattr(error, "sqlite_errorname", "")
        for known, what_now in _WHAT_NOW.items():
            if name.startswith(known):
                return f"The ledger {self.path} {what_now}. ({error}; nothing was written.)"
        return None


def _on_connect(connection: Any, _: object) -> None:
    _write_ahead(connection)
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _write_ahead(connection: Any) -> None:
    """Turn the file to WAL; two processes that make a ledger at once may both be at it.

    SQLite does not wait there but refuses the second one. A transaction does wait for the first.
    """
    for tries_left in reversed(range(_WAL_TRIES_MAX)):
        try:
            connection.execute(_WAL)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or not tries_left:
                raise
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        else:
            return
