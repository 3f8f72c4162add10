"""A run as a line of time: when each attempt began, wrote and published."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from boxout.ledger import Step
from boxout.service.desk import Desk
from boxout.service.problems import Problem

EVENTS_MAX = 500
LEAST_SHARE = 0.4
"""Percent of the width that the shortest attempt is drawn."""


class Bar(NamedTuple):
    """One attempt: what it was of, where on the line it lies, in percent, and what came of it."""

    attempt: int
    unit: str
    began_at: str
    left: float
    width: float
    took_s: float
    tables: tuple[str, ...]
    publications: tuple[int, ...]
    partitions: int


def told(desk: Desk, run: str) -> dict[str, Any]:
    """Everything that the page of a run shows."""
    ran = desk.inbox.ran(run)
    if ran is None:
        raise Problem(404, f"{run}: no such run.")
    story = desk.inbox.story(EVENTS_MAX, run=run)
    end = ran.ended_at or desk.engine.ledger.now()
    return {
        "ran": ran,
        "bars": bars(story.steps, ran.began_at, end),
        "took_s": _seconds(ran.began_at, end),
        "events": story.events[::-1],
    }


def bars(steps: Sequence[Step], began: str, ended: str) -> list[Bar]:
    """The attempts on a line from the beginning of the run to its end."""
    whole = max(_seconds(began, ended), 1e-3)
    of: dict[int, list[Step]] = {}
    for one in steps:
        of.setdefault(one.attempt, []).append(one)
    return [_bar(each, began, ended, whole) for each in of.values()]


def _bar(of: Sequence[Step], began: str, ended: str, whole: float) -> Bar:
    first = of[0]
    moments = [at for one in of for at in (one.written_at, one.published_at) if at]
    last = max(moments, default=first.at)
    took = _seconds(first.at, min(last, ended))
    width = max(100 * took / whole, LEAST_SHARE)
    left = min(100 * _seconds(began, first.at) / whole, 100 - width)
    numbers = _once(one.publication for one in of if one.publication)
    moved = {one.publication: one.partitions or 0 for one in of if one.publication}
    tables = _once(one.table for one in of if one.table)
    return Bar(first.attempt, first.unit, first.at, max(left, 0.0), width, took, tables, numbers,
               sum(moved.values()))  # fmt: skip


def _once(found: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(found))


def _seconds(since: str, at: str) -> float:
    return (datetime.fromisoformat(at) - datetime.fromisoformat(since)).total_seconds()
