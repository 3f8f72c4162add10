"""Events, the outbox and its readers, in memory."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from boxout.ledger.records import Cursor, Entry, Event


@dataclass(slots=True)
class Outbox:
    """Every entry there ever was, and how far each reader is."""

    entries: list[Entry] = field(default_factory=list)
    cursors: dict[str, Cursor] = field(default_factory=dict)

    def put(self, entries: Iterable[Entry]) -> None:
        """Keep them under the next numbers."""
        for one in entries:
            self.entries.append(one._replace(entry=len(self.entries) + 1))

    def after(self, entry: int, limit: int) -> list[Entry]:
        """Those that follow, oldest first."""
        return self.entries[max(entry, 0) :][:limit]

    def cursor(self, reader: str) -> Cursor:
        """How far a reader is; at the beginning when it never came."""
        return self.cursors.get(reader, Cursor(0, ""))

    def advance(self, reader: str, to: Cursor) -> None:
        """Forward only."""
        if to.entry >= self.cursor(reader).entry:
            self.cursors[reader] = to


def latest(events: Sequence[Event], tables: Collection[str], first: str, last: str) -> list[Event]:
    """What was recorded last of each (table, partition) in the range, and at that moment."""
    known = [e for e in events if e.table in tables and first <= e.partition <= last]
    at = {(one.table, one.partition): one.at for one in known}
    found = [one for one in known if one.at == at[one.table, one.partition]]
    return sorted(found, key=lambda one: (one.table, one.partition))
