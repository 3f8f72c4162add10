"""A plan is a value: what would run, what waits, what is kept, each with its reason."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from boxout.graph import Unit
from boxout.model.outcomes import Reason
from boxout.model.partitions import date_of
from boxout.run.engine import Engine
from boxout.run.gate import Blocked, Door, Wait
from boxout.run.quiet import is_public, is_quiet, nothing_on
from boxout.run.snapshot import Snapshot


class Step(NamedTuple):
    """What happens to one unit and partition: run, wait, block or keep."""

    unit: str
    partition: str
    action: str
    reasons: tuple[Reason, ...]


class Plan(NamedTuple):
    """The steps of a run at one snapshot, in order of partition."""

    snapshot: int
    steps: tuple[Step, ...]

    def of(self, unit: str, action: str) -> list[str]:
        """The partitions of a unit for which the plan holds this action."""
        return [s.partition for s in self.steps if s.unit == unit and s.action == action]


def make_plan(
    engine: Engine, first: str, last: str, selected: Collection[str], game: str | None = None
) -> Plan:
    """Judge every expected partition of the selected tables; reads and never writes."""
    snapshot = engine.snapshot(first, last)
    steps = [
        _step(engine, unit, partition, snapshot)
        for unit in engine.graph.units
        if any(one.target.name in selected for one in unit.processors)
        for partition in _targets(engine, unit, snapshot, first, last, game)
    ]
    return Plan(snapshot.number, tuple(steps))


def _targets(  # noqa: PLR0917
    engine: Engine, unit: Unit, snapshot: Snapshot, first: str, last: str, game: str | None
) -> Sequence[str]:
    calendar = engine.pipeline.calendar
    target = unit.processors[0].target
    if game is not None:
        return [game] if target.scheme.name == calendar.scheme.name else []
    if target.scheme.name == calendar.scheme.name:
        known = snapshot.pointers.get(target.name, {})
        said = snapshot.expectations.items()
        asked = {p for p, e in said if not calendar.is_never(e.state)} | set(known)
    else:
        asked = set(snapshot.pointers.get(calendar.table.name, {}))
    return sorted(p for p in asked if first <= date_of(p) <= last)


def due(
    engine: Engine, unit: Unit, first: str, last: str, game: str | None
) -> dict[str, str | None]:
    """Every partition of a unit that is or may yet be expected: why it is kept, None when due.

    Whether the due ones are ready is for the gate at the processor's door to say.
    """
    snapshot = engine.snapshot(first, last, of=[one.target.name for one in unit.processors])
    targets = _targets(engine, unit, snapshot, first, last, game)
    kept = {p: _kept(engine, unit, p, snapshot) for p in targets}
    return {p: _said(unit, why) if why else None for p, why in kept.items()}


def _said(unit: Unit, why: Reason) -> str:
    return why.found if why.subject == unit.name else str(why)


def _kept(engine: Engine, unit: Unit, partition: str, snapshot: Snapshot) -> Reason | None:
    """Why there is nothing to do for a partition; None when there is."""
    calendar = engine.pipeline.calendar
    is_bare = not is_public(unit, partition, snapshot)
    if is_bare and is_quiet(unit, partition, snapshot, calendar):
        return nothing_on(calendar, partition)
    is_moved = bool(_moved(unit, partition, snapshot))
    return None if is_moved else Reason(unit.name, "nothing it read has moved")


def _moved(unit: Unit, partition: str, snapshot: Snapshot) -> tuple[Reason, ...]:
    stale = (snapshot.stale(one.target.name, partition) for one in unit.processors)
    return tuple(reason for reason in stale if reason)


def _step(engine: Engine, unit: Unit, partition: str, snapshot: Snapshot) -> Step:
    kept = _kept(engine, unit, partition, snapshot)
    if kept:
        return Step(unit.name, partition, "keep", (kept,))
    moved = _moved(unit, partition, snapshot)
    if is_quiet(unit, partition, snapshot, engine.pipeline.calendar):
        return Step(unit.name, partition, "run", moved)
    staged = {(one.target.name, partition): 0 for one in unit.processors}
    snapshot.staged.update(staged)
    doors = [Door(one, snapshot, engine.pipeline.calendar) for one in unit.processors]
    answers = [door.ask(partition) for door in doors]
    for key in staged:
        del snapshot.staged[key]
    waits = tuple(r for answer in answers if isinstance(answer, Wait) for r in answer.reasons)
    blocks = tuple(r for answer in answers if isinstance(answer, Blocked) for r in answer.reasons)
    if blocks:
        return Step(unit.name, partition, "block", tuple(dict.fromkeys(blocks)))
    return Step(
        unit.name, partition, "wait" if waits else "run", tuple(dict.fromkeys(waits)) or moved
    )
