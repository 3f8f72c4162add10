"""Which work the waiting messages ask for: one run for each date, one landing for each file."""

from collections.abc import Collection, Iterable
from itertools import groupby
from typing import NamedTuple

from boxout.ledger import Received

ALL_DATES = ("0000-00-00", "9999-99-99")


class Job(NamedTuple):
    """One unit of work, and the messages that it answers.

    It holds the dates first..last while it is done. `selected` are selectors, empty for all
    tables; with `object` that file is landed, and what it holds is computed after. `trace` is the
    traceparent of the oldest message that came with one.
    """

    numbers: tuple[int, ...]
    first: str
    last: str
    selected: frozenset[str] = frozenset()
    object: str = ""
    promised: str = ""
    trace: str = ""

    def is_beside(self, other: "Job") -> bool:
        """Whether both can be done at the same time: no date of one is one of the other's."""
        if self.object or other.object:
            return not (self.object and other.object)
        return self.last < other.first or other.last < self.first


def jobs_of(waiting: Iterable[Received]) -> list[Job]:
    """In order of the oldest message of each; what came in for the same dates is one."""
    grouped = sorted(waiting, key=lambda one: (_key(one), one.number))
    jobs = [_job(list(of)) for _, of in groupby(grouped, _key)]
    return sorted(jobs, key=lambda job: job.numbers)


def merged(jobs: Collection[Job]) -> list[Job]:
    """Jobs for the very same dates as one; a promised run stays alone."""
    together: dict[tuple[str, ...], Job] = {}
    for job in jobs:
        key = (job.promised, job.object, job.first, job.last)
        known = together.get(key)
        together[key] = job if known is None else _united(known, job)
    return list(together.values())


def _united(one: Job, other: Job) -> Job:
    is_all = not one.selected or not other.selected
    return one._replace(
        numbers=(*one.numbers, *other.numbers),
        selected=frozenset() if is_all else one.selected | other.selected,
        trace=one.trace or other.trace,
    )


def _key(one: Received) -> tuple[str, ...]:
    asked = one.asked
    return asked.promised, asked.object, asked.first, asked.last


def _job(group: list[Received]) -> Job:
    asked = group[0].asked
    selected = {one.asked.selected for one in group}
    return Job(
        tuple(one.number for one in group),
        asked.first,
        asked.last,
        frozenset() if "" in selected and not asked.object else frozenset(selected),
        asked.object,
        asked.promised,
        next((one.asked.trace for one in group if one.asked.trace), ""),
    )
