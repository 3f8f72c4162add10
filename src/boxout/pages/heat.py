"""Dates by tables as strips of colour: one drawing per table, any number of dates wide."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import NamedTuple

from boxout.pages.words import LOOK_FIRST, many, worst

Days = Mapping[str, Mapping[str, Mapping[str, int]]]
"""By date and table, how many partitions are in which state."""


class Strip(NamedTuple):
    """One table over all dates: a drawing, and the same in words."""

    table: str
    svg: str
    said: str


class Month(NamedTuple):
    """A month and the share of the width that it takes, in percent."""

    name: str
    width: float


class Square(NamedTuple):
    """A date on a sheet: its state to look at first, and all of its states in words."""

    day: str
    number: int
    state: str
    said: str


class Sheet(NamedTuple):
    """A month by weeks that begin on Monday; None where no date of it is."""

    name: str
    weeks: tuple[tuple[Square | None, ...], ...]


def sheets(found: Days, days: Sequence[str]) -> list[Sheet]:
    """One sheet per month, each date in the state to look at first of all tables."""
    made: list[Sheet] = []
    for month in dict.fromkeys(day[:7] for day in days):
        mine = [day for day in days if day[:7] == month]
        before = date.fromisoformat(mine[0]).weekday()
        squares = [*[None] * before, *(_square(found, day) for day in mine)]
        squares += [None] * (-len(squares) % 7)
        weeks = tuple(tuple(squares[at : at + 7]) for at in range(0, len(squares), 7))
        made.append(Sheet(f"{date.fromisoformat(mine[0]):%B %Y}", weeks))
    return made


def _square(found: Days, day: str) -> Square:
    states: dict[str, int] = {}
    for of in found.get(day, {}).values():
        for state, number in of.items():
            states[state] = states.get(state, 0) + number
    said = ", ".join(f"{states[one]} {one}" for one in LOOK_FIRST if states.get(one))
    return Square(day, int(day[8:]), worst(states), said or "nothing")


def calendar(first: str, last: str) -> list[str]:
    """Every date of a range."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [str(begin + timedelta(nth)) for nth in range((end - begin).days + 1)]


def months(days: Sequence[str]) -> list[Month]:
    """The months of these dates."""
    counted: dict[str, int] = {}
    for one in days:
        counted[one[:7]] = counted.get(one[:7], 0) + 1
    return [
        Month(f"{date.fromisoformat(month + '-01'):%b}", 100 * count / len(days))
        for month, count in counted.items()
    ]


def strips(found: Days, tables: Iterable[str], days: Sequence[str]) -> list[Strip]:
    """One strip per table; a date is drawn in the state to look at first."""
    return [_strip(found, table, days) for table in tables]


def _strip(found: Days, table: str, days: Sequence[str]) -> Strip:
    states = [worst(dict(found.get(day, {}).get(table, {}))) for day in days]
    said = f"{table}: " + ", ".join(
        f"{many(count, 'date')} {state}" for state in LOOK_FIRST if (count := states.count(state))
    )
    paths = "".join(_path(state, states) for state in LOOK_FIRST if state in states)
    box = f'viewBox="0 0 {len(days)} 1" preserveAspectRatio="none"'
    return Strip(table, f'<svg {box} role="img" aria-label="{escape(said)}">{paths}</svg>', said)


def _path(state: str, states: Sequence[str]) -> str:
    """All dates in one state: a run of them is one rectangle."""
    parts: list[str] = []
    begin: int | None = None
    for nth, one in enumerate([*states, ""]):
        if one == state and begin is None:
            begin = nth
        elif one != state and begin is not None:
            parts.append(f"M{begin} 0h{nth - begin}v1h-{nth - begin}z")
            begin = None
    return f'<path class="is-{state.replace(" ", "-")}" d="{"".join(parts)}"/>'
