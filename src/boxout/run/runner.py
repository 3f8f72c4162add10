"""A run: a plan, executed in chunks, unit after unit; independent units side by side."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from boxout.graph import Unit
from boxout.model.outcomes import NothingToDo, Outcome, Waiting
from boxout.model.partitions import date_of
from boxout.run.engine import Engine, attempt, catch_up
from boxout.run.plan import make_plan

CHUNK_PARTITIONS_MAX = 4000


@dataclass(slots=True)
class RunResult:
    """What became of every (unit, partition) that was asked for."""

    run: str
    outcomes: dict[tuple[str, str], Outcome] = field(default_factory=dict)

    def count(self, kind: type) -> int:
        """How many outcomes are of this kind."""
        return sum(isinstance(outcome, kind) for outcome in self.outcomes.values())


def run(
    engine: Engine,
    first: str,
    last: str,
    selected: Collection[str],
    *,
    game: str | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> RunResult:
    """Bring the selected tables up to date for a range of dates; `progress` counts partitions."""
    result = RunResult(engine.new_run())
    engine.ledger.begin_run(
        result.run, f"{first}..{last} {' '.join(sorted(selected))}", engine.now()
    )
    catch_up(engine)
    for unit in engine.graph.units:
        plan = make_plan(engine, first, last, selected, game)
        mine = [step for step in plan.steps if step.unit == unit.name]
        for step in mine:
            if step.action == "keep":
                result.outcomes[unit.name, step.partition] = NothingToDo(
                    "nothing it read has moved"
                )
        todo = [step.partition for step in mine if step.action != "keep"]
        done = 0
        for chunk in chunks(todo, is_by_date=is_windowed(unit)):
            outcomes = attempt(engine, unit, chunk, result.run)
            result.outcomes |= {(unit.name, p): outcome for p, outcome in outcomes.items()}
            done += len(chunk)
            progress(done, len(todo))
    waiting = result.count(Waiting)
    engine.ledger.end_run(
        result.run, f"{len(result.outcomes)} asked, {waiting} waiting", engine.now()
    )
    return result


def is_windowed(unit: Unit) -> bool:
    """Whether some input of the unit looks back; its partitions are then computed by date."""
    return any(
        given.window_days is not None for one in unit.processors for given in one.inputs.values()
    )


def chunks(partitions: list[str], *, is_by_date: bool) -> list[list[str]]:
    """The partitions in order, cut so that one attempt stays small, or into dates."""
    if not is_by_date:
        size = CHUNK_PARTITIONS_MAX
        return [partitions[at : at + size] for at in range(0, len(partitions), size)]
    by_date: dict[str, list[str]] = {}
    for partition in partitions:
        by_date.setdefault(date_of(partition), []).append(partition)
    return list(by_date.values())
