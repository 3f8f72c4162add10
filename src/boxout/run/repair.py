"""Repair: whatever moved makes something stale; compute it again, until all is fresh."""

from datetime import date, timedelta
from typing import NamedTuple

from boxout.ledger import Ledger
from boxout.model.partitions import date_of
from boxout.run.engine import Engine
from boxout.run.recheck import recheck, take_back
from boxout.run.runner import Progress, RunResult, run
from boxout.run.waiting import turn

ROUNDS_MAX = 10


class Mended(NamedTuple):
    """One look at everything: the publication it has seen, and what it did."""

    seen: int
    results: tuple[RunResult, ...]
    looked_at: int


def repair(
    engine: Engine, first: str, last: str, progress: Progress = lambda _done, _total: None
) -> list[RunResult]:
    """Run the range in dependency order until a run publishes nothing any more."""
    results: list[RunResult] = []
    for _ in range(ROUNDS_MAX):
        before = engine.ledger.head()
        results.append(run(engine, first, last, set(engine.graph.tables), progress=progress))
        if engine.ledger.head() == before:
            break
    return results


def has_work(ledger: Ledger, seen: int) -> bool:
    """Whether anything moved since publication `seen`, or some look is due; asks the ledger only."""
    return ledger.head() > seen or bool(ledger.due_work(1))


def mend(engine: Engine, seen: int, progress: Progress = lambda _done, _total: None) -> Mended:
    """Look at what is due, then repair the dates that anything since `seen` can have touched."""
    looked_at = len(turn(engine))
    reach = touched(engine, seen)
    if reach and engine.policy.is_taken_back:
        take_back(engine, recheck(engine, *reach))
    results = repair(engine, *reach, progress) if reach else []
    return Mended(engine.ledger.head(), tuple(results), looked_at)


def touched(engine: Engine, seen: int) -> tuple[str, str] | None:
    """The first and the last date that can be stale: windows look back, so changes reach ahead.

    When the calendar begins earlier than before, whatever was cut where it began is touched too.
    """
    ledger = engine.ledger
    days = {date_of(p.partition) for p in ledger.moves(seen, ledger.head())}
    days |= {date_of(w.partition) for w in ledger.waivers() if w.since > seen}
    if not days:
        return None
    source = engine.pipeline.calendar.table.name
    was, now = (ledger.beginning(source, at) for at in (seen, ledger.head()))
    if was and was != now:
        days.add(date_of(was.partition))
    ahead = date.fromisoformat(max(days)) + timedelta(engine.graph.days_back)
    return min(days), ahead.isoformat()
