"""Events, the outbox and its readers, in memory."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from boxout.ledger.outbox import WATCHDOG
from boxout.ledger.records import Cursor, Entry, Event


@dataclass(slots=True)
class Outbox:
    """Every entry that is kept, and how far each reader is."""

    entries: list[Entry] = field(default_factory=list)
    cursors: dict[str, Cursor] = field(default_factory=dict)

    def put(self, entries: Iterable[Entry]) -> None:
        """Keep them under the next numbers."""
        for one in entries:
            last = self.entries[-1].entry if self.entries else 0
            self.entries.append(one._replace(entry=last + 1))

    def after(self, entry: int, limit: int) -> list[Entry]:
        """Those that follow, oldest first."""
        first = bisect_right(self.entries, entry, key=lambda one: one.entry)
        return self.entries[first:][:limit]

    def cursor(self, reader: str) -> Cursor:
        """How far a reader is; at the beginning when it never came."""
        return self.cursors.get(reader, Cursor(0, ""))

    def advance(self, reader: str, to: Cursor) -> None:
        """Forward only."""
        if to.entry >= self.cursor(reader).entry:
            self.cursors[reader] = to

    def prune(self, older_than: str) -> int:
        """Forget what is older and what every reader is through with, but for the latest."""
        through = [to.entry for reader, to in self.cursors.items() if reader != WATCHDOG]
        last = min([*through, self.entries[-1].entry - 1]) if self.entries else 0
        kept = [one for one in self.entries if one.at >= older_than or one.entry > last]
        count = len(self.entries) - len(kept)
        self.entries[:] = kept
        return count


def pruner(box: Outbox, lock: AbstractContextManager[object]) -> Callable[[str], int]:
    """Prunes, while nobody else is at it."""

    def prune(older_than: str) -> int:
        with lock:
            return box.prune(older_than)

    return prune


def latest(events: Sequence[Event], tables: Collection[str], first: str, last: str) -> list[Event]:
    """What was recorded last of each (table, partition) in the range, and at that moment."""
    known = [e for e in events if e.table in tables and first <= e.partition <= last]
    at = {(one.table, one.partition): one.at for one in known}
    found = [one for one in known if one.at == at[one.table, one.partition]]
    return sorted(found, key=lambda one: (one.table, one.partition))
