"""The gate: may this processor read its inputs for this partition, and which versions are they.

It answers with a value. Every condition it cannot establish is a reason to wait.
"""

from dataclasses import dataclass
from typing import TypeAlias

from boxout.ledger.records import Finding
from boxout.model.inputs import Input, Need
from boxout.model.outcomes import Reason
from boxout.model.partitions import date_of, look_back
from boxout.model.pipeline import Calendar
from boxout.model.processors import Processor
from boxout.model.tables import Table
from boxout.run.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Ready:
    """The versions to read: per bound name, (partition, version)."""

    pins: dict[str, list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Wait:
    """What is not there, not complete or not fresh."""

    reasons: tuple[Reason, ...]


Answer: TypeAlias = Ready | Wait


def ask(one: Processor, partition: str, snapshot: Snapshot, calendar: Calendar) -> Answer:
    """The gate's decision for one processor and partition."""
    reasons = expected(partition, one.target, snapshot, calendar)
    pins: dict[str, list[tuple[str, int]]] = {}
    conditions = 0
    for name, given in one.inputs.items():
        lacking = _choose(name, given, one.target, partition, snapshot, calendar, pins)
        conditions += 1
        if given.need is Need.REQUIRED:
            reasons = (*reasons, *lacking)
    if not conditions:
        reasons = (
            *reasons,
            Reason(one.name, "the gate evaluated no condition", "at least 1 needed"),
        )
    return Wait(reasons) if reasons else Ready(pins)


def expected(
    partition: str, table: Table, snapshot: Snapshot, calendar: Calendar
) -> tuple[Reason, ...]:
    """Why the calendar does not expect this partition; empty when it does."""
    if table.scheme.name != calendar.scheme.name:
        known = snapshot.pointer(calendar.table.name, partition)
        return () if known else (Reason(calendar.table.name, f"has no rows for {partition}"),)
    expectation = snapshot.expectations.get(partition)
    if expectation is None:
        if snapshot.pointer(calendar.table.name, date_of(partition)) is None:
            return (Reason(calendar.table.name, f"no rows for {date_of(partition)} have arrived"),)
        return (Reason(calendar.table.name, f"does not list {partition}"),)
    if not expectation.is_expected:
        needed = " or ".join(sorted(calendar.expected_when)) + " needed"
        return (Reason(calendar.table.name, f"{partition} is {expectation.state}", needed),)
    return ()


def _choose(  # noqa: PLR0913, PLR0917
    name: str,
    given: Input,
    target: Table,
    partition: str,
    snapshot: Snapshot,
    calendar: Calendar,
    pins: dict[str, list[tuple[str, int]]],
) -> tuple[Reason, ...]:
    lacking: tuple[Reason, ...] = ()
    for number, feed in enumerate(given.feeds):
        keys = _keys(given, feed.table, target, partition, snapshot, calendar)
        reasons = tuple(r for key in keys for r in unready(feed.table, key, snapshot))
        if not reasons:
            found = [(key, _version(feed.table.name, key, snapshot)) for key in keys]
            pins[f"{name}__{number}"] = [(key, v) for key, v in found if v is not None]
            return ()
        lacking = (*lacking, *reasons)
    return lacking


def _keys(  # noqa: PLR0917
    given: Input,
    table: Table,
    target: Table,
    partition: str,
    snapshot: Snapshot,
    calendar: Calendar,
) -> list[str]:
    if given.window_days is None and table.scheme.name == target.scheme.name:
        return [partition]
    if given.window_days is None and table.scheme.name != calendar.scheme.name:
        return [date_of(partition)]
    day = date_of(partition)
    first, last = look_back(partition, given.window_days) if given.window_days else (day, day + "~")
    if table.scheme.name != calendar.scheme.name:
        return [key for key in snapshot.pointers.get(table.name, {}) if first <= key <= last]
    return [k for k, e in snapshot.expectations.items() if first <= k <= last and e.is_expected]


def unready(table: Table, partition: str, snapshot: Snapshot) -> tuple[Reason, ...]:
    """Why these rows may not be read; empty when they may."""
    if (table.name, partition) in snapshot.staged:
        return ()
    pointer = snapshot.pointer(table.name, partition)
    if pointer is None or pointer.version is None:
        absent = "has not arrived" if table.is_source else "is not public"
        return (Reason(table.name, absent if pointer is None else "was withdrawn"),)
    findings = snapshot.incomplete.get((pointer.version, partition), [])
    if findings:
        return tuple(_incomplete(table.name, finding) for finding in findings)
    if table.is_source:
        return ()
    stale = snapshot.stale(table.name, partition)
    return (Reason(table.name, "is stale", str(stale)),) if stale else ()


def _incomplete(table: str, finding: Finding) -> Reason:
    return Reason(table, f"{finding.check} {finding.found}", finding.needed)


def _version(table: str, partition: str, snapshot: Snapshot) -> int | None:
    staged = snapshot.staged.get((table, partition))
    if staged is not None:
        return staged
    pointer = snapshot.pointer(table, partition)
    return pointer.version if pointer else None
