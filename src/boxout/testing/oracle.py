"""What a public row should be, computed from what is public: independent of gate and engine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

from boxout.graph import Graph
from boxout.model import Calendar, Input, Need, Processor, Table
from boxout.model.partitions import date_of
from boxout.testing.symbols import derived, is_read

Row = dict[str, Any]
Rows = Callable[[str, str], Row | None]
"""The row of (table, partition), or None when there is none that may be read."""


class Unready(Exception):
    """A row cannot be computed: something it needs is not there."""


@dataclass(frozen=True, slots=True)
class Oracle:
    """One state: which partitions are expected, and the rows that may be read.

    `absent` are those that the calendar says are not on their date, `listed` all that it ever
    named, and `begins` is the first day that it ever knew.
    """

    graph: Graph
    calendar: Calendar
    expected: frozenset[str]
    row: Rows
    listed: frozenset[str]
    absent: frozenset[str]
    begins: str

    def is_quiet(self, table: str, day: str) -> bool:
        """Whether a table cut by date has no rows of a day: the calendar has nothing on it."""
        is_game = self.graph.tables[table].scheme.name == self.calendar.scheme.name
        if is_game or self.row(self.calendar.table.name, day) is None:
            return False
        return all(key in self.absent for key in self.listed if date_of(key) == day)

    def derive(self, table: str, partition: str, code: str) -> Row:
        """The row that this code of the processor gives; Unready when an input it needs is not there."""
        return next(self.derivations(table, partition, code))

    def derivations(self, table: str, partition: str, code: str) -> Iterator[Row]:
        """Every row that may be public: all that is ready was read, or what was stale was not.

        Whether a public row is stale is the engine's to say, and only an optional window may
        leave one out; the first derivation leaves out none.
        """
        one = self.graph.processors[table]
        self._expect(one, partition)
        names = list(one.inputs)
        choices = [self._choices(one, partition, one.inputs[name]) for name in names]
        for chosen in product(*choices):
            yield derived(partition, dict(zip(names, chosen, strict=True)), code)

    def _expect(self, one: Processor, partition: str) -> None:
        if one.target.scheme.name == self.calendar.scheme.name:
            if partition not in self.expected:
                raise Unready(f"{partition} is not expected")
        elif self.row(self.calendar.table.name, partition) is None:
            raise Unready(f"{partition} has no calendar")
        elif self.is_quiet(one.target.name, partition):
            raise Unready(f"{partition} has no games")

    def _choices(self, one: Processor, partition: str, given: Input) -> list[list[Row]]:
        if given.window_days is None or given.need is not Need.OPTIONAL:
            return [self._input(one, partition, given)]
        (table,) = given.tables
        rows = [
            row for key in self._window(partition, given, table) for row in self._rows(table, key)
        ]
        if table.is_source:
            return [rows]
        masks = product((True, False), repeat=len(rows))
        return [[row for row, is_in in zip(rows, mask, strict=True) if is_in] for mask in masks]

    def _rows(self, table: Table, key: str) -> list[Row]:
        try:
            return [self._there(table, key)]
        except Unready:
            return []

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
            days = self._days(partition, given.window_days)
            known, begins = self.calendar.table.name, self.calendar.since(partition) or self.begins
            if any(self.row(known, day) is None for day in days if day >= begins):
                raise Unready(f"{partition}: the calendar of its window is not known")
            return self._window(partition, given, table)
        if table.scheme.name == one.target.scheme.name:
            return [partition]
        day = date_of(partition)
        return [key for key in sorted(self.expected) if key.startswith(day)] if is_game else [day]

    def _window(self, partition: str, given: Input, table: Table) -> list[str]:
        """The keys of a window on days that the calendar knows."""
        days = given.window_days or 0
        if table.scheme.name == self.calendar.scheme.name:
            return [key for key in sorted(self.expected) if is_read(days, partition, key)]
        known = self.calendar.table.name
        return [
            day
            for day in self._days(partition, days)
            if self.row(known, day) is not None
            and (not self.is_quiet(table.name, day) or self.row(table.name, day) is not None)
        ]

    def _days(self, partition: str, count: int) -> list[str]:
        """The days of a window, none of them before the season."""
        end = date.fromisoformat(date_of(partition))
        found = [(end - timedelta(n)).isoformat() for n in range(count, 0, -1)]
        return [day for day in found if day >= self.calendar.since(partition)]
