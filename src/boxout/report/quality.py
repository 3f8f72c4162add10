"""The quality of a range of dates as one value: what is public, what is not, and how it came."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from boxout.ledger import Appearance, Waiver
from boxout.model import Table
from boxout.model.partitions import AFTER, date_of
from boxout.report import arrived, asked, quarantine, spread
from boxout.report.arrived import Corrected, Decision, Late
from boxout.report.asked import Asked, NotPassing
from boxout.report.examples import Row, examples
from boxout.report.expected import Expectations, expected
from boxout.report.groups import Group, grouped
from boxout.report.held import cells, held
from boxout.report.look import look
from boxout.report.quarantine import Aside, Counted
from boxout.report.seasons import span_of
from boxout.report.spread import Far, Span, Spread
from boxout.report.standing import Standings, standing
from boxout.report.states import Cell
from boxout.report.why import NotPassed
from boxout.run.engine import Engine

EXAMPLES_MAX: Final = 12
"""Checks of which rows are shown; each is a query."""


class TableSeen(NamedTuple):
    """One table over the range: its partitions by state, and what of it is public.

    `again` counts public partitions that had other rows before.
    """

    table: str
    is_source: bool
    states: Mapping[str, int]
    partitions: int
    rows: int
    again: int


class Example(NamedTuple):
    """Rows of a table that did not pass a check, with their key and what the check looked at."""

    table: str
    check: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about the dates `span.first` to `span.last`, as of a publication.

    `days` has the partitions of each date and table by state; `held` what is not public and well,
    with the reasons; `examples` rows of what did not pass. `unplaced` are rows in
    quarantine, of any time, that name no partition.
    """

    pipeline: str
    span: Span
    made_at: str
    publication: int
    days: Mapping[str, Mapping[str, Mapping[str, int]]]
    tables: tuple[TableSeen, ...]
    expected: Expectations
    held: tuple[Group, ...]
    checks: tuple[Asked, ...]
    not_passing: tuple[NotPassing, ...]
    examples: tuple[Example, ...]
    late: tuple[Late, ...]
    corrected: tuple[Corrected, ...]
    decisions: tuple[Decision, ...]
    waivers: tuple[Waiver, ...]
    quarantine: tuple[Counted, ...]
    unplaced: int
    spreads: tuple[Spread, ...]
    far: tuple[Far, ...]
    standing: Standings


def report(engine: Engine, first: str, last: str) -> Report:
    """The quality of these dates; reads both stores and writes nothing."""
    ledger, calendar = engine.ledger, engine.pipeline.calendar
    span = span_of(ledger, calendar, first, last)
    seen = look(ledger, engine.pipeline, engine.graph, engine.fingerprints, first, last)
    told = ledger.quality(first, last + AFTER)
    waited = expected(seen, first, last)
    found = cells(seen, waited, first, last)
    not_passing = tuple(asked.not_passing(told.unpassed, _public(told.appearances)))
    aside = engine.warehouse.quarantine()
    spreads, far = _spread(engine, span)
    return Report(
        pipeline=engine.pipeline.name,
        span=span,
        made_at=ledger.now(),
        publication=seen.snapshot.number,
        days=_days(found),
        tables=tuple(_tables(engine, found, told.appearances)),
        expected=waited,
        held=tuple(grouped(held(seen, found, waited))),
        checks=tuple(asked.asked(engine.pipeline, engine.compiled, told.tallies, told.unpassed)),
        not_passing=not_passing,
        examples=tuple(_examples(engine, not_passing)),
        late=tuple(arrived.late(engine.graph, calendar, told.appearances)),
        corrected=tuple(arrived.corrected(engine.graph, told.appearances, told.unpassed)),
        decisions=tuple(arrived.decisions(told.appearances)),
        waivers=tuple(one for one in ledger.waivers() if first <= date_of(one.partition) <= last),
        quarantine=tuple(quarantine.counted(_within(aside, first, last))),
        unplaced=sum(row["part"] is None for row in aside),
        spreads=spreads,
        far=far,
        standing=standing(engine, first, last),
    )


def _public(seen: Iterable[Appearance]) -> dict[tuple[str, str], Appearance]:
    """What readers see of each (table, partition): its latest pointer."""
    return {(one.pointer.table, one.pointer.partition): one for one in seen}


def _days(found: Iterable[Cell]) -> dict[str, dict[str, Counter[str]]]:
    days: dict[str, dict[str, Counter[str]]] = {}
    for one in found:
        of = days.setdefault(date_of(one.partition), {})
        of.setdefault(one.table, Counter())[one.state] += 1
    return dict(sorted(days.items()))


def _tables(
    engine: Engine, found: Iterable[Cell], seen: Sequence[Appearance]
) -> Iterator[TableSeen]:
    states: dict[str, Counter[str]] = {}
    for cell in found:
        states.setdefault(cell.table, Counter())[cell.state] += 1
    public: dict[str, list[Appearance]] = {}
    for one in _public(seen).values():
        if one.pointer.version is not None:
            public.setdefault(one.pointer.table, []).append(one)
    versions = Counter(one.pointer[:2] for one in seen if one.pointer.version is not None)
    for name, table in engine.graph.tables.items():
        mine = public.get(name, [])
        again = sum(versions[one.pointer[:2]] > 1 for one in mine)
        rows = sum(one.rows for one in mine)
        yield TableSeen(name, table.is_source, states.get(name, {}), len(mine), rows, again)


def _within(aside: Iterable[Aside], first: str, last: str) -> Iterator[Aside]:
    """The rows in quarantine that name a partition of these dates."""
    return (row for row in aside if row["part"] and first <= date_of(row["part"]) <= last)


def _examples(engine: Engine, not_passing: Sequence[NotPassing]) -> Iterator[Example]:
    """Rows of the first checks that did not pass, while the versions are there to look at."""
    for one in not_passing[:EXAMPLES_MAX]:
        written = _written(engine, one)
        check, partition = one.checks[0], one.partitions[0]
        said = (one.answer, one.found, one.needed)
        told = NotPassed(one.table, one.version, check, one.severity, *said)
        if engine.graph.tables[one.table] in written:
            rows = examples(engine.warehouse, engine.pipeline, told, partition, written)
            if rows:
                yield Example(one.table, check, rows)


def _written(engine: Engine, one: NotPassing) -> dict[Table, int]:
    """The versions that the attempt of this one wrote and whose rows are still there."""
    (version,) = engine.ledger.versions([one.version])
    tables = [
        each.target.name
        for unit in engine.graph.units
        for each in unit.processors
        if one.table in {other.target.name for other in unit.processors}
    ] or [one.table]
    numbers = {
        n for name in tables for n in engine.ledger.latest_versions(name, one.partitions[0], 50)
    }
    return {
        engine.graph.tables[each.table]: each.version
        for each in engine.ledger.versions(numbers)
        if each.attempt == version.attempt and not each.is_collected
    }


def _spread(engine: Engine, span: Span) -> tuple[tuple[Spread, ...], tuple[Far, ...]]:
    """How the derived tables are spread; what was forced is public and not usual."""
    spreads: list[Spread] = []
    far: list[Far] = []
    forced = engine.ledger.forced()
    seen = engine.ledger.pointers(
        [*engine.graph.processors], span.since, span.until + AFTER, engine.ledger.head()
    )
    for name in engine.graph.processors:
        table = engine.graph.tables[name]
        refused = {one.partition for one in seen if one.table == name and one.since in forced}
        courses = spread.courses(engine.warehouse, table, span) if span.first != span.last else {}
        spreads += (
            replace(one, course=courses.get(one.column, ()))
            for one in spread.spreads(engine.warehouse, table, span, refused)
        )
        far += spread.far(engine.warehouse, table, span, refused)
    return tuple(spreads), tuple(far)
