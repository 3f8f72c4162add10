"""The ledger on a PostgreSQL server: the same statements, for many processes on many machines."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from boxout.deferred import deferred
from boxout.errors import StoreUnavailable
from boxout.ledger.port import Clock
from boxout.ledger.postgres_sql import given, translated
from boxout.ledger.postgres_url import parts, shown
from boxout.ledger.revisions import bring_forward
from boxout.ledger.served import BEGIN, look
from boxout.ledger.sqlite import SqliteLedger

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult

sqlalchemy = deferred("sqlalchemy")
exc = deferred("sqlalchemy.exc")

_READ: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_WRITE: Final = "BEGIN ISOLATION LEVEL READ COMMITTED"
_RESTS: Final = "SET LOCAL synchronous_commit = off"
_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
_NOW: Final = "SELECT clock_timestamp()"

# Publications come one after another; the turn ends with the transaction, or with its connection.
_TURN: Final = "SELECT pg_advisory_xact_lock(hashtext('boxout'), hashtext(current_schema()))"

# What SQLite gives every row by itself: the order in which rows came.
_ROWIDS: Final = (
    "ALTER TABLE check_count ADD COLUMN IF NOT EXISTS rowid BIGINT GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE finding ADD COLUMN IF NOT EXISTS rowid BIGINT GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE version_read ADD COLUMN IF NOT EXISTS rowid BIGINT GENERATED ALWAYS AS IDENTITY",
)
_GONE: Final = (
    "The ledger {where} cannot be used now: {error}. What was being written is undone, unless the"
    " connection broke at its very end; whoever asks again learns which, and nothing is done twice."
)


def open_postgres(url: str, *, clock: Clock | None = None, wait_s: float = 30) -> SqliteLedger:
    """Open the ledger in this database, or make it, and bring its schema forward.

    `url` is `postgresql://user@host/database`; the password comes from PGPASSWORD or a passfile.
    With several hosts, `postgresql://user@one,other/database`, it is the one that can be written to.
    Without a `clock` the server's is the ledger's time. StoreUnavailable when it does not answer.
    """
    store = PostgresStore(url, wait_s)
    try:
        bring_forward(store)
    except BaseException:
        store.close()
        raise
    return SqliteLedger(store, clock or store.now)


class Translating:
    """A connection that is given the statements of SQLite."""

    def __init__(self, plain: "Connection") -> None:
        self.plain = plain

    def exec_driver_sql(self, text: str, values: Any = None) -> "CursorResult[Any]":
        """Run one statement, once or for each of a list of values."""
        return self.plain.exec_driver_sql(translated(text), given(text, values))


class PostgresStore:
    """One database; a connection per thread at a time, drawn from a pool."""

    def __init__(self, url: str, wait_s: float) -> None:
        self.path: Path | str = shown(url)
        self.engine = sqlalchemy.create_engine(
            "postgresql+psycopg://",
            connect_args=parts(url, wait_s),
            isolation_level="AUTOCOMMIT",
            max_overflow=-1,
            pool_pre_ping=True,
        )
        sqlalchemy.event.listen(self.engine, "connect", lambda connection, _: look(connection))

    def close(self) -> None:
        """Let go of the connections."""
        self.engine.dispose()

    def now(self) -> Any:
        """The server's time, the same for every process."""
        with self._told(), self.engine.connect() as connection:
            return connection.exec_driver_sql(_NOW).scalar_one()

    def reading(self) -> AbstractContextManager[Any]:
        """A transaction that sees one state of the database and waits for nobody."""
        return self._transaction(_READ)

    def writing(self, *, is_resting: bool = False) -> AbstractContextManager[Any]:
        """A transaction that is alone in writing; an error or a crash inside undoes all of it."""
        return self._transaction(_WRITE, *((_RESTS,) if is_resting else ()), _TURN)

    def adding(self, *, is_resting: bool = False) -> AbstractContextManager[Any]:
        """A transaction on rows that nobody else writes: it waits for no other."""
        return self._transaction(_WRITE, *((_RESTS,) if is_resting else ()))

    @contextmanager
    def _transaction(self, *begin: str) -> Generator[Translating, None, None]:
        with self._told(), self.engine.connect() as connection:
            try:
                for statement in begin:
                    connection.exec_driver_sql(statement)
                yield Translating(connection)
            except BaseException:
                # A broken connection took its transaction with it.
                with suppress(exc.DBAPIError, exc.PendingRollbackError):
                    connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")

    def tables(self, c: Any) -> list[str]:
        """The tables of the database's schema."""
        return sorted(name for (name,) in c.exec_driver_sql(_TABLES))

    def bring(self, c: Any, upgrade: Any) -> None:
        """Run the steps of the schema on the plain connection."""
        upgrade(c.plain)
        for statement in (*_ROWIDS, *BEGIN):
            c.exec_driver_sql(statement)

    @contextmanager
    def _told(self) -> Generator[None, None, None]:
        try:
            yield
        except exc.DBAPIError as error:
            if not isinstance(error, exc.OperationalError | exc.InternalError):
                raise
            told = str(error.orig).strip().splitlines()[0]
            raise StoreUnavailable(_GONE.format(where=self.path, error=told)) from error
