"""Prefect: a flow of one task for each table and check, with the server that it starts itself."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from work import Work

KEEPS = "per run: states of the flow and its tasks"


def set_up(work: Work) -> None:
    """The sources; its own database is made with the first run."""
    work.load()


@contextmanager
def opened(work: Work) -> Generator[Callable[[str, str], None], None, None]:
    """Starts the server, then runs the flow for the dates from first to last."""
    os.environ.update(
        PREFECT_HOME=str(work.folder / "prefect"),
        PREFECT_SERVER_ANALYTICS_ENABLED="false",
        PREFECT_LOGGING_LEVEL="WARNING",
        # On a busy machine its server needs longer than it is given.
        PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="300",
        DO_NOT_TRACK="1",
    )
    flow, is_there = _flow(work)
    is_there()
    # Its tasks open the database for themselves; held open here, that costs little.
    with work.connect():
        yield flow


def _flow(work: Work) -> tuple[Any, Any]:
    from prefect import flow, task  # noqa: PLC0415  # it reads its settings when it is imported

    @task
    def build(name: str, first: str, last: str) -> None:
        with work.connect() as connection:
            work.build(connection, name, first, last)

    @task
    def check(name: str, first: str, last: str) -> None:
        with work.connect() as connection:
            work.check(connection, name, first, last)

    @flow
    def games(first: str, last: str) -> None:
        for name in work.told["tables"]:
            build(name, first, last)
            for one in work.checks_of(name):
                check(one, first, last)

    @flow
    def is_there() -> None:
        """Whatever comes first starts the server."""

    return games, is_there
