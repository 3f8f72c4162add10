"""Rollback, waivers and collection over plain dictionaries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from threading import RLock

from boxout.ledger.memory_publishing import Kept, as_it_was, expect, say
from boxout.ledger.outbox import expected_else, moved_back, of_publication
from boxout.ledger.records import (
    Census,
    Day,
    Pointer,
    Publication,
    Rollback,
    Tombstone,
    Undo,
    Waiver,
)
from boxout.ledger.turning import ROLLBACK, UNDONE, WAIVER

__all__ = [
    "ROLLBACK",
    "WAIVER",
    "Collecting",
    "is_any_collected",
    "needed_by_nobody",
    "turn_back",
    "unwaive",
    "waive",
]


def is_any_collected(kept: Kept, moves: Sequence[Undo]) -> bool:
    """Whether some version to return to is not there any more, or never was."""
    numbers = {one.version for one in moves if one.version is not None}
    return any(number not in kept.versions or number in kept.collected for number in numbers)


def turn_back(kept: Kept, attempt: int, rollback: Rollback, now: str) -> int:
    """Move the pointers, fence whoever works there, and bury what was bad."""
    number = len(kept.publications) + 1
    count = len({one.partition for one in rollback.moves})
    said = (ROLLBACK, now, count, "rollback", rollback.reason)
    kept.publications.append(Publication(number, attempt, *said))
    for unit, table, partition, version in rollback.moves:
        kept.point(Pointer(table, partition, version, number, version, number))
        kept.leases.pop((unit, partition), None)
    restored = {(one.table, one.partition, one.version) for one in rollback.moves}
    kept.tombstones[:] = [one for one in kept.tombstones if one[:3] not in restored]
    seen = {(version, one.partition): one for version, one in rollback.held}
    for version, partition in rollback.bad:
        recorded = kept.census.get(version, {}).get(partition, Census(partition, 0, ""))
        rows = seen.get((version, partition), recorded)[1:]
        key = (kept.versions[version].table, partition, version, number, rollback.reason)
        kept.tombstones.append(Tombstone(*key, *rows))
    expect(kept, number, rollback.calendar, rollback.calendar_dates)
    told = (kept.attempts[attempt - 1].run, now, number, ("rollback", rollback.reason))
    kept.outbox.put(of_publication(*told, moved_back(rollback.moves)))
    return number


def waive(kept: Kept, attempt: int, partition: str, said: tuple[str, str], now: str) -> int:
    """Record the waiver as a publication; `said` is the reason and who gave it."""
    number = len(kept.publications) + 1
    reason, by = said
    kept.publications.append(Publication(number, attempt, WAIVER, now, 1, "waiver", reason))
    kept.waivers.append(Waiver(partition, reason, by, number))
    say(kept, number, (as_it_was(kept, partition, "waived"),))
    _move_what_read_it(kept, partition, number)
    moved = expected_else(partition, by)
    kept.outbox.put(of_publication("", now, number, ("waiver", reason), moved))
    return number


def _move_what_read_it(kept: Kept, partition: str, number: int) -> None:
    """A person's word moves whatever rests on the calendar's, also where neither expects it."""
    said = kept.expectations.get(partition, [])
    if said and said[-1].since == number:
        said[-1] = said[-1]._replace(flipped=number)


def unwaive(kept: Kept, attempt: int, says: Day, word: tuple[str, str], now: str) -> int:
    """Record that a waiver is undone as a publication; `word` is the reason and who gave it."""
    number = len(kept.publications) + 1
    reason, by = word
    kept.publications.append(Publication(number, attempt, WAIVER, now, 1, UNDONE, reason))
    kept.waivers.append(Waiver(says[0], reason, by, number, is_undo=True))
    say(kept, number, [Day(*says)])
    _move_what_read_it(kept, says[0], number)
    moved = expected_else(says[0], by)
    kept.outbox.put(of_publication("", now, number, (UNDONE, reason), moved))
    return number


def _end_leases(kept: Kept, older_than: str) -> None:
    """Fence whoever let a lease run out before that moment."""
    for key in [key for key, (_, until) in kept.leases.items() if until < older_than]:
        del kept.leases[key]


@dataclass(slots=True)
class Collecting:
    """Which versions can go and which are gone."""

    kept: Kept
    lock: RLock
    gone: set[int] = field(default_factory=set)

    def collect(
        self, before: int, older_than: str, tables: Collection[str], limit: int
    ) -> list[tuple[str, int]]:
        """Mark some more, and name what was marked and is not dropped yet."""
        with self.lock:
            _end_leases(self.kept, older_than)
            of = {n: one.table for n, one in self.kept.versions.items() if one.table in tables}
            found = of.keys() & needed_by_nobody(self.kept, before, older_than)
            self.kept.collected |= set(sorted(found)[:limit])
            leaving = sorted(of.keys() & self.kept.collected - self.gone)[:limit]
            return [(of[number], number) for number in leaving]

    def dropped(self, versions: Sequence[int]) -> None:
        """Their rows are gone: they are not named again."""
        with self.lock:
            self.gone |= self.kept.collected.intersection(versions)


def needed_by_nobody(kept: Kept, before: int, older_than: str) -> set[int]:
    """The versions that no pointer, no kept snapshot and no live attempt names."""
    alive = {attempt for attempt, _ in kept.leases.values()}
    named: set[int | None] = set()
    for of in kept.pointers.values():
        for pointers in of.values():
            later = sum(one.since > before for one in pointers[1:])
            named |= {one.version for one in pointers[-later - 1 :]}
    return {
        number
        for number, version in kept.versions.items()
        if number not in named
        and number not in kept.collected
        and version.attempt not in alive
        and version.created_at < older_than
    }
