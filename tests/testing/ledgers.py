"""The ledgers that a seed can be played on, each emptied before every schedule."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from boxout.ledger import Ledger, MemoryLedger, SqliteLedger
from boxout.ledger.port import Clock
from boxout.ledger.postgres import PostgresStore
from boxout.ledger.revisions import bring_forward
from ledger.postgres import emptied, serving

Opened = Callable[[Clock], Ledger]


@contextmanager
def in_memory() -> Iterator[Opened]:
    """The double."""
    yield MemoryLedger


@contextmanager
def in_sqlite() -> Iterator[Opened]:
    """A file of its own for each schedule."""
    with TemporaryDirectory() as folder:
        count = iter(range(1_000_000))

        def opened(clock: Clock) -> Ledger:
            return SqliteLedger.open(Path(folder) / f"{next(count)}.db", clock=clock)

        yield opened


@contextmanager
def in_postgres() -> Iterator[Opened]:
    """One database on a server of its own."""
    with serving() as server:
        store = PostgresStore(server.get_uri(), wait_s=30)
        bring_forward(store)

        def opened(clock: Clock) -> Ledger:
            emptied(server.get_uri())
            return SqliteLedger(store, clock)

        yield opened
        store.close()


LEDGERS = {"memory": in_memory, "sqlite": in_sqlite, "postgres": in_postgres}
