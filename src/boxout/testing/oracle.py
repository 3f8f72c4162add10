"""What a public row should be, computed from what is public: independent of gate and engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from boxout.graph import Graph
from boxout.model import Calendar, Input, Need, Processor, Table
from boxout.model.partitions import date_of, look_back
from boxout.testing.symbols import derived, is_read

Row = dict[str, Any]
Rows = Callable[[str, str], Row | None]
"""The row of (table, partition), or None when there is none that may be read."""


class Unready(Exception):
    """A row cannot be computed: something it needs is not there."""


@dataclass(frozen=True, slots=True)
class Oracle:
    """One state: which partitions are expected, and the rows that may be read.

    `keys` names every partition of a table that has a row.
    """

    graph: Graph
    calendar: Calendar
    expected: frozenset[str]
    row: Rows
    keys: Mapping[str, Sequence[str]]

    def derive(self, table: str, partition: str, code: str) -> Row:
        """The row that this code of the processor gives; Unready when an input it needs is not there."""
        one = self.graph.processors[table]
        if one.target.scheme.name == self.calendar.scheme.name:
            if partition not in self.expected:
                raise Unready(f"{partition} is not expected")
        elif self.row(self.calendar.table.name, partition) is None:
            raise Unready(f"{partition} has no calendar")
        given = {name: self._input(one, partition, of) for name, of in one.inputs.items()}
        return derived(partition, given, code)

    def _input(self, one: Processor, partition: str, given: Input) -> list[Row]:
        for feed in given.feeds:
            try:
                return [
                    self._there(feed.table, key)
                    for key in self._keys(one, partition, given, feed.table)
                ]
            except Unready:
                continue
        if given.need is Need.OPTIONAL:
            return []
        raise Unready(f"{one.target} {partition}: {given.tables} not ready")

    def _there(self, table: Table, key: str) -> Row:
        row = self.row(table.name, key)
        if row is None or not row["is_whole"]:
            raise Unready(f"{table} {key}")
        return row

    def _keys(self, one: Processor, partition: str, given: Input, table: Table) -> list[str]:
        is_game = table.scheme.name == self.calendar.scheme.name
        if given.window_days is not None:
            days = _days(look_back(partition, given.window_days)[0], given.window_days)
            if any(self.row(self.calendar.table.name, day) is None for day in days):
                raise Unready(f"{partition}: the calendar of its window is not known")
            due = [
                key for key in sorted(self.expected) if is_read(given.window_days, partition, key)
            ]
            return due if is_game else days
        if table.scheme.name == one.target.scheme.name:
            return [partition]
        day = date_of(partition)
        return [key for key in sorted(self.expected) if key.startswith(day)] if is_game else [day]


def _days(first: str, count: int) -> list[str]:
    start = date.fromisoformat(first)
    return [(start + timedelta(n)).isoformat() for n in range(count)]
