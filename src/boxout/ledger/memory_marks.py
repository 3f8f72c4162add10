"""The marks of publications, and numbers that are not given again, in memory."""

from threading import RLock

from boxout.ledger.marks import mark_of
from boxout.ledger.memory_publishing import Kept
from boxout.ledger.port import ALL, News


class MemoryMarks:
    """What tells one publication from any other of its number."""

    def __init__(self, kept: Kept, lock: RLock) -> None:
        self._kept, self._lock = kept, lock

    def news(self, after: int, most: int = ALL) -> News:
        """The moves after a publication, with the marks of both ends."""
        with self._lock:
            head = min(len(self._kept.publications), after + most)
            of = [o for t in self._kept.pointers.values() for each in t.values() for o in each]
            moves = sorted(
                (o for o in of if after < o.since <= head), key=lambda o: (o.since, *o[:2])
            )
            return News(self._mark(after), head, self._mark(head), tuple(moves))

    def skip(self, version: int) -> None:
        """No version is given this number any more, nor one before it."""
        with self._lock:
            self._kept.skipped = max(self._kept.skipped, version)

    def _mark(self, number: int) -> int:
        if not 0 < number <= len(self._kept.publications):
            return 0
        one = self._kept.publications[number - 1]
        return mark_of(number, one.attempt, one.at, self._kept.attempts[one.attempt - 1].run)
