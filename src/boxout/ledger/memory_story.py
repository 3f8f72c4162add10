"""What happened in a run, of the ledger in memory."""

from collections.abc import Iterator, Sequence

from boxout.ledger.memory_publishing import Kept
from boxout.ledger.messages import Step, Story
from boxout.ledger.records import Event

NOTHING = (None, None, None)


def story(kept: Kept, told: Sequence[Event], limit: int, run: str | None) -> Story:
    """What the attempts of a run did, and the latest events."""
    events = [one for one in reversed(told) if run in {None, one.run}]
    return Story(tuple(_steps(kept, run)), tuple(events[:limit]))


def _steps(kept: Kept, run: str | None) -> Iterator[Step]:
    for one in kept.attempts:
        wrote = [
            (v.version, v.table, v.created_at)
            for v in kept.versions.values()
            if v.attempt == one.attempt
        ]
        out = [
            (p.publication, p.at, p.partitions)
            for p in kept.publications
            if p.attempt == one.attempt
        ]
        for version in wrote or [NOTHING] if one.run == run else []:
            yield from (
                Step(one.attempt, one.unit, one.at, *version, *public)
                for public in out or [NOTHING]
            )
