"""What came late, what was corrected, and what people decided, from every pointer of a range."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from boxout.graph import Graph
from boxout.ledger import Appearance, Unpassed
from boxout.model import Calendar

LATE_H: Final = 6
"""Hours after the first source of a partition; what comes later is late."""

COMPLETE: Final = "complete"
NORMAL: Final = "normal"


class Late(NamedTuple):
    """A source that came so many hours after the first source of its partition."""

    table: str
    partition: str
    at: str
    behind_h: float


class Corrected(NamedTuple):
    """A source that came again although it was complete: `times` after the first, the last `at`.

    `before` and `rows` are how many rows there were first, and are now.
    """

    table: str
    partition: str
    times: int
    at: str
    before: int
    rows: int


class Decision(NamedTuple):
    """A publication that a person asked for with a reason: forced, a rollback, a waiver."""

    publication: int
    at: str
    kind: str
    reason: str
    tables: tuple[str, ...]
    partitions: tuple[str, ...]


def late(graph: Graph, calendar: Calendar, seen: Sequence[Appearance]) -> list[Late]:
    """Sources that kept the others of their partition waiting, longest first.

    The calendar is no such source: it comes months before.
    """
    names = {name for name, one in graph.tables.items() if one.is_source} - {calendar.table.name}
    first: dict[tuple[str, str], str] = {}
    for one in seen:
        if one.pointer.table in names and one.pointer.version is not None:
            first.setdefault(one.pointer[:2], one.at)
    began: dict[str, str] = {}
    for (_, partition), at in first.items():
        began[partition] = min(at, began.get(partition, at))
    found = [
        Late(table, partition, at, _hours(began[partition], at))
        for (table, partition), at in first.items()
    ]
    return sorted((one for one in found if one.behind_h > LATE_H), key=lambda one: -one.behind_h)


def corrected(
    graph: Graph, seen: Iterable[Appearance], unpassed: Iterable[Unpassed]
) -> list[Corrected]:
    """Sources with another version after one that was complete, the latest first.

    What arrives while a game still runs is not complete, and no correction of it.
    """
    lacking = {
        (one.version, one.finding.partition) for one in unpassed if one.finding.severity == COMPLETE
    }
    found = (_corrected(table, partition, of) for (table, partition), of in
             _whole(graph, seen, lacking).items() if len(of) > 1)  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)


def _whole(
    graph: Graph, seen: Iterable[Appearance], lacking: Collection[tuple[int | None, str]]
) -> dict[tuple[str, str], list[Appearance]]:
    """The complete versions that each source of a partition had, in their order."""
    found: dict[tuple[str, str], list[Appearance]] = {}
    for one in seen:
        table, partition, version = one.pointer[:3]
        is_source = table in graph.tables and graph.tables[table].is_source
        if is_source and version is not None and (version, partition) not in lacking:
            found.setdefault((table, partition), []).append(one)
    return found


def _corrected(table: str, partition: str, of: Sequence[Appearance]) -> Corrected:
    return Corrected(table, partition, len(of) - 1, of[-1].at, of[0].rows, of[-1].rows)


def decisions(seen: Iterable[Appearance]) -> list[Decision]:
    """Publications past failed checks, and those that took something back, in their order."""
    found: dict[int, list[Appearance]] = {}
    for one in seen:
        if one.kind != NORMAL:
            found.setdefault(one.pointer.since, []).append(one)
    return list(_decisions(found))


def _decisions(found: dict[int, list[Appearance]]) -> Iterator[Decision]:
    for number, of in sorted(found.items()):
        tables = tuple(dict.fromkeys(one.pointer.table for one in of))
        partitions = tuple(dict.fromkeys(one.pointer.partition for one in of))
        yield Decision(number, of[0].at, of[0].kind, of[0].reason, tables, partitions)


def _hours(since: str, at: str) -> float:
    return (datetime.fromisoformat(at) - datetime.fromisoformat(since)).total_seconds() / 3600
