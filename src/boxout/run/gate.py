"""The gate: may this processor read its inputs for this partition, and which versions are they.

It answers with a value. Every condition it cannot establish is a reason to wait.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from boxout.ledger.port import CALENDAR
from boxout.model.inputs import Input, Need
from boxout.model.outcomes import Reason
from boxout.model.partitions import date_of, day_range, look_back
from boxout.model.pipeline import Calendar
from boxout.model.processors import Processor
from boxout.model.tables import Table
from boxout.run.snapshot import Snapshot

Pins: TypeAlias = dict[str, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Ready:
    """The versions to read: per bound name, (partition, version)."""

    pins: Pins


@dataclass(frozen=True, slots=True)
class Wait:
    """What is not there, not complete or not fresh."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why this partition will not come: postponed, cancelled, waived, no longer listed."""

    reasons: tuple[Reason, ...]


Answer: TypeAlias = Ready | Wait | Blocked


@dataclass(frozen=True, slots=True)
class Door:
    """The gate of one processor at one snapshot."""

    one: Processor
    snapshot: Snapshot
    calendar: Calendar

    def ask(self, partition: str) -> Answer:
        """The decision for one partition."""
        blocked, reasons = self._expected(partition)
        if blocked:
            return Blocked(blocked)
        pins: Pins = {}
        for name, given in self.one.inputs.items():
            lacking = self._choose(name, given, partition, pins)
            if lacking and given.need is Need.REQUIRED:
                reasons += lacking
        if not self.one.inputs:
            evaluated = Reason(
                self.one.name, "the gate evaluated no condition", "at least 1 needed"
            )
            reasons += (evaluated,)
        return Wait(tuple(dict.fromkeys(reasons))) if reasons else Ready(pins)

    def _expected(self, partition: str) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
        """Why the calendar will never expect this partition, and why it does not yet."""
        calendar, day = self.calendar, date_of(partition)
        source = calendar.table.name
        if self.one.target.scheme.name != calendar.scheme.name:
            return (), self._unknown((day,))
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
            keys, reasons = self._keys(given, feed.table, partition)
            found: list[tuple[str, int]] = []
            for key in keys:
                reasons += self._pin(feed.table, key, found)
            if not reasons:
                pins[f"{name}__{number}"] = found
                return ()
            lacking += reasons
        return lacking

    def _keys(
        self, given: Input, table: Table, partition: str
    ) -> tuple[Sequence[str], tuple[Reason, ...]]:
        """The partitions that are read, and why they cannot all be known."""
        is_game = table.scheme.name == self.calendar.scheme.name
        if given.window_days is not None:
            first, last = look_back(partition, given.window_days)
            days = _days(first, given.window_days)
            return (self._due(first, last) if is_game else days), self._unknown(days)
        if table.scheme.name == self.one.target.scheme.name:
            return (partition,), ()
        day = date_of(partition)
        return (self._due(*day_range(day, day)) if is_game else (day,)), ()

    def _due(self, first: str, last: str) -> list[str]:
        said = self.snapshot.expectations
        return [key for key in self.snapshot.keys(CALENDAR, first, last) if said[key].is_expected]

    def _pin(
        self, table: Table, partition: str, found: list[tuple[str, int]]
    ) -> tuple[Reason, ...]:
        """Add the version of a partition that may be read; otherwise why it may not."""
        snapshot, name = self.snapshot, table.name
        staged = snapshot.staged.get((name, partition))
        if staged is not None:
            found.append((partition, staged))
            return ()
        pointer = snapshot.pointer(name, partition)
        if pointer is None:
            return (Reason(name, "has not arrived" if table.is_source else "is not public"),)
        if pointer.version is None:
            return (Reason(name, f"was withdrawn by publication {pointer.since}"),)
        lacking = snapshot.incomplete.get((pointer.version, partition))
        if lacking:
            return tuple(Reason(name, f"{f.check} {f.found}", f.needed) for f in lacking)
        stale = None if table.is_source else snapshot.stale(name, partition)
        if stale:
            return (Reason(name, "is stale", str(stale)),)
        found.append((partition, pointer.version))
        return ()


def _days(first: str, count: int) -> list[str]:
    start = date.fromisoformat(first)
    return [(start + timedelta(n)).isoformat() for n in range(count)]
