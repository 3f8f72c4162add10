"""Rollback: what goes back to which version, and what is withdrawn because it came from it.

Planning reads; doing it is one publication. A plan made on an older state does nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from boxout.errors import DefinitionError
from boxout.graph import Unit
from boxout.ledger.port import CALENDAR
from boxout.ledger.records import Census, Day, Pointer, Read, Rollback, Undo
from boxout.model.partitions import AFTER, date_of, day_range, look_back
from boxout.run.arrive import said
from boxout.run.contents import changed
from boxout.run.engine import Engine, begin, show
from boxout.run.snapshot import Snapshot

BACK_MAX = 20
"""How many earlier states of a partition are looked at before it is withdrawn."""

Key = tuple[str, str]
"""(table, partition)"""


class Back(NamedTuple):
    """One pointer of a rollback: from which version to which; None is withdrawn."""

    unit: str
    table: str
    partition: str
    found: int | None
    to: int | None
    why: str


class RollbackPlan(NamedTuple):
    """The whole of a rollback, judged at publication `at`.

    The pointers of a unit that keep their rows while others of it go back are not steps. They are
    set anew in the same publication: what confirmed them may be what is taken back.
    """

    at: int
    steps: tuple[Back, ...]
    rollback: Rollback


@dataclass(frozen=True, slots=True)
class Bad:
    """What is to be undone: pointers as they stand now; `is_buried` when they may not come back."""

    pointers: tuple[Pointer, ...]
    why: str
    is_buried: bool


@dataclass(slots=True)
class Planner:
    """The state after the rollback, as it grows along the graph."""

    engine: Engine
    bad: Bad
    now: Snapshot
    after: dict[Key, Back] = field(default_factory=dict)
    then: dict[int, Snapshot] = field(default_factory=dict)
    tainted: dict[tuple[str, str, int], Pointer | None] = field(default_factory=dict)
    buried: set[tuple[str, str, int]] = field(default_factory=set)
    due: dict[str, bool] = field(default_factory=dict)
    kept: dict[Key, Undo] = field(default_factory=dict)

    def steps(self) -> tuple[Back, ...]:
        """Seeds first, then along the graph whatever came from what goes back."""
        seeds = {(p.table, p.partition) for p in self.bad.pointers}
        for table in self.engine.pipeline.sources:
            mine = sorted(p for t, p in seeds if t == table.name)
            for partition in mine:
                self._back(table.name, (table.name,), partition, self.bad.why)
        self.due = {
            one.partition: one.is_expected
            for one in _calendar(self.engine, tuple(self.after.values()))[0]
        }
        for unit in self.engine.graph.units:
            tables = tuple(one.target.name for one in unit.processors)
            for partition in self._public(tables):
                if any((table, partition) in seeds for table in tables):
                    self._back(unit.name, tables, partition, self.bad.why, unit)
                elif why := self._descends(unit, partition):
                    self._back(unit.name, tables, partition, why, unit)
        return tuple(self.after.values())

    @property
    def seeds(self) -> set[tuple[str, str, int | None]]:
        """What is bad in itself."""
        return {(p.table, p.partition, p.version) for p in self.bad.pointers}

    def _public(self, tables: Sequence[str]) -> list[str]:
        known = (self.now.pointers.get(table, {}).values() for table in tables)
        seeds = {p.partition for p in self.bad.pointers if p.table in tables}
        public = {p.partition for of in known for p in of if p.version is not None}
        return sorted(public | seeds)

    def _descends(self, unit: Unit, partition: str) -> str | None:
        """The bad version that what is public was computed from; None when there is none."""
        for one in unit.processors:
            pointer = self.now.pointer(one.target.name, partition)
            found = self._tainted(pointer) if pointer is not None else None
            if found is not None:
                return f"was computed from {found.table} {found.partition} version {found.version}"
        return None

    def _tainted(self, pointer: Pointer) -> Pointer | None:
        """The bad pointer behind this one, however many tables and corrections lie between.

        Nothing that a version read had moved when it was published, nor when it was last
        checked: what it was computed from is what was public at those two moments.
        """
        key = (pointer.table, pointer.partition, pointer.since)
        if key not in self.tainted:
            self.tainted[key] = None
            self.tainted[key] = next(self._bad_behind(pointer), None)
        return self.tainted[key]

    def _bad_behind(self, pointer: Pointer) -> Iterator[Pointer]:
        if pointer.version is None:
            return
        if (pointer.table, pointer.partition, pointer.version) in self.seeds:
            yield pointer
        moments = {pointer.version: pointer.since, pointer.basis: pointer.checked}
        for version in self.engine.ledger.versions([v for v in moments if v is not None]):
            then = self._then(moments[version.version])
            for read in version.reads:
                for key in read_keys(then, read, pointer.partition):
                    behind = self._behind_key(then, read.table, key)
                    if behind is not None:
                        yield behind

    def _behind_key(self, then: Snapshot, table: str, key: str) -> Pointer | None:
        """The bad pointer behind one partition that was read, or behind its being expected."""
        if table != CALENDAR:
            found = then.pointer(table, key)
            return self._tainted(found) if found is not None else None
        if not _is_due(then, key) or self._will_be_due(key):
            return None
        said_by = then.pointer(self.engine.pipeline.calendar.table.name, date_of(key))
        return self._tainted(said_by) if said_by is not None else None

    def _will_be_due(self, partition: str) -> bool:
        is_back = (self.engine.pipeline.calendar.table.name, date_of(partition)) in self.after
        return self.due.get(partition, False) if is_back else _is_due(self.now, partition)

    def _back(
        self,
        unit_name: str,
        tables: Sequence[str],
        partition: str,
        why: str,
        unit: Unit | None = None,
    ) -> None:
        """All tables of a unit to their latest state that fits; withdrawn when there is none."""
        state = next(self._fitting(tables, partition, unit), dict.fromkeys(tables))
        for table in tables:
            pointer = self.now.pointer(table, partition)
            if pointer is None:
                continue
            if pointer.version == state[table]:
                self.kept[table, partition] = Undo(unit_name, table, partition, state[table])
            else:
                back = Back(unit_name, table, partition, pointer.version, state[table], why)
                self.after[table, partition] = back

    def _fitting(
        self, tables: Sequence[str], partition: str, unit: Unit | None
    ) -> Iterator[dict[str, int | None]]:
        """Earlier states of the tables, newest first, whose inputs are as they will be."""
        for pointers in self._earlier(tables, partition):
            versions = {p.table: p.version for p in pointers}
            is_whole = len(versions) == len(tables) and None not in versions.values()
            is_bad = any((p.table, partition, p.version) in self.buried for p in pointers)
            is_there = is_whole and not is_bad and self._is_kept(versions.values())
            if is_there and (unit is None or self._fits(unit, pointers)):
                yield versions

    def _is_kept(self, numbers: Iterable[int | None]) -> bool:
        found = self.engine.ledger.versions([n for n in numbers if n is not None])
        return not any(one.is_collected for one in found)

    def _earlier(self, tables: Sequence[str], partition: str) -> Iterator[list[Pointer]]:
        ledger = self.engine.ledger
        known = {table: [p for p, _ in ledger.history(table, partition)] for table in tables}
        moments = sorted({p.since for of in known.values() for p in of}, reverse=True)
        for moment in moments[1 : BACK_MAX + 1]:
            then = (next((p for p in of if p.since <= moment), None) for of in known.values())
            yield [p for p in then if p is not None]

    def _fits(self, unit: Unit, pointers: Iterable[Pointer]) -> bool:
        """Whether every version comes from inputs as they will be.

        As they stood when it was published, or when the same rows came out again.
        """
        own = {one.target.name for one in unit.processors}
        return all(
            self._comes_from(pointer.version, pointer.since, pointer.partition, own)
            or self._comes_from(pointer.basis, pointer.checked, pointer.partition, own)
            for pointer in pointers
        )

    def _comes_from(self, version: int | None, at: int, partition: str, own: set[str]) -> bool:
        found = self.engine.ledger.versions([version]) if version is not None else []
        reads = [read for one in found for read in one.reads if read.table not in own]
        return bool(found) and all(self._reads_as_will_be(r, at, partition) for r in reads)

    def _reads_as_will_be(self, read: Read, at: int, partition: str) -> bool:
        then = self._then(at)
        keys = {*read_keys(then, read, partition), *read_keys(self.now, read, partition)}
        if read.table == CALENDAR:
            return all(_is_due(then, key) == self._will_be_due(key) for key in keys)
        return all(
            _version(then, read.table, key) == self._will_be(read.table, key) for key in keys
        )

    def _then(self, number: int) -> Snapshot:
        if number not in self.then:
            days = [date_of(p.partition) for of in self.now.pointers.values() for p in of.values()]
            first, last = min(days), max(days) + AFTER
            self.then[number] = self.engine.snapshot(first, last, at=number)
        return self.then[number]

    def _will_be(self, table: str, partition: str) -> int | None:
        back = self.after.get((table, partition))
        return back.to if back else _version(self.now, table, partition)


def read_keys(snapshot: Snapshot, read: Read, partition: str) -> Sequence[str]:
    """The partitions of a table that one partition read under this range of its read set."""
    if read.window_days is not None:
        return snapshot.keys(read.table, *look_back(partition, read.window_days, read.since))
    day = date_of(partition)
    same = snapshot.keys(read.table, partition, partition) or snapshot.keys(read.table, day, day)
    return same or (snapshot.keys(read.table, *day_range(day, day)) if partition == day else ())


def _version(snapshot: Snapshot, table: str, partition: str) -> int | None:
    pointer = snapshot.pointer(table, partition)
    return pointer.version if pointer else None


def _is_due(snapshot: Snapshot, partition: str) -> bool:
    said_of = snapshot.expectations.get(partition)
    return said_of is not None and said_of.is_expected


def of_publication(engine: Engine, number: int) -> Bad:
    """All that a publication moved and that still stands; undoing a rollback buries nothing."""
    head = engine.ledger.head()
    known = engine.ledger.publications(head - number + 1)
    if not 0 < number <= head or not known:
        raise DefinitionError(f"publication {number}: there are 1 to {head}. Nothing was changed.")
    is_normal = known[-1].kind in {"normal", "forced"}
    moved = engine.ledger.moves(number - 1, number)
    return Bad(_standing(engine, moved), f"undoes publication {number}", is_normal)


def of_run(engine: Engine, run: str) -> Bad:
    """All that a run published and that still stands."""
    numbers = [u.publication for u in engine.ledger.publications(1_000_000, run=run)]
    moved = [p for n in numbers for p in engine.ledger.moves(n - 1, n)]
    return Bad(_standing(engine, moved), f"undoes run {run}", is_buried=True)


def of_partition(engine: Engine, table: str, partition: str) -> Bad:
    """What is public for one table and partition."""
    found = engine.ledger.pointers((table,), partition, partition, engine.ledger.head())
    return Bad(_standing(engine, found), f"undoes {table} {partition}", is_buried=True)


def of_version(engine: Engine, version: int) -> Bad:
    """Every partition for which this version is public."""
    found = engine.ledger.versions((version,))
    held = [c.partition for _ in found for c in engine.ledger.census(version, "", AFTER)]
    moved = (
        engine.ledger.pointers((found[0].table,), min(held), max(held), engine.ledger.head())
        if held
        else []
    )
    mine = [p for p in moved if p.version == version]
    return Bad(_standing(engine, mine), f"undoes version {version}", is_buried=True)


def _standing(engine: Engine, moved: Sequence[Pointer]) -> tuple[Pointer, ...]:
    if not moved:
        return ()
    keys = [p.partition for p in moved]
    tables, head = {p.table for p in moved}, engine.ledger.head()
    now = {p[:2]: p for p in engine.ledger.pointers(tables, min(keys), max(keys), head)}
    return tuple(p for p in moved if now.get(p[:2]) and now[p[:2]].since == p.since)


def plan_rollback(engine: Engine, bad: Bad, reason: str) -> RollbackPlan:
    """What would happen; DefinitionError when nothing of it stands any more."""
    if not bad.pointers:
        raise DefinitionError(f"{bad.why}: nothing of it is public. Nothing was changed.")
    days = [date_of(p.partition) for p in bad.pointers]
    last = max(days) if not engine.graph.days_back else AFTER
    now = engine.snapshot(min(days), last)
    planner = Planner(engine, bad, now, buried=_buried(engine, bad))
    steps = planner.steps()
    while edited := _edited(engine, steps):
        planner = Planner(engine, bad, now, buried=planner.buried | edited)
        steps = planner.steps()
    calendar, dates = _calendar(engine, steps)
    moves = tuple(Undo(s.unit, s.table, s.partition, s.to) for s in steps)
    stay = tuple(one for one in planner.kept.values() if one.version is not None)
    buried = [(p.version, p.partition) for p in bad.pointers if p.version is not None]
    bury = tuple(buried) if bad.is_buried else ()
    seen = _seen(engine, bad) if bad.is_buried else ()
    undo = Rollback((*moves, *stay), bury, reason, calendar, dates, seen)
    return RollbackPlan(now.number, steps, undo)


def _seen(engine: Engine, bad: Bad) -> tuple[tuple[int, Census], ...]:
    """What readers saw where it was not what was published: that, and nothing else, was bad.

    The rows of the record were never shown to be wrong, and may be public again when they are
    computed again.
    """
    edited = changed(engine, bad.pointers)
    versions = {(p.table, p.partition): p.version for p in bad.pointers}
    return tuple((version, one.held) for key, one in edited.items() if (version := versions[key]))


def _buried(engine: Engine, bad: Bad) -> set[tuple[str, str, int]]:
    if not bad.is_buried:
        return set()
    mine = {(p.table, p.partition, p.version) for p in bad.pointers if p.version is not None}
    return mine | {one[:3] for one in engine.ledger.tombstones("", AFTER)}


def _edited(engine: Engine, steps: Iterable[Back]) -> set[tuple[str, str, int]]:
    """The versions to go back to whose rows are not those of the record any more."""
    back = {(s.table, s.partition): s.to for s in steps if s.to is not None}
    pointers = [Pointer(*key, version, 0, version, 0) for key, version in back.items()]
    return {(*key, back[key]) for key in changed(engine, pointers)}


def _calendar(engine: Engine, steps: Sequence[Back]) -> tuple[tuple[Day, ...], tuple[str, ...]]:
    table = engine.pipeline.calendar.table
    mine = [step for step in steps if step.table == table.name]
    days = {step.partition: step.to for step in mine}
    named = tuple(
        day
        for version in sorted({to for to in days.values() if to is not None})
        for day in said(engine, table, version)
        if days.get(date_of(day[0])) == version
    )
    return named, tuple(sorted(days))


def take_down(engine: Engine, unit: Unit, partitions: Sequence[str]) -> dict[str, int]:
    """Withdraw what is public of partitions that will never come; the publication of each.

    What came from it goes too, until it is computed again without. When something is published
    meanwhile the next run does it.
    """
    tables = [one.target.name for one in unit.processors]
    asked, head = set(partitions), engine.ledger.head()
    found = engine.ledger.pointers(tables, min(partitions), max(partitions), head)
    mine = tuple(p for p in found if p.partition in asked and p.version is not None)
    if not mine:
        return {}
    why = "will not come, the calendar says"
    plan = plan_rollback(engine, Bad(mine, why, is_buried=False), f"{unit.name} {why}")
    number = roll_back(engine, plan)
    return {} if number is None else {p.partition: number for p in mine}


def roll_back(engine: Engine, plan: RollbackPlan) -> int | None:
    """Do what the plan says, in one publication; None when the state it was made on is gone."""
    begin(engine)
    number = engine.ledger.turn_back(plan.rollback, run=engine.new_run(), at=plan.at)
    if number is not None:
        show(engine)
    return number
