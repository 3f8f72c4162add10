"""Ledgers on one server, an empty one for each project, and the ends of that server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random

from boxout.ledger import open_postgres
from chaos.processes import apart
from chaos.servers import ENDS, Server, serving, url_of

EMPTY = "empty"


@dataclass(slots=True)
class Ledgers:
    """A server and how often it ended."""

    server: Server
    ends: int = 0

    def empty(self, name: str) -> str:
        """The address of a new ledger."""
        self.server.ask(f"CREATE DATABASE {name} TEMPLATE {EMPTY} STRATEGY FILE_COPY")
        return url_of(self.server, database=name)

    def restart(self, rng: Random) -> None:
        """End the server in one of three ways, and start it again."""
        self.server.end(rng.choice(ENDS))
        self.server.start()
        self.ends += 1


@contextmanager
def on_server() -> Iterator[Ledgers]:
    """A server with an empty ledger to copy."""
    with serving() as server:
        server.ask(f"CREATE DATABASE {EMPTY}")
        apart(partial(_make, url_of(server, database=EMPTY)))
        yield Ledgers(server)


def _make(url: str) -> None:
    open_postgres(url).close()
