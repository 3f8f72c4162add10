"""What is written to the outbox of what happened, in the transaction in which it happens."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from boxout.ledger.port import CALENDAR
from boxout.ledger.records import Arrival, Entry, Event, Undo

TOLD: Final = ("withheld", "failed", "alert", "rejected")
"""Events that somebody outside wants to hear of; the others end by themselves."""

REASONS_MAX: Final = 10
"""For so many partitions of an entry both sides of the comparison are in it; `why` has them all."""

PUBLISHED: Final = {"normal": "published", "waiver": "waived"}
"""The kind of an entry by the kind of its publication, where the two differ."""

WATCHDOG: Final = "watchdog"
"""Keeps among the readers how far it is, in days: it reads no entry, and holds none back."""

BEGAN: Final = "run began"
ENDED: Final = "run ended"
ABANDONED: Final = "run abandoned"


class Moved(NamedTuple):
    """What a publication moved of one table: the first and the last partition, and how many.

    `version` is None where not all of them have the same.
    """

    table: str
    first: str
    last: str
    partitions: int
    version: int | None
    details: Mapping[str, object]


def of_events(events: Iterable[Event]) -> Iterator[Entry]:
    """One entry for every cause in a table, with all of its partitions."""
    causes: dict[tuple[str, str, str, str, str], list[Event]] = {}
    for one in events:
        if one.kind in TOLD:
            shared = (one.at, one.run, one.table, one.kind, _cause(one))
            causes.setdefault(shared, []).append(one)
    for (at, run, table, kind, cause), of in causes.items():
        mine = sorted(of, key=lambda one: one.partition)
        names = list(dict.fromkeys(one.partition for one in mine if one.partition))
        reasons = [
            {"partition": o.partition, "subject": o.subject, "found": o.found, "needed": o.needed}
            for o in mine[:REASONS_MAX]
        ]
        details = {"partitions": names, "reasons": reasons}
        reach = (names[0], names[-1], len(names)) if names else ("", "", 0)
        yield Entry(0, at, kind, run, table, *reach, None, None, cause, details)


def _cause(one: Event) -> str:
    """What several partitions may have in common: the check, the error, or what was waited for."""
    if one.kind in {"failed", "rejected"}:
        return one.found
    return one.needed if one.subject == "work" else one.subject


def of_publication(
    run: str, at: str, publication: int, said: tuple[str, str], moved: Iterable[Moved]
) -> Iterator[Entry]:
    """One entry for every table; `said` is the kind of the publication and its reason."""
    kind, reason = said
    for one in moved:
        named = PUBLISHED.get(kind, kind)
        yield Entry(0, at, named, run, *one[:5], publication, reason, one.details)


def of_arrival(run: str, at: str, table: str, arrival: Arrival) -> Entry:
    """That a file became a version; which partitions it speaks of is judged later."""
    details: Mapping[str, object] = {
        "file": arrival.file,
        "reader": arrival.reader,
        "rejected": arrival.rejected,
        "digest": arrival.digest,
        "landing": arrival.landing,
    }
    return Entry(0, at, "arrived", run, table, "", "", 0, arrival.version, None, "", details)


def of_run(kind: str, run: str, at: str, told: str) -> Entry:
    """That a run began, with what was asked for, or how it came out."""
    return Entry(0, at, kind, run, "", "", "", 0, None, None, told, {})


def moved_back(moves: Sequence[Undo]) -> Iterator[Moved]:
    """What a rollback moves of every table: partitions that go back, and some that are withdrawn."""
    for table in sorted({one.table for one in moves}):
        mine = [one for one in moves if one.table == table]
        names = sorted(one.partition for one in mine)
        withdrawn = sorted(one.partition for one in mine if one.version is None)
        details = {"partitions": names, "withdrawn": withdrawn}
        yield Moved(table, names[0], names[-1], len(names), None, details)


def expected_else(partition: str, by: str) -> tuple[Moved, ...]:
    """What a waiver or its undoing moves: the calendar's word about one partition."""
    return (Moved(CALENDAR, partition, partition, 1, None, {"by": by}),)
