"""The gate: may this processor read its inputs for this partition, and which versions are they.

It answers with a value. Every condition it cannot establish is a reason to wait.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import TypeAlias

from boxout.ledger.port import CALENDAR
from boxout.model.inputs import Input, Need
from boxout.model.outcomes import Reason
from boxout.model.partitions import AFTER, date_of, day_range
from boxout.model.pipeline import Calendar
from boxout.model.processors import Processor
from boxout.model.tables import Table
from boxout.run.quiet import nothing_on, quiet_days
from boxout.run.snapshot import Snapshot
from boxout.run.windows import Readable, within

Pins: TypeAlias = dict[str, Sequence[tuple[str, int]]]
Pinned: TypeAlias = tuple[int | None, tuple[Reason, ...]]
"""The version of one partition; None when it may not be read, and why."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The versions to read: per bound name, (partition, version).

    `left_out` are the (table, partition) that are public and stale: they were read as if they were
    absent, where an input may do without them.
    """

    pins: Pins
    left_out: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Wait:
    """What is not there, not complete or not fresh."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why this partition will not come: postponed, cancelled, waived, no longer listed.

    Of what is cut by date: that the calendar has nothing on it.
    """

    reasons: tuple[Reason, ...]


Answer: TypeAlias = Ready | Wait | Blocked
Pin: TypeAlias = Callable[["Door", Table, str], Pinned]


@dataclass(frozen=True, slots=True)
class Door:
    """The gate of one processor at one snapshot."""

    one: Processor
    snapshot: Snapshot
    calendar: Calendar
    _left_out: set[tuple[str, str]] = field(default_factory=set)

    def ask(self, partition: str) -> Answer:
        """The decision for one partition."""
        blocked, reasons = self._expected(partition)
        if blocked:
            return Blocked(blocked)
        pins: Pins = {}
        self._left_out.clear()
        for name, given in self.one.inputs.items():
            lacking = self._choose(name, given, partition, pins)
            if lacking and given.need is Need.REQUIRED:
                reasons += lacking
        if not self.one.inputs:
            evaluated = Reason(
                self.one.name, "the gate evaluated no condition", "at least 1 needed"
            )
            reasons += (evaluated,)
        if reasons:
            return Wait(tuple(dict.fromkeys(reasons)))
        return Ready(pins, frozenset(self._left_out))

    def _expected(self, partition: str) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
        """Why the calendar will never expect this partition, and why it does not yet."""
        calendar, day = self.calendar, date_of(partition)
        source = calendar.table.name
        if self.one.target.scheme.name != calendar.scheme.name:
            quiet = day in quiet_days(self.snapshot, calendar)
            return ((nothing_on(calendar, day),), ()) if quiet else ((), self._unknown((day,)))
        said = self.snapshot.expectations.get(partition)
        if said is None:
            listed = Reason(source, f"does not list {partition}")
            return (), self._unknown((day,)) or (listed,)
        if said.is_expected:
            return (), ()
        needed = " or ".join(sorted(calendar.expected_when)) + " needed"
        reason = (Reason(source, f"{partition} is {said.state}", needed),)
        return (reason, ()) if calendar.is_never(said.state) else ((), reason)

    def _unknown(self, days: Iterable[str]) -> tuple[Reason, ...]:
        known = self.snapshot.pointers.get(self.calendar.table.name, {})
        lacking = [day for day in days if day not in known or known[day].version is None]
        if not lacking:
            return ()
        more = f" and {len(lacking) - 1} days more" if len(lacking) > 1 else ""
        return (Reason(self.calendar.table.name, f"no rows for {lacking[0]}{more} have arrived"),)

    def _choose(self, name: str, given: Input, partition: str, pins: Pins) -> tuple[Reason, ...]:
        """Pin the first feed that is ready; otherwise why none is."""
        lacking: tuple[Reason, ...] = ()
        for number, feed in enumerate(given.feeds):
            found, reasons = self._found(given, feed.table, partition)
            is_partly = given.window_days is not None and given.need is Need.OPTIONAL
            if is_partly or not reasons:
                pins[f"{name}__{number}"] = found
                return ()
            lacking += reasons
        return lacking

    def _found(
        self, given: Input, table: Table, partition: str
    ) -> tuple[Sequence[tuple[str, int]], tuple[Reason, ...]]:
        """What of a table may be read for a partition, and why not all that is wanted."""
        if given.window_days is not None:
            first, last = self.calendar.window(partition, given.window_days)
            readable = self._readable(table, first, last)
            self._left_out.update((table.name, key) for key in readable.left_out(first, last))
            return readable.ready(first, last), (
                *self._gap(first, last),
                *readable.reasons(first, last),
            )
        found: list[tuple[str, int]] = []
        reasons: tuple[Reason, ...] = ()
        for key in self._keys(given, table, partition):
            version, lacking = self._pin(table, key)
            if version is not None:
                found.append((key, version))
            reasons += lacking
        return found, reasons

    def _keys(self, given: Input, table: Table, partition: str) -> Sequence[str]:
        """The partitions of a table that an input wants for a partition."""
        is_game = table.scheme.name == self.calendar.scheme.name
        if given.window_days is not None:
            first, last = self.calendar.window(partition, given.window_days)
            return self._due(first, last) if is_game else self._days(table, first, last)
        if table.scheme.name == self.one.target.scheme.name:
            return (partition,)
        day = date_of(partition)
        return self._due(*day_range(day, day)) if is_game else (day,)

    def _due(self, first: str, last: str) -> list[str]:
        said = self.snapshot.expectations
        return [key for key in self.snapshot.keys(CALENDAR, first, last) if said[key].is_expected]

    def _days(self, table: Table, first: str, last: str) -> list[str]:
        """The known days; one without games counts only when the table has it all the same."""
        there = self.snapshot.pointers.get(table.name, {})
        quiet = quiet_days(self.snapshot, self.calendar)
        return [
            day
            for day in within(self.snapshot.known, first, last)
            if day not in quiet or ((known := there.get(day)) and known.version is not None)
        ]

    def _gap(self, first: str, last: str) -> tuple[Reason, ...]:
        """The days of a window that the calendar does not know; before it begins is no gap.

        A calendar that counts by seasons begins where the season does, whatever has arrived.
        """
        began = self.snapshot.beginning if self.calendar.begins is None else None
        start, end = date_of(max(first, began.partition if began else first)), date_of(last)
        count = (date.fromisoformat(end) - date.fromisoformat(start)).days + 1
        if len(within(self.snapshot.known, start, end)) >= count:
            return ()
        return self._unknown(_dates(start, count))

    def _readable(self, table: Table, first: str, last: str) -> Readable:
        """Every key of a table that windows may want, judged once for a snapshot.

        What the attempt itself has staged there is read instead, and judged anew.
        """
        is_game = table.scheme.name == self.calendar.scheme.name
        keys, snapshot = self._due if is_game else partial(self._days, table), self.snapshot
        if any(name == table.name and first <= p <= last for name, p in snapshot.staged):
            return self._judged(table, keys(first, last), Door._pin)
        if table.name not in snapshot.readable:
            judged = self._judged(table, keys("", AFTER), Door._public)
            snapshot.readable[table.name] = judged
        return snapshot.readable[table.name]

    def _judged(self, table: Table, keys: Sequence[str], pin: Pin) -> Readable:
        alone, readable = Door(self.one, self.snapshot, self.calendar), Readable()
        for key in keys:
            readable.add(key, *pin(alone, table, key))
        readable.stale.extend(sorted(key for _, key in alone._left_out))
        return readable

    def _pin(self, table: Table, partition: str) -> Pinned:
        """The version of a partition that may be read; otherwise why it may not."""
        staged = self.snapshot.staged.get((table.name, partition))
        return self._public(table, partition) if staged is None else (staged, ())

    def _public(self, table: Table, partition: str) -> Pinned:
        snapshot, name = self.snapshot, table.name
        pointer = snapshot.pointer(name, partition)
        if pointer is None:
            return None, (Reason(name, "has not arrived" if table.is_source else "is not public"),)
        if pointer.version is None:
            return None, (Reason(name, f"was withdrawn by publication {pointer.since}"),)
        lacking = snapshot.incomplete.get((pointer.version, partition))
        if lacking:
            return None, tuple(Reason(name, f"{f.check} {f.found}", f.needed) for f in lacking)
        stale = None if table.is_source else snapshot.stale(name, partition)
        if stale:
            self._left_out.add((name, partition))
            return None, (Reason(name, "is stale", str(stale)),)
        return pointer.version, ()


def _dates(first: str, count: int) -> list[str]:
    start = date.fromisoformat(first)
    return [(start + timedelta(n)).isoformat() for n in range(count)]
