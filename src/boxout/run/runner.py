"""A run: a plan, executed in chunks, unit after unit in the order of the graph."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TypeAlias

from boxout.graph import Unit
from boxout.model.outcomes import NothingToDo, Outcome, Waiting
from boxout.model.partitions import date_of
from boxout.run.engine import Engine, attempt, catch_up
from boxout.run.plan import due

CHUNK_PARTITIONS_MAX = 10_000
"""What one attempt holds in memory, and the step in which progress shows."""

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many of how many due partitions of a unit are through."""


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
    progress: Progress = lambda _done, _total: None,
) -> RunResult:
    """Bring the selected tables up to date for a range of dates; `progress` counts partitions."""
    result = RunResult(engine.new_run())
    engine.ledger.begin_run(
        result.run, f"{first}..{last} {' '.join(sorted(selected))}", engine.now()
    )
    catch_up(engine)
    for unit in engine.graph.units:
        if any(one.target.name in selected for one in unit.processors):
            _bring_forward(engine, unit, result, due(engine, unit, first, last, game), progress)
    waiting = result.count(Waiting)
    engine.ledger.end_run(
        result.run, f"{len(result.outcomes)} asked, {waiting} waiting", engine.now()
    )
    return result


def _bring_forward(
    engine: Engine, unit: Unit, result: RunResult, asked: dict[str, bool], progress: Progress
) -> None:
    kept = NothingToDo("nothing it read has moved")
    result.outcomes |= {(unit.name, p): kept for p, is_due in asked.items() if not is_due}
    todo = [p for p, is_due in asked.items() if is_due]
    done = 0
    for chunk in chunks(todo, is_by_date=is_windowed(unit)):
        outcomes = attempt(engine, unit, chunk, result.run)
        result.outcomes |= {(unit.name, p): outcome for p, outcome in outcomes.items()}
        done += len(chunk)
        progress(done, len(todo))


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
