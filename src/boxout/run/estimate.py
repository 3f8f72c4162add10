"""What a run would read of a warehouse that is paid by what it reads; nothing is computed."""

from collections.abc import Collection
from typing import NamedTuple

from boxout.errors import DefinitionError
from boxout.graph import Unit
from boxout.run.chunks import chunks
from boxout.run.compute import Gathered, bindings
from boxout.run.engine import Engine
from boxout.run.gate import Door, Ready
from boxout.run.plan import Plan, make_plan
from boxout.run.snapshot import Snapshot
from boxout.warehouse import Billing, billing_of


class Estimated(NamedTuple):
    """Of one table: partitions that would be computed, and the bytes that doing so reads at most."""

    table: str
    partitions: int
    bytes_read: int


class Estimate(NamedTuple):
    """What a run would read, by table, and how many partitions wait: theirs cannot be told yet.

    Audits read what was written, which is not there yet: they are not in it.
    """

    tables: tuple[Estimated, ...]
    waiting: int
    bytes_billed_max: int

    @property
    def bytes_read(self) -> int:
        """Of all tables."""
        return sum(one.bytes_read for one in self.tables)


def estimate(
    engine: Engine, first: str, last: str, selected: Collection[str], game: str | None = None
) -> Estimate:
    """Ask what each statement of a run would read; DefinitionError when the warehouse costs nothing."""
    billing = billing_of(engine.warehouse)
    if billing is None:
        raise DefinitionError(
            "This warehouse is a file: what is read of it costs nothing. Nothing was computed."
            " Next: boxout plan says what would run."
        )
    plan = make_plan(engine, first, last, selected, game)
    snapshot = engine.snapshot(first, last)
    units = [one for one in engine.graph.units if plan.of(one.name, "run")]
    tables = tuple(found for unit in units for found in _of(engine, unit, plan, snapshot, billing))
    waiting = sum(step.action == "wait" for step in plan.steps)
    return Estimate(tables, waiting, billing.bytes_billed_max)


def _of(
    engine: Engine, unit: Unit, plan: Plan, snapshot: Snapshot, billing: Billing
) -> list[Estimated]:
    partitions = plan.of(unit.name, "run")
    names = [one.target.name for one in unit.processors]
    staged = {(name, partition): 0 for name in names for partition in partitions}
    read = dict.fromkeys(names, 0)
    snapshot.staged.update(staged)
    for part in chunks(unit, partitions, engine.policy, engine.pipeline.calendar):
        for one in unit.processors:
            door, gathered = Door(one, snapshot, engine.pipeline.calendar), Gathered()
            for partition in part:
                answer = door.ask(partition)
                if isinstance(answer, Ready):
                    gathered.add(partition, answer)
            if gathered.partitions:
                sql = engine.compiled.processors[one.target.name].sql
                bound = bindings(engine, one, gathered)
                read[one.target.name] += billing.estimate(one.target, sql, *bound)
    for key in staged:
        del snapshot.staged[key]
    return [Estimated(name, len(partitions), read[name]) for name in names]
