"""What of a range is not public and well, each with its reasons."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from boxout.model.outcomes import Reason
from boxout.report.expected import NOT_NEEDED, Expectations, SourceSeen
from boxout.report.groups import Line
from boxout.report.look import Seen, lacking
from boxout.report.needs import FALLBACK, OPTIONAL
from boxout.report.states import Cell, states

WELL: Final = frozenset({"fresh", "running", NOT_NEEDED})

Sources = Mapping[tuple[str, str], SourceSeen]
"""By (table, partition), the sources that the calendar expects."""


def cells(seen: Seen, waited: Expectations, first: str, last: str) -> list[Cell]:
    """The states of `status`, but for a fallback that nobody needs."""
    sources = by_cell(waited)
    return [
        one._replace(state=sources[one[:2]].state) if one[:2] in sources else one
        for one in states(seen, first, last)
    ]


def by_cell(waited: Expectations) -> Sources:
    """The sources of every partition that the calendar has listed."""
    return {(one.table, each.partition): one for each in waited.partitions for one in each.sources}


def held(seen: Seen, found: Sequence[Cell], waited: Expectations) -> Iterator[Line]:
    """The cells that are not well, each with its reasons."""
    sources = by_cell(waited)
    for cell in found:
        if cell.state not in WELL:
            source = sources.get(cell[:2])
            yield (*cell[:2], cell.state, tuple(_reasons(seen, cell, source)))


def _reasons(seen: Seen, cell: Cell, source: SourceSeen | None) -> Iterator[Reason]:
    table, partition, state = cell
    event = seen.last_event(table, partition)
    if state == "withheld" and event is not None:
        told = seen.events[table, partition]
        yield from (Reason(one.subject, one.found, one.needed) for one in told)
    elif state == "withdrawn":
        pointer = seen.snapshot.pointer(table, partition)
        yield Reason(table, f"taken back by publication {pointer.since if pointer else '?'}")
    elif source is not None:
        yield from source.reasons or (_not_there(source),)
    elif seen.graph.tables[table].is_source:
        yield Reason(table, "has not arrived")
    elif state == "stale":
        stale = seen.snapshot.stale(table, partition)
        yield from (stale,) if stale else ()
    else:
        yield from _of_derived(seen, table, partition)


def _of_derived(seen: Seen, table: str, partition: str) -> Iterator[Reason]:
    found = lacking(seen, table, partition)
    yield from found or (Reason(table, "was not computed yet", "everything it needs is ready"),)


def _not_there(source: SourceSeen) -> Reason:
    said = {OPTIONAL: "it is optional: nothing waits for it", FALLBACK: "it is a fallback"}
    return Reason(source.table, "has not arrived", said.get(source.role, ""))
