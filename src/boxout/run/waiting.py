"""What stays back: told as events, and kept as work that somebody will look at again."""

from collections.abc import Iterator, Mapping, Sequence

from boxout.graph import Unit
from boxout.ledger.port import CALENDAR
from boxout.ledger.records import Event, Work
from boxout.model.outcomes import (
    Failed,
    Fenced,
    NothingToDo,
    Outcome,
    Reason,
    Superseded,
    Waiting,
    WithheldOutcome,
)
from boxout.model.partitions import date_of, day_range
from boxout.run.attempt import attempt
from boxout.run.chunks import chunks
from boxout.run.engine import Engine, Policy, begin

AT_ONCE = 1000
"""How much due work one turn takes on."""


def settle(engine: Engine, unit: Unit, run: str, outcomes: Mapping[str, Outcome]) -> None:
    """Record what stayed back and when it is looked at again; alert once when that ends."""
    over = [p for p, outcome in outcomes.items() if isinstance(outcome, NothingToDo)]
    if over:
        engine.ledger.end_work(unit.name, over, "nothing to do")
    told = {p: list(_reasons(outcome)) for p, outcome in outcomes.items()}
    back = {p: reasons for p, reasons in told.items() if reasons}
    if not back:
        return
    known = {(w.unit, w.partition): w for w in engine.ledger.work(min(back), max(back))}
    work = [
        _asked(engine, unit, run, p, outcomes[p], known.get((unit.name, p))) for p in sorted(back)
    ]
    engine.ledger.put_work(work)
    for partition, alert in _alerts(work):
        back[partition].append(("alert", alert))
    _record(engine, unit, run, back)


def _alerts(work: Sequence[Work]) -> Iterator[tuple[str, Reason]]:
    """One for every cause, at the first partition that it ended."""
    causes: dict[tuple[str | None, str], list[Work]] = {}
    for one in work:
        if one.ended is not None:
            causes.setdefault((one.ended, one.reason), []).append(one)
    for (ended, reason), mine in causes.items():
        more = f", and {len(mine) - 1} more for the same" if len(mine) > 1 else ""
        yield (
            mine[0].partition,
            Reason("work", f"ended: {ended} after {mine[0].asked_at}{more}", reason),
        )


def turn(engine: Engine) -> dict[tuple[str, str], Outcome]:
    """Look once at everything that is due; what became of each unit and partition."""
    begin(engine)
    outcomes: dict[tuple[str, str], Outcome] = {}
    due = engine.ledger.due_work(AT_ONCE)
    for unit in engine.graph.units:
        mine = sorted({one.partition for one in due if one.unit == unit.name})
        if mine:
            run = engine.new_run()
            engine.ledger.begin_run(run, f"looks again at {len(mine)} of {unit.name}")
            for part in chunks(unit, mine, engine.policy, engine.pipeline.calendar):
                became = attempt(engine, unit, part, run)
                settle(engine, unit, run, became)
                outcomes |= {(unit.name, p): one for p, one in became.items()}
            engine.ledger.end_run(run, f"{len(mine)} looked at")
    return outcomes


def wait_s(policy: Policy, looks: int, drawn: float) -> float:
    """Seconds to the next look after so many; `drawn` in 0..1 spreads those who wait together."""
    plain = min(policy.first_look_s * 2 ** min(looks, 30), policy.look_s_max)
    return plain * (1 + policy.jitter_share * (2 * drawn - 1))


def _asked(  # noqa: PLR0917
    engine: Engine, unit: Unit, run: str, partition: str, outcome: Outcome, known: Work | None
) -> Work:
    ledger, policy = engine.ledger, engine.policy
    before = known if known is not None and known.ended is None else None
    failures = int(isinstance(outcome, Failed))
    deadline = before.deadline if before else ledger.now(policy.deadline_s)
    failed = failures + (before.failures if before else 0)
    is_over = failed >= policy.failures_max or (
        isinstance(outcome, Failed) and not outcome.is_retryable
    )
    ended = "failed" if is_over else "deadline" if ledger.now() >= deadline else None
    later_s = wait_s(policy, before.looks if before else 0, engine.draw())
    is_withheld = isinstance(outcome, WithheldOutcome)
    return Work(
        unit=unit.name,
        partition=partition,
        run=run,
        asked_at=before.asked_at if before else ledger.now(),
        looks=1,
        failures=failures,
        look_at=deadline if is_withheld else min(ledger.now(later_s), deadline),
        deadline=deadline,
        ended=ended,
        reason="; ".join(str(reason) for _, reason in _reasons(outcome)),
        on=tuple(_on(engine, unit, partition)),
    )


def _on(engine: Engine, unit: Unit, partition: str) -> Iterator[tuple[str, str, str]]:
    """Everything whose move may change the answer."""
    day = date_of(partition)
    yield CALENDAR, *day_range(day, day)
    yield engine.pipeline.calendar.table.name, day, day
    for one in unit.processors:
        for given in one.inputs.values():
            days = given.window_days
            first, last = (
                engine.pipeline.calendar.window(partition, days) if days else day_range(day, day)
            )
            if days:
                yield CALENDAR, first, last
                yield engine.pipeline.calendar.table.name, first, last
            for table in given.tables:
                is_same = not days and table.scheme == one.target.scheme
                yield table.name, partition if is_same else first, partition if is_same else last


def _reasons(outcome: Outcome) -> Iterator[tuple[str, Reason]]:
    match outcome:
        case Waiting(reasons):
            yield from (("waiting", reason) for reason in reasons)
        case WithheldOutcome(reasons):
            yield from (("withheld", reason) for reason in reasons)
        case Superseded(moved):
            yield "superseded", Reason("read set", moved)
        case Fenced(holder):
            yield "fenced", Reason("lease", holder)
        case Failed(error, is_retryable):
            yield "failed", Reason("retryable" if is_retryable else "permanent", error)
        case _:
            return


def _record(
    engine: Engine, unit: Unit, run: str, told: Mapping[str, list[tuple[str, Reason]]]
) -> None:
    now = engine.ledger.now()
    events = [
        Event(now, run, one.target.name, p, kind, why.subject, why.found, why.needed)
        for p, reasons in told.items()
        for kind, why in reasons
        for one in unit.processors
    ]
    engine.ledger.record_events(events)
