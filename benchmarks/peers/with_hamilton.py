"""Hamilton: one function for each table, whose parameters are the tables that it reads."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from hamilton import driver
from work import Work

KEEPS = "nothing"


def _built(name: str, work: Work, connection: Any, dates: tuple) -> str:
    work.build(connection, name, *dates)
    for check in work.checks_of(name):
        work.check(connection, check, *dates)
    return name


def team_offense_game_summary(work: Work, connection: Any, dates: tuple) -> str:
    return _built("team_offense_game_summary", work, connection, dates)


# What a function needs is said by its parameters, whether it looks at them or not.
def team_defense_game_summary(
    team_offense_game_summary: str,  # noqa: ARG001
    work: Work,
    connection: Any,
    dates: tuple,
) -> str:
    return _built("team_defense_game_summary", work, connection, dates)


def player_game_summary(
    team_offense_game_summary: str,  # noqa: ARG001
    work: Work,
    connection: Any,
    dates: tuple,
) -> str:
    return _built("player_game_summary", work, connection, dates)


def set_up(work: Work) -> None:
    """The sources."""
    work.load()


@contextmanager
def opened(work: Work) -> Generator[Callable[[str, str], None], None, None]:
    """Executes all functions for the dates from first to last."""
    with work.connect() as connection:
        built = driver.Builder().with_modules(sys.modules[__name__]).build()

        def go(first: str, last: str) -> None:
            given = {"work": work, "connection": connection, "dates": (first, last)}
            built.execute(list(work.told["tables"]), inputs=given)

        yield go
