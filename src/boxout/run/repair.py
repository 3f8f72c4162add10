"""Repair: whatever moved makes something stale; compute it again, until all is fresh."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Final, NamedTuple

from boxout.compiled import Compiled
from boxout.ledger import Followed, Ledger
from boxout.model.partitions import date_of
from boxout.run.engine import Engine
from boxout.run.recheck import recheck, take_back
from boxout.run.runner import Progress, RunResult, run
from boxout.run.waiting import turn

ROUNDS_MAX = 10
REPAIR: Final = "repair"
"""Under this name the ledger keeps how far repair has followed."""


class Mended(NamedTuple):
    """One look at everything, and what it did."""

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


def has_work(ledger: Ledger, compiled: Compiled) -> bool:
    """Whether anything moved that repair has not followed, or some look is due; asks the ledger only."""
    return ledger.head() > _seen(ledger, compiled) or bool(ledger.due_work(1))


def mend(engine: Engine, progress: Progress = lambda _done, _total: None) -> Mended:
    """Look at what is due, then repair all dates that can have been touched since the last time.

    How far that was is in the ledger, so that a service that starts does not begin with the first
    season. It counts for the code that did it: another code finds everything touched.
    """
    looked_at = len(turn(engine))
    results: list[RunResult] = []
    for _ in range(ROUNDS_MAX):
        # What is published from here on, by whomever, is followed in the next round.
        head, reach = engine.ledger.head(), touched(engine)
        if reach and engine.policy.is_taken_back:
            take_back(engine, recheck(engine, *reach))
        results += repair(engine, *reach, progress) if reach else []
        engine.ledger.follow(REPAIR, Followed(head, _mark(engine.compiled)))
        if engine.ledger.head() == head:
            break
    return Mended(tuple(results), looked_at)


def _seen(ledger: Ledger, compiled: Compiled) -> int:
    followed = ledger.followed(REPAIR)
    return followed.publication if followed.code == _mark(compiled) else 0


def _mark(compiled: Compiled) -> str:
    """Of what is computed, and of what is asked of the sources, which no fingerprint has."""
    codes = sorted((name, one.fingerprint) for name, one in compiled.processors.items())
    audits = sorted((name, repr(one)) for name, one in compiled.audits.items())
    return sha256(repr((codes, audits)).encode()).hexdigest()[:16]


def touched(engine: Engine) -> tuple[str, str] | None:
    """The first and the last date that can be stale: windows look back, so changes reach ahead.

    When the calendar begins earlier than before, whatever was cut where it began is touched too.
    """
    ledger = engine.ledger
    seen = _seen(ledger, engine.compiled)
    days = {date_of(p) for p in ledger.reach(seen) or ()}
    days |= {date_of(w.partition) for w in ledger.waivers() if w.since > seen}
    if not days:
        return None
    source = engine.pipeline.calendar.table.name
    was, now = (ledger.beginning(source, at) for at in (seen, ledger.head()))
    if was and was != now:
        days.add(date_of(was.partition))
    ahead = date.fromisoformat(max(days)) + timedelta(engine.graph.days_back)
    return min(days), ahead.isoformat()
