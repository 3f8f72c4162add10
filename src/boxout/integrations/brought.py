"""A run that somebody else's machinery asked for, and what of it that may take for done.

Only what is public satisfies a dependency. A table is `public` for some dates when everything that the
calendar expects on them is public and fresh, and there are rows of it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from boxout.asked import Span
from boxout.graph import Unit
from boxout.ledger import Ledger
from boxout.ledger.records import Pointer
from boxout.model.outcomes import (
    Done,
    Failed,
    Fenced,
    NothingToDo,
    Outcome,
    Superseded,
    Waiting,
    WithheldOutcome,
    reasons,
)
from boxout.model.partitions import date_of, day_range
from boxout.project import Project
from boxout.run import Engine, RunResult, run


class Answer(StrEnum):
    """What a table, or all that was asked for, is to whoever depends on it."""

    PUBLIC = "public"
    NOTHING = "nothing"
    """Nothing is expected on these dates, and there are no rows: it satisfies nobody."""
    LATER = "later"
    """An input is not there yet, or a store or another attempt is in the way: look again."""
    WITHHELD = "withheld"
    """It failed its checks: only other rows, or a person, change that."""
    OVER = "over"
    """It failed for good, or waited until its deadline: nobody looks again by himself."""


WORST_FIRST: Final = (Answer.OVER, Answer.WITHHELD, Answer.LATER, Answer.PUBLIC, Answer.NOTHING)


class Standing(NamedTuple):
    """How a table stands after a run; `reasons` has a line for each partition that is not public.

    `partitions` are all that were asked for, `pointers` those of them that are public and have rows.

    `publication` is the latest that moved one of its partitions, None when none has rows. `is_new`
    says that one was moved since the host first asked. `forced` are the reasons of people.
    """

    table: str
    answer: Answer
    reasons: tuple[str, ...]
    partitions: tuple[str, ...]
    pointers: tuple[Pointer, ...]
    rows: int
    publication: int | None
    is_new: bool
    forced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What a run brought, by table; `look_at` is when the ledger looks again, if it does."""

    run: str
    standings: Mapping[str, Standing]
    look_at: str | None

    @property
    def answer(self) -> Answer:
        """The worst of the tables; public when something is and nothing is amiss."""
        there = {one.answer for one in self.standings.values()}
        return next((one for one in WORST_FIRST if one in there), Answer.NOTHING)

    @property
    def told(self) -> str:
        """Every table that is not public, with its reasons, in lines."""
        left = [one for one in self.standings.values() if one.answer is not Answer.PUBLIC]
        return "\n".join(
            f"{one.table}: {one.answer}" + "".join(f"\n  {line}" for line in one.reasons)
            for one in left
        )


def bring(
    project: Project,
    where: Span,
    tables: Collection[str],
    *,
    run_id: str | None = None,
    wait_s: float = 0,
) -> Brought:
    """Bring tables up to date for these dates, and say how each stands.

    With `run_id` a host that asks again, after a wait or a crash, says that it is the same request:
    new is then what became public since the first time. `wait_s` is how long to wait for a
    warehouse that another process holds.
    """
    with project.working(wait_s) as engine:
        seen = _seen(engine.ledger, run_id)
        asked = replace(engine, new_run=_named(engine, run_id))
        result = run(asked, where.first, where.last, tables, game=where.game)
        return _brought(engine, where, tables, result, seen)


def _named(engine: Engine, run_id: str | None) -> Callable[[], str]:
    """The id of the request for its first run, and new ones for whatever follows."""
    is_first = run_id is not None and engine.ledger.inbox.ran(run_id) is None
    ids = iter([run_id] if is_first else [])
    return lambda: next(ids, None) or engine.new_run()


def _seen(ledger: Ledger, run_id: str | None) -> int:
    """The latest publication when the host first asked."""
    begun = ledger.inbox.ran(run_id) if run_id else None
    head = ledger.head()
    if begun is None:
        return head
    since, limit = head, 1000
    while since:
        latest = ledger.publications(limit)
        before = [one.publication for one in latest if one.at <= begun.began_at]
        since = max(before, default=0)
        if before or len(latest) < limit:
            break
        limit *= 10
    return since


def _brought(
    engine: Engine, where: Span, tables: Collection[str], result: RunResult, seen: int
) -> Brought:
    units = [
        (unit, one.target.name)
        for unit in engine.graph.units
        for one in unit.processors
        if one.target.name in tables
    ]
    work = {
        (one.unit, one.partition): one.look_at if one.ended is None else None
        for one in engine.ledger.work(*day_range(where.first, where.last))
    }
    unknown = tuple(_unknown(engine, where))
    standings = {
        table: _standing(engine, where, table, _told(unit, result, work, unknown), seen)
        for unit, table in units
    }
    looks = [at for key, at in work.items() if at is not None and key in result.outcomes]
    return Brought(result.run, standings, min(looks, default=None))


class _Told(NamedTuple):
    """What is said of a unit: of each partition that is not public, and of dates unknown."""

    partitions: tuple[str, ...]
    well: frozenset[str]
    answers: tuple[Answer, ...]
    reasons: tuple[str, ...]


def _told(
    unit: Unit,
    result: RunResult,
    work: Mapping[tuple[str, str], str | None],
    unknown: tuple[str, ...],
) -> _Told:
    mine = {p: one for (name, p), one in result.outcomes.items() if name == unit.name}
    judged = {
        p: _answer(one, is_over=work.get((unit.name, p), "") is None) for p, one in mine.items()
    }
    back = {p: one for p, one in judged.items() if one is not None}
    lines = [f"{p}: {one}: {_because(mine[p])}" for p, one in back.items()]
    later = (Answer.LATER,) if unknown else ()
    well = frozenset(mine.keys() - back.keys())
    return _Told(tuple(sorted(mine)), well, (*back.values(), *later), (*lines, *unknown))


def _answer(outcome: Outcome, *, is_over: bool) -> Answer | None:
    """What keeps a partition back; None when nothing does."""
    match outcome:
        case Done() | NothingToDo():
            return None
        case WithheldOutcome():
            return Answer.WITHHELD
        case Failed(is_retryable=False):
            return Answer.OVER
        case Waiting() | Superseded() | Fenced() | Failed():
            return Answer.OVER if is_over else Answer.LATER


def _because(outcome: Outcome) -> str:
    return "; ".join(str(reason) for reason in reasons(outcome))


def _unknown(engine: Engine, where: Span) -> Iterator[str]:
    """The dates of which the calendar has said nothing: nobody knows what they lack."""
    if where.game is not None:
        return
    source = engine.pipeline.calendar.table.name
    known = engine.ledger.pointers(
        [source], *day_range(where.first, where.last), engine.ledger.head()
    )
    there = {date_of(one.partition) for one in known if one.version is not None}
    for day in _days(where.first, where.last):
        if day not in there:
            yield f"{day}: {Answer.LATER}: {source}: has not arrived for this date"


def _days(first: str, last: str) -> Iterator[str]:
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        yield day.isoformat()
        day += timedelta(1)


def _standing(engine: Engine, where: Span, table: str, told: _Told, seen: int) -> Standing:
    ledger = engine.ledger
    known = ledger.pointers([table], *day_range(where.first, where.last), ledger.head())
    asked = [one for one in known if one.partition in told.well and one.version is not None]
    rows = _rows(ledger, asked)
    pointers = tuple(one for one in asked if rows.get(one.partition))
    forced = ledger.forced()
    left = told.answers or ((Answer.PUBLIC,) if pointers else (Answer.NOTHING,))
    return Standing(
        table,
        next(one for one in WORST_FIRST if one in left),
        told.reasons,
        told.partitions,
        pointers,
        sum(rows.values()),
        max((one.since for one in pointers), default=None),
        is_new=any(one.since > seen for one in pointers),
        forced=tuple(dict.fromkeys(forced[p.since] for p in pointers if p.since in forced)),
    )


def _rows(ledger: Ledger, pointers: Iterable[Pointer]) -> dict[str, int]:
    """How many rows are public, by partition."""
    of = {one.partition: one.version for one in pointers if one.version is not None}
    if not of:
        return {}
    held = ledger.censuses(set(of.values()), min(of), max(of))
    return {p: held[version, p].rows for p, version in of.items() if (version, p) in held}
