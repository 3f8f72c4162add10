"""The state of every (table, partition), counted by date."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from boxout.model import Table
from boxout.model.partitions import date_of
from boxout.report.look import Seen, lacking
from boxout.run.land import REFUSED
from boxout.run.quiet import quiet_days

STATES: Final = ("fresh", "running", "stale", "withheld", "withdrawn", "waiting", "missing")
LOOK_AT: Final = frozenset({"stale", "withheld", "withdrawn"})
"""The states for which somebody has to do something."""


class Cell(NamedTuple):
    """One (table, partition) and its state."""

    table: str
    partition: str
    state: str


@dataclass(frozen=True, slots=True)
class Status:
    """Per date and table, how many partitions are in which state; `look_at` are not well.

    `forced` are public past failed checks, whatever their state. `retired` are the tables that
    the pipeline has no more: their rows stay in the warehouse, and nobody is shown them.
    """

    days: Mapping[str, Mapping[str, Mapping[str, int]]]
    totals: Mapping[str, int]
    look_at: tuple[Cell, ...] = field(default=())
    forced: tuple[Cell, ...] = field(default=())
    retired: tuple[str, ...] = field(default=())


def status(seen: Seen, first: str, last: str) -> Status:
    """The state of what is known of these dates, and of what the calendar expects on them.

    missing: it has not arrived, or all it needs is there and nothing was computed. waiting: an
    input is lacking, or a source is public and incomplete. running: somebody holds its lease. fresh, stale, withheld, withdrawn: as
    in `why`. What the last attempt withheld is withheld until something newer is public.
    """
    cells = states(seen, first, last)
    days: dict[str, dict[str, Counter[str]]] = {}
    for cell in cells:
        of = days.setdefault(date_of(cell.partition), {})
        of.setdefault(cell.table, Counter())[cell.state] += 1
    totals = Counter(cell.state for cell in cells)
    ordered = {state: totals[state] for state in STATES if totals[state]}
    look_at = tuple(cell for cell in cells if cell.state in LOOK_AT)
    retired = tuple(name for name in seen.ledger.tables() if name not in seen.graph.tables)
    return Status(dict(sorted(days.items())), ordered, look_at, _forced(seen, cells), retired)


def states(seen: Seen, first: str, last: str) -> list[Cell]:
    """What is known of these dates, and what is expected on them, table by table in order."""
    known_at = published_at(seen)
    return [
        Cell(name, partition, state_of(seen, table, partition, known_at))
        for name, table in seen.graph.tables.items()
        for partition in sorted(_asked(seen, table))
        if first <= date_of(partition) <= last
    ]


def _forced(seen: Seen, cells: list[Cell]) -> tuple[Cell, ...]:
    forced = seen.ledger.forced()
    since = {cell: seen.snapshot.pointer(cell.table, cell.partition) for cell in cells if forced}
    return tuple(cell for cell, pointer in since.items() if pointer and pointer.since in forced)


def _asked(seen: Seen, table: Table) -> Iterator[str]:
    known = set(seen.snapshot.pointers[table.name])
    told = {partition for name, partition in seen.events if name == table.name}
    bare = set[str]()
    if table.scheme.name == seen.pipeline.calendar.scheme.name:
        known |= {p for p, one in seen.snapshot.expectations.items() if one.is_expected}
    elif not table.is_source:
        bare = quiet_days(seen.snapshot, seen.pipeline.calendar) - known
        known |= set(seen.snapshot.pointers.get(seen.pipeline.calendar.table.name, {}))
    yield from (known | told) - bare


def state_of(
    seen: Seen, table: Table, partition: str, known_at: Mapping[int, str] | None = None
) -> str:
    """The state of one (table, partition), from the ledger alone."""
    if (table.name, partition) in seen.running:
        return "running"
    pointer = seen.snapshot.pointer(table.name, partition)
    if pointer is not None and pointer.version is None:
        return "withdrawn"
    stale = None if table.is_source else seen.snapshot.stale(table.name, partition)
    if pointer is not None and stale is None and not table.is_source:
        return "fresh"
    times = published_at(seen) if known_at is None else known_at
    if _is_withheld(seen, table.name, partition, times.get(pointer.since, "") if pointer else ""):
        return "withheld"
    return (_of_source if table.is_source else _of_derived)(seen, table.name, partition)


def _of_derived(seen: Seen, table: str, partition: str) -> str:
    if seen.snapshot.pointer(table, partition) is not None:
        return "stale"
    if seen.is_quiet(table, partition):
        return "missing"
    return "waiting" if lacking(seen, table, partition) else "missing"


def _is_withheld(seen: Seen, table: str, partition: str, since: str) -> bool:
    """Whether the latest that was told of it came after the publication, and was a refusal."""
    event = seen.last_event(table, partition)
    return event is not None and event.kind in REFUSED and event.at >= since


def _of_source(seen: Seen, table: str, partition: str) -> str:
    pointer = seen.snapshot.pointer(table, partition)
    if pointer is None or pointer.version is None:
        return "missing"
    is_incomplete = (pointer.version, partition) in seen.snapshot.incomplete
    return "waiting" if is_incomplete else "fresh"


def published_at(seen: Seen) -> dict[int, str]:
    """When that became public of which something was refused."""
    refused = (key for key, of in seen.events.items() if any(one.kind in REFUSED for one in of))
    since = {one.since for key in refused if (one := seen.snapshot.pointer(*key)) is not None}
    return seen.ledger.published_at(since) if since else {}
