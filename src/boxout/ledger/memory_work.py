"""What was asked for and is not public, over plain dictionaries."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from boxout.ledger.memory_publishing import Kept
from boxout.ledger.port import CALENDAR
from boxout.ledger.records import Work


@dataclass(slots=True)
class Asked:
    """Work by unit and partition."""

    kept: dict[tuple[str, str], Work] = field(default_factory=dict)

    def put(self, asked: Sequence[Work]) -> None:
        """Keep; of what waits already the first asking stays and the counts grow."""
        for one in asked:
            known = self.kept.get((one.unit, one.partition))
            if known is not None and known.ended is None:
                self.kept[one.unit, one.partition] = _added(known, one)
            else:
                self.kept[one.unit, one.partition] = one

    def within(self, first: str, last: str) -> list[Work]:
        """All of a range, without what each waits on."""
        found = (one._replace(on=()) for one in self.kept.values())
        return sorted(
            (one for one in found if first <= one.partition <= last),
            key=lambda one: (one.partition, one.unit),
        )

    def due(self, now: str) -> list[Work]:
        """What is to be looked at."""
        found = (one._replace(on=()) for one in self.kept.values())
        return sorted(
            (one for one in found if one.ended is None and one.look_at <= now),
            key=lambda one: (one.look_at, one.partition, one.unit),
        )

    def answered(self, unit: str, partitions: Collection[str]) -> None:
        """Forget what is public now."""
        for partition in partitions:
            self.kept.pop((unit, partition), None)

    def end(self, unit: str, partitions: Sequence[str], how: str) -> None:
        """Nobody looks again."""
        for partition in partitions:
            known = self.kept.get((unit, partition))
            if known is not None:
                self.kept[unit, partition] = known._replace(ended=how)

    def end_all(self, partition: str, how: str) -> None:
        """Nobody looks at a partition again, whichever unit asked for it."""
        for unit, of in list(self.kept):
            if of == partition:
                self.end(unit, (partition,), how)

    def wait_again(self, partition: str, now: str, deadline: str) -> None:
        """Look at once at what a waiver had ended, as at something new."""
        fresh = {"ended": None, "asked_at": now, "look_at": now, "deadline": deadline}
        for key, one in self.kept.items():
            if one.partition == partition and one.ended == "waived":
                self.kept[key] = one._replace(**fresh, looks=0, failures=0, on=())

    def wake(self, kept: Kept, number: int, now: str) -> None:
        """Look at once at what waits for something that publication `number` moved."""
        moved = dict(_moved(kept, number))
        for key, one in self.kept.items():
            is_moved = any(
                table in moved and first <= moved[table][1] and last >= moved[table][0]
                for table, first, last in one.on
            )
            if is_moved and one.ended is None and one.look_at > now:
                self.kept[key] = one._replace(look_at=now)


def _added(known: Work, one: Work) -> Work:
    return one._replace(
        asked_at=known.asked_at,
        deadline=known.deadline,
        looks=known.looks + one.looks,
        failures=known.failures + one.failures,
    )


def _moved(kept: Kept, number: int) -> Iterator[tuple[str, tuple[str, str]]]:
    for table, of in kept.pointers.items():
        mine = [partition for partition, known in of.items() if known[-1].since == number]
        if mine:
            yield table, (min(mine), max(mine))
    said = [
        partition for partition, known in kept.expectations.items() if known[-1].since == number
    ]
    if said:
        yield CALENDAR, (min(said), max(said))
