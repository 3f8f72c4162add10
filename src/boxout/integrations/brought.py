"""A run that somebody else's machinery asked for, and what of it that may take for done.

Only what is public satisfies a dependency. A table is `public` for some dates when everything that the
calendar expects on them is public and fresh, and there are rows of it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
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
from boxout.run import Engine, RunResult, make_plan, run


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
        request = _request(engine, run_id)
        asked = replace(engine, new_run=_named(engine, run_id))
        result = run(asked, where.first, where.last, tables, game=where.game)
        return _brought(engine, where, tables, result, request)


def stand(project: Project, where: Span, tables: Collection[str]) -> Brought:
    """How each table stands for these dates as it is; computes nothing, and nothing is new."""
    with project.planning() as engine:
        plan = make_plan(engine, where.first, where.last, tables, where.game)
        outcomes: dict[tuple[str, str], Outcome] = {
            (one.unit, one.partition): NothingToDo("")
            if one.action == "keep"
            else Waiting(one.reasons)
            for one in plan.steps
        }
        request = _Request(engine.ledger.head(), engine.ledger.now())
        return _brought(engine, where, tables, RunResult("", outcomes), request)


class _Request(NamedTuple):
    """When the host first asked: at which publication, and at which time of the ledger."""

    seen: int
    at: str


def _named(engine: Engine, run_id: str | None) -> Callable[[], str]:
    """The id of the request for its first run, and new ones for whatever follows."""
    is_first = run_id is not None and engine.ledger.inbox.ran(run_id) is None
    ids = iter([run_id] if is_first else [])
    return lambda: next(ids, None) or engine.new_run()


def _request(engine: Engine, run_id: str | None) -> _Request:
    ledger = engine.ledger
    begun = ledger.inbox.ran(run_id) if run_id else None
    if begun is None:
        return _Request(ledger.head(), ledger.now())
    return _Request(_seen(ledger, begun.began_at), begun.began_at)


def _seen(ledger: Ledger, began_at: str) -> int:
    """The latest publication at a moment."""
    since, limit = ledger.head(), 1000
    while since:
        latest = ledger.publications(limit)
        before = [one.publication for one in latest if one.at <= began_at]
        since = max(before, default=0)
        if before or len(latest) < limit:
            break
        limit *= 10
    return since


def _brought(
    engine: Engine, where: Span, tables: Collection[str], result: RunResult, request: _Request
) -> Brought:
    ledger = engine.ledger
    units = [
        (unit, one.target.name)
        for unit in engine.graph.units
        for one in unit.processors
        if one.target.name in tables
    ]
    work = {
        (one.unit, one.partition): one.look_at if one.ended is None else None
        for one in ledger.work(*day_range(where.first, where.last))
    }
    unknown = _unknown(engine, where, request)
    standings = {
        table: _standing(ledger, where, table, _told(unit, result, work, unknown), request.seen)
        for unit, table in units
    }
    looks = [at for key, at in work.items() if at is not None and key in result.outcomes]
    if unknown:
        looks.append(_next_look(engine, request))
    return Brought(result.run, standings, min(looks, default=None))


def _next_look(engine: Engine, request: _Request) -> str:
    """When to look again for what no work is kept of: after as long as has passed already."""
    ledger, policy = engine.ledger, engine.policy
    passed = datetime.fromisoformat(ledger.now()) - datetime.fromisoformat(request.at)
    return ledger.now(min(max(passed.total_seconds(), policy.first_look_s), policy.look_s_max))


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
    unknown: Mapping[str, Answer],
) -> _Told:
    mine = {p: one for (name, p), one in result.outcomes.items() if name == unit.name}
    judged = {
        p: _answer(one, is_over=work.get((unit.name, p), "") is None) for p, one in mine.items()
    }
    back = {p: one for p, one in judged.items() if one is not None}
    lines = [f"{p}: {one}: {_because(mine[p])}" for p, one in back.items()]
    well = frozenset(mine.keys() - back.keys())
    answers = (*back.values(), *unknown.values())
    return _Told(tuple(sorted(mine)), well, answers, (*lines, *unknown))


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


def _unknown(engine: Engine, where: Span, request: _Request) -> dict[str, Answer]:
    """The dates of which the calendar has said nothing, in words: nobody knows what they lack."""
    if where.game is not None:
        return {}
    ledger, source = engine.ledger, engine.pipeline.calendar.table.name
    known = ledger.pointers([source], *day_range(where.first, where.last), ledger.head())
    there = {date_of(one.partition) for one in known if one.version is not None}
    is_over = request.at <= ledger.now(-engine.policy.deadline_s)
    answer = Answer.OVER if is_over else Answer.LATER
    missing = (day for day in _days(where.first, where.last) if day not in there)
    return {f"{day}: {answer}: {source}: has not arrived for this date": answer for day in missing}


def _days(first: str, last: str) -> Iterator[str]:
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        yield day.isoformat()
        day += timedelta(1)


def _standing(ledger: Ledger, where: Span, table: str, told: _Told, seen: int) -> Standing:
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
