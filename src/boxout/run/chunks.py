"""How many partitions one attempt takes on."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeVar

from boxout.graph import Unit
from boxout.model import Calendar
from boxout.model.partitions import date_of
from boxout.run.engine import Policy

T = TypeVar("T")


def chunks(
    unit: Unit, partitions: Sequence[str], policy: Policy, calendar: Calendar
) -> list[list[str]]:
    """The partitions in order, cut so that one attempt stays small.

    A unit that looks back at its own tables goes by date: what it wrote before must be public
    before it is read. Windows of one attempt reach back to the same season, or as it is counted.
    """
    if looks_at_itself(unit):
        return _grouped(partitions, date_of)
    if not _is_windowed(unit):
        return _cut(partitions, policy.partitions_max)
    seasons = _grouped(partitions, calendar.since)
    dates = [_grouped(one, date_of) for one in seasons]
    cut = [part for one in dates for part in _cut(one, policy.windowed_dates_max)]
    return [[partition for date in part for partition in date] for part in cut]


def _grouped(partitions: Sequence[str], by: Callable[[str], str]) -> list[list[str]]:
    return [list(of) for _, of in groupby(sorted(partitions), by)]


def _cut(these: Sequence[T], size: int) -> list[list[T]]:
    return [list(these[at : at + size]) for at in range(0, len(these), size)]


def looks_at_itself(unit: Unit) -> bool:
    """Whether a window of the unit is one over a table of the unit."""
    own = {one.target.name for one in unit.processors}
    return any(
        given.window_days is not None and not own.isdisjoint(table.name for table in given.tables)
        for one in unit.processors
        for given in one.inputs.values()
    )


def _is_windowed(unit: Unit) -> bool:
    return any(
        given.window_days is not None for one in unit.processors for given in one.inputs.values()
    )
