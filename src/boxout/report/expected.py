"""What the calendar expects of a range of dates, and how much of it is there.

A fold over the ledger: it reads no rows and needs no warehouse.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from boxout.ledger import Expectation, Waiver, Work
from boxout.model.outcomes import Reason
from boxout.model.partitions import AFTER, date_of
from boxout.report.look import Seen
from boxout.report.needs import FALLBACK, Needs, needs
from boxout.report.states import published_at, state_of

EXPECTED: Final = "expected"
MAY_COME: Final = "may come"
NEVER: Final = "never"
COMPLETE: Final = "complete"
INCOMPLETE: Final = "incomplete"
MISSING: Final = "missing"
NOT_NEEDED: Final = "not needed"
_UNLISTED: Final = "unlisted"
_WAIVED: Final = "waived"


@dataclass(frozen=True, slots=True)
class SourceSeen:
    """One source of one partition.

    `role` is required, fallback or optional; `state` is that of `status`, or not needed: a
    fallback that has not arrived, beside what it would stand in for. `version` is None where
    nothing is public, `reasons` say what is not complete, and `look_at` is when somebody looks
    again, None when nobody does.
    """

    table: str
    role: str
    state: str
    version: int | None
    rows: int
    reasons: tuple[Reason, ...]
    look_at: str | None

    @property
    def is_complete(self) -> bool:
        """Whether it may be computed from."""
        return self.version is not None and not self.reasons


@dataclass(frozen=True, slots=True)
class Expected:
    """What the calendar says of one partition since a publication, and what is there of it.

    `outlook` is expected, may come or never; `found` is complete, incomplete or missing, whatever
    the outlook. `waiver` is the person's word when it is waived. The same thing, by its identity,
    is now at `moved_to`, was at `moved_from`, and is listed `also_at` other partitions: there the
    calendar contradicts itself.
    """

    partition: str
    state: str
    since: int
    outlook: str
    found: str
    phase: str | None
    waiver: Waiver | None
    moved_to: tuple[str, ...]
    moved_from: tuple[str, ...]
    also_at: tuple[str, ...]
    sources: tuple[SourceSeen, ...]


class Totals(NamedTuple):
    """How many partitions: `expected` are complete, incomplete or missing; the others are not."""

    expected: int
    complete: int
    incomplete: int
    missing: int
    may_come: int
    never: int
    moved: int
    waived: int


class DateSeen(NamedTuple):
    """A date that the calendar has spoken of, since a publication; `listed` 0: nothing is on it.

    It is complete when all that is expected on it is, and nothing may yet come.
    """

    date: str
    since: int
    listed: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Expectations:
    """The whole answer.

    `dates` are known; `unknown` are spans (first, last) of which nobody has said anything: they
    are not empty and never complete. `held_back` are dates of which something arrived later that
    was not believed. `phases` has the totals of each phase of the season, in the calendar's order.
    """

    dates: tuple[DateSeen, ...]
    unknown: tuple[tuple[str, str], ...]
    held_back: tuple[str, ...]
    partitions: tuple[Expected, ...]
    totals: Totals
    phases: Mapping[str, Totals]


def expected(seen: Seen, first: str, last: str) -> Expectations:
    """What is expected on these dates: one Expected for each partition that was ever listed."""
    partitions = tuple(_partitions(seen, first, last))
    dates = tuple(_dates(seen, partitions, first, last))
    calendar = seen.pipeline.calendar.table
    told = sorted(p for name, p in seen.events if name == calendar.name and first <= p <= last)
    phases = dict.fromkeys(one.phase for one in partitions if one.phase is not None)
    return Expectations(
        dates,
        tuple(_between([one.date for one in dates], first, last)),
        tuple(day for day in told if state_of(seen, calendar, day) == "withheld"),
        partitions,
        totals(partitions),
        {phase: totals(one for one in partitions if one.phase == phase) for phase in phases},
    )


def only(found: Expectations, partition: str) -> Expectations:
    """The part of the answer that is about one partition."""
    mine = tuple(one for one in found.partitions if one.partition == partition)
    phases = {one.phase: totals(mine) for one in mine if one.phase is not None}
    return replace(found, partitions=mine, totals=totals(mine), phases=phases)


def totals(partitions: Iterable[Expected]) -> Totals:
    """These partitions, counted."""
    listed = list(partitions)
    found = Counter(one.found for one in listed if one.outlook == EXPECTED)
    outlook = Counter(one.outlook for one in listed)
    return Totals(
        outlook[EXPECTED],
        found[COMPLETE],
        found[INCOMPLETE],
        found[MISSING],
        outlook[MAY_COME],
        outlook[NEVER],
        sum(bool(one.moved_to) for one in listed),
        sum(one.state == _WAIVED for one in listed),
    )


def _dates(seen: Seen, partitions: Sequence[Expected], first: str, last: str) -> Iterator[DateSeen]:
    listed = Counter(date_of(one.partition) for one in partitions if one.state != _UNLISTED)
    open_ = {date_of(one.partition) for one in partitions if not _is_settled(one)}
    known = seen.snapshot.pointers[seen.pipeline.calendar.table.name]
    for day, pointer in sorted(known.items()):
        if first <= day <= last and pointer.version is not None:
            yield DateSeen(day, pointer.since, listed[day], day not in open_)


def _is_settled(one: Expected) -> bool:
    return one.outlook == NEVER or (one.outlook == EXPECTED and one.found == COMPLETE)


def _between(days: Sequence[str], first: str, last: str) -> Iterator[tuple[str, str]]:
    """The spans of a range that none of these days, in order, is in."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    for day in map(date.fromisoformat, days):
        if begin < day:
            yield str(begin), str(day - timedelta(1))
        if day == end:
            return
        begin = day + timedelta(1)
    yield str(begin), str(end)


def _partitions(seen: Seen, first: str, last: str) -> Iterator[Expected]:
    said = [e for p, e in sorted(seen.snapshot.expectations.items()) if first <= date_of(p) <= last]
    names = {one.identity for one in said if one.identity is not None}
    same: dict[str | None, list[Expectation]] = {}
    for one in seen.ledger.expectations_of(names, seen.snapshot.number):
        same.setdefault(one.identity, []).append(one)
    waivers = {one.partition: one for one in seen.ledger.waivers()}
    sources = _Sources(seen, first, last)
    for one in said:
        yield _expected(seen, one, same.get(one.identity, ()), waivers, sources)


def _expected(
    seen: Seen,
    said: Expectation,
    same: Sequence[Expectation],
    waivers: Mapping[str, Waiver],
    sources: "_Sources",
) -> Expected:
    def is_never(one: Expectation) -> bool:
        return not one.is_expected and seen.pipeline.calendar.is_never(one.state)

    others = [one for one in same if one.partition != said.partition]
    standing = tuple(one.partition for one in others if not is_never(one))
    gone = tuple(one.partition for one in others if is_never(one) and one.state != _WAIVED)
    waived = tuple(one.partition for one in others if one.state == _WAIVED)
    is_gone = is_never(said)
    is_last = not is_gone or (said.state == _WAIVED and not standing)
    found = sources.of(said.partition)
    return Expected(
        partition=said.partition,
        state=said.state,
        since=said.since,
        outlook=EXPECTED if said.is_expected else NEVER if is_gone else MAY_COME,
        found=_found(found, sources.needs),
        phase=said.phase,
        waiver=waivers.get(said.partition) if said.state == _WAIVED else None,
        moved_to=() if is_last else standing or waived,
        moved_from=gone if is_last else (),
        also_at=() if is_gone else standing,
        sources=found,
    )


def _found(sources: Sequence[SourceSeen], needed: Needs) -> str:
    by_name = {one.table: one for one in sources}
    found = COMPLETE
    for choice in needed.choices:
        of = [by_name[name] for name in choice]
        if any(one.is_complete for one in of):
            continue
        if all(one.version is None for one in of):
            return MISSING
        found = INCOMPLETE
    return found


class _Sources:
    """The sources of every partition of a range, with what the ledger counts of them."""

    def __init__(self, seen: Seen, first: str, last: str) -> None:
        self.seen = seen
        self.needs = needs(seen.graph, seen.pipeline.calendar)
        self._first, self._last = first, last + AFTER
        self._published_at = published_at(seen)
        self._rows: dict[int, dict[str, int]] = {}
        self._work: dict[str, list[Work]] = {}
        for one in seen.ledger.work(first, last + AFTER):
            if one.ended is None:
                self._work.setdefault(one.partition, []).append(one)

    def of(self, partition: str) -> tuple[SourceSeen, ...]:
        """What is there of one partition."""
        found = [self._source(name, partition) for name in self.needs.sources]
        whole = {one.table for one in found if one.is_complete}
        return tuple(self._without_fallbacks(one, whole) for one in found)

    def _source(self, name: str, partition: str) -> SourceSeen:
        pointer = self.seen.snapshot.pointer(name, partition)
        version = pointer.version if pointer else None
        state = state_of(self.seen, self.seen.graph.tables[name], partition, self._published_at)
        if version is None:
            why = () if pointer is None else (_withdrawn(name, pointer.since),)
            look_at = self._look_at(name, partition)
            return SourceSeen(name, self.needs.role(name), state, None, 0, why, look_at)
        lacking = self.seen.snapshot.incomplete.get((version, partition), ())
        reasons = tuple(Reason(name, f"{one.check} {one.found}", one.needed) for one in lacking)
        look_at = self._look_at(name, partition) if reasons else None
        rows = self._count(version, partition)
        return SourceSeen(name, self.needs.role(name), state, version, rows, reasons, look_at)

    def _without_fallbacks(self, one: SourceSeen, whole: set[str]) -> SourceSeen:
        if one.role != FALLBACK or one.state != MISSING:
            return one
        mine = [choice for choice in self.needs.choices if one.table in choice]
        if not all(whole.intersection(choice[: choice.index(one.table)]) for choice in mine):
            return one
        return SourceSeen(one.table, one.role, NOT_NEEDED, None, 0, (), None)

    def _look_at(self, source: str, partition: str) -> str | None:
        units = self.needs.units[source]
        looks = [one.look_at for one in self._work.get(partition, ()) if one.unit in units]
        return min(looks, default=None)

    def _count(self, version: int, partition: str) -> int:
        if version not in self._rows:
            census = self.seen.ledger.census(version, self._first, self._last)
            self._rows[version] = {one.partition: one.rows for one in census}
        return self._rows[version].get(partition, 0)


def _withdrawn(table: str, publication: int) -> Reason:
    return Reason(table, f"was withdrawn by publication {publication}")
