"""A script: the SQL and the checks, one after the other, on one connection."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from work import Work

KEEPS = "nothing"


def set_up(work: Work) -> None:
    """The sources."""
    work.load()


def script(work: Work, connection: Any) -> Callable[[str, str], None]:
    """Computes and checks all tables for the dates from first to last."""

    def go(first: str, last: str) -> None:
        for name in work.told["tables"]:
            work.build(connection, name, first, last)
            for check in work.checks_of(name):
                work.check(connection, check, first, last)

    return go


@contextmanager
def opened(work: Work) -> Generator[Callable[[str, str], None], None, None]:
    """The script, with its connection open."""
    with work.connect() as connection:
        yield script(work, connection)
