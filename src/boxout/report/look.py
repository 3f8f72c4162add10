"""What the ledger knows of a range of dates, read once for a report; needs no warehouse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from boxout.graph import Graph
from boxout.ledger import Event, Ledger
from boxout.model import Feed, Input, Need, Pipeline, Processor
from boxout.model.outcomes import Reason
from boxout.model.partitions import AFTER
from boxout.run.gate import Answer, Door, Ready
from boxout.run.quiet import quiet_days
from boxout.run.snapshot import Snapshot, load


@dataclass(frozen=True, slots=True)
class Seen:
    """One snapshot, the latest events of every (table, partition), and who is at work."""

    ledger: Ledger
    pipeline: Pipeline
    graph: Graph
    snapshot: Snapshot
    events: Mapping[tuple[str, str], Sequence[Event]]
    running: frozenset[tuple[str, str]]

    def last_event(self, table: str, partition: str) -> Event | None:
        """What was told of it last."""
        found = self.events.get((table, partition))
        return found[-1] if found else None

    def is_quiet(self, table: str, partition: str) -> bool:
        """Whether a partition of a derived table is a date on which the calendar has nothing."""
        is_by_date = self.graph.tables[table].scheme.name != self.pipeline.calendar.scheme.name
        return is_by_date and partition in quiet_days(self.snapshot, self.pipeline.calendar)

    def processors(self, table: str) -> tuple[Processor, ...]:
        """The processors that are published with this derived table, its own included."""
        unit = self.graph.processors[table].unit
        return next(one.processors for one in self.graph.units if one.name == unit)


def look(  # noqa: PLR0917
    ledger: Ledger,
    pipeline: Pipeline,
    graph: Graph,
    fingerprints: Mapping[str, str],
    first: str,
    last: str,
) -> Seen:
    """Everything of these dates, and of the dates before them that they depend on."""
    tables = tuple(graph.tables)
    back, calendar = graph.look_back(first), pipeline.calendar
    snapshot = load(ledger, graph, tables, back, last, fingerprints=fingerprints, calendar=calendar)
    events = _events(ledger, tables, first, last)
    return Seen(ledger, pipeline, graph, snapshot, events, _running(ledger, graph, first, last))


def look_at_arrivals(
    ledger: Ledger, pipeline: Pipeline, graph: Graph, first: str, last: str
) -> Seen:
    """What has arrived for these dates; of what was computed from it, nothing."""
    tables = tuple(name for name, table in graph.tables.items() if table.is_source)
    calendar = pipeline.calendar
    snapshot = load(ledger, graph, tables, first, last, fingerprints=None, calendar=calendar)
    events = _events(ledger, tables, first, last)
    return Seen(ledger, pipeline, graph, snapshot, events, _running(ledger, graph, first, last))


def _events(
    ledger: Ledger, tables: Sequence[str], first: str, last: str
) -> dict[tuple[str, str], Sequence[Event]]:
    events: dict[tuple[str, str], list[Event]] = {}
    for one in ledger.latest_events(tables, first, last + AFTER):
        events.setdefault((one.table, one.partition), []).append(one)
    return dict(events)


def _running(ledger: Ledger, graph: Graph, first: str, last: str) -> frozenset[tuple[str, str]]:
    units = {unit.name: [one.target.name for one in unit.processors] for unit in graph.units}
    units |= {name: [name] for name, table in graph.tables.items() if table.is_source}
    return frozenset(
        (table, partition)
        for unit, tables in units.items()
        for partition in ledger.holders(unit, first, last + AFTER)
        for table in tables
    )


def lacking(seen: Seen, table: str, partition: str) -> tuple[Reason, ...]:
    """Why the unit of a derived table cannot be computed now; empty when it can."""
    answers = [_at_the_door(seen, one, partition) for one in seen.processors(table)]
    waits = (reason for one in answers if not isinstance(one, Ready) for reason in one.reasons)
    return tuple(dict.fromkeys(waits))


def lacking_in_calendar(seen: Seen, table: str, partition: str) -> tuple[Reason, ...]:
    """What the calendar has against computing a derived table; empty when nothing."""
    one = seen.graph.processors[table]
    inputs = {name: replace(given, need=Need.OPTIONAL) for name, given in one.inputs.items()}
    answer = _at_the_door(seen, replace(one, inputs=inputs), partition)
    return () if isinstance(answer, Ready) else answer.reasons


def ask_for_feed(
    seen: Seen, table: str, partition: str, given: Input, feed: Feed
) -> tuple[tuple[Reason, ...], Sequence[tuple[str, int]]]:
    """Why one feed of one input is not ready; or the (partition, version) that would be read."""
    one = seen.graph.processors[table]
    alone = replace(one, inputs={"it": Input((feed,), Need.REQUIRED, given.window_days)})
    answer = _at_the_door(seen, alone, partition)
    if isinstance(answer, Ready):
        return (), answer.pins.get("it__0", ())
    by_calendar = lacking_in_calendar(seen, table, partition)
    reasons = tuple(reason for reason in answer.reasons if reason not in by_calendar)
    if reasons:
        return reasons, _of_optional_window(seen, one, partition, given, feed)
    pointer = seen.snapshot.pointer(feed.table.name, partition)
    if pointer is None or pointer.version is None:
        return (), ()
    return (), ((partition, pointer.version),)


def _of_optional_window(
    seen: Seen, one: Processor, partition: str, given: Input, feed: Feed
) -> Sequence[tuple[str, int]]:
    """The part of a window that is read although the rest of it is not ready."""
    if given.window_days is None or given.need is Need.REQUIRED:
        return ()
    alone = replace(one, inputs={"it": Input((feed,), Need.OPTIONAL, given.window_days)})
    answer = _at_the_door(seen, alone, partition)
    return answer.pins.get("it__0", ()) if isinstance(answer, Ready) else ()


def _at_the_door(seen: Seen, one: Processor, partition: str) -> Answer:
    """The gate's answer; what is published with it counts as computed, as in an attempt."""
    staged = seen.snapshot.staged
    own = {(other.target.name, partition): 0 for other in seen.processors(one.target.name)}
    staged.update(own)
    try:
        return Door(one, seen.snapshot, seen.pipeline.calendar).ask(partition)
    finally:
        for key in own:
            del staged[key]
