"""What stands behind the pointers of a snapshot: asked for when one of them has to be judged."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from boxout.graph import Graph
from boxout.ledger import Ledger
from boxout.ledger.port import CALENDAR
from boxout.ledger.records import Pointer, Version
from boxout.model import Calendar, Input, Need
from boxout.model.partitions import AFTER, date_of, look_ahead

DAYS_MAX: Final = 1 << 14
"""More days than any league has played on."""


@dataclass(slots=True)
class Built:
    """What was built and from what, by version; a version never changes once it is written.

    Of most partitions nobody asks: what they read has plainly not moved. Whoever asks for one is
    given its whole day, and twice as many days each time that it was not enough.
    """

    ledger: Ledger
    pointers: Sequence[Mapping[str, Pointer]]
    _known: dict[int, Version] = field(default_factory=dict)
    _days: int = 1

    def of(self, number: int, partition: str) -> Version:
        """The version with this number, to which something of this partition points."""
        if number not in self._known:
            self._ask(number, date_of(partition))
        return self._known[number]

    def _ask(self, number: int, day: str) -> None:
        last = look_ahead(day, self._days) + AFTER
        self._days = min(self._days * 2, DAYS_MAX)
        near = (
            named
            for of in self.pointers
            for key, one in of.items()
            if day <= key <= last
            for named in (one.version, one.basis)
        )
        numbers = {n for n in (number, *near) if n is not None} - self._known.keys()
        self._known |= {one.version: one for one in self.ledger.versions(numbers)}


def plainly_read(
    graph: Graph, calendar: Calendar, computed: Collection[str]
) -> dict[str, Collection[str]]:
    """What a partition of each derived table reads, where that is all at its partition or date.

    A table is none of them when an input looks back, or may do without something computed: what
    was left out then is not told by what is there now.
    """
    found: dict[str, Collection[str]] = {}
    for name in computed:
        inputs = graph.processors[name].inputs.values()
        if all(given.window_days is None and _is_firm(given, graph) for given in inputs):
            is_by_date = graph.tables[name].scheme.name != calendar.scheme.name
            always = {CALENDAR, calendar.table.name} if is_by_date else {CALENDAR}
            found[name] = always | {table.name for given in inputs for table in given.tables}
    return found


def _is_firm(given: Input, graph: Graph) -> bool:
    is_all_landed = not any(table.name in graph.processors for table in given.tables)
    return is_all_landed or (given.need is Need.REQUIRED and len(given.feeds) == 1)
