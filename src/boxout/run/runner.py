"""A run: every unit in the order of the graph; independent units and chunks side by side."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import TypeAlias

from boxout.errors import DefinitionError
from boxout.graph import Unit
from boxout.model.outcomes import Done, Failed, NothingToDo, Outcome
from boxout.run.attempt import attempt
from boxout.run.chunks import chunks, looks_at_itself
from boxout.run.engine import Engine, begin
from boxout.run.plan import due
from boxout.run.recheck import look_again
from boxout.run.waiting import settle

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many of how many due partitions, over all units so far, are through."""


@dataclass(slots=True)
class RunResult:
    """What became of every (unit, partition) that was asked for."""

    run: str
    outcomes: dict[tuple[str, str], Outcome] = field(default_factory=dict)

    def count(self, kind: type) -> int:
        """How many outcomes are of this kind."""
        return sum(isinstance(outcome, kind) for outcome in self.outcomes.values())


@dataclass(slots=True)
class Tally:
    """How far a run is, told from several threads; nothing more is begun after `until`."""

    tell: Progress
    until: str | None = None
    done: int = 0
    total: int = 0
    _lock: Lock = field(default_factory=Lock)

    def add(self, *, done: int = 0, total: int = 0) -> None:
        """So many more are asked for, or through."""
        with self._lock:
            self.done += done
            self.total += total
            self.tell(self.done, self.total)


def run(  # noqa: PLR0913
    engine: Engine,
    first: str,
    last: str,
    selected: Collection[str],
    *,
    game: str | None = None,
    forced: str | None = None,
    deadline_s: float | None = None,
    progress: Progress = lambda _done, _total: None,
) -> RunResult:
    """Bring the selected tables up to date for a range of dates.

    `forced` is a person's reason to publish past failed checks, for ever on record; it computes
    again even what is fresh. What stays back is kept as work that waits. DefinitionError when
    the reason is empty. What is not begun within `deadline_s` seconds fails for now, and is
    looked at later.
    """
    if forced is not None and not forced.strip():
        raise DefinitionError(
            "A forced run needs a reason; it stays on record. Nothing was written."
        )
    result = RunResult(engine.new_run())
    asked = f"{game or f'{first}..{last}'} {' '.join(sorted(selected))}"
    begin(engine)
    engine.ledger.begin_run(result.run, asked if forced is None else f"{asked} forced: {forced}")
    seen = engine.ledger.head()
    until = None if deadline_s is None else engine.ledger.now(deadline_s)
    tally = Tally(progress, until)
    result.outcomes |= _all(engine, selected, (first, last, game), result.run, forced, tally)
    failed = look_again(engine, seen)
    result.outcomes |= {key: failed[key] for key in failed.keys() & result.outcomes.keys()}
    engine.ledger.end_run(result.run, _summary(result))
    return result


def _all(  # noqa: PLR0917
    engine: Engine,
    selected: Collection[str],
    where: tuple[str, str, str | None],
    run_id: str,
    forced: str | None,
    tally: Tally,
) -> dict[tuple[str, str], Outcome]:
    became: dict[tuple[str, str], Outcome] = {}
    for level in levels(engine, selected):
        todo = [partial(_unit, engine, unit, where, run_id, forced, tally) for unit in level]
        for outcomes in engine.side_by_side(todo):
            became |= outcomes
    return became


def levels(engine: Engine, selected: Collection[str]) -> list[list[Unit]]:
    """The selected units in layers; those of one layer read nothing of each other."""
    layers: list[list[Unit]] = []
    level: dict[str, int] = {}
    for unit in engine.graph.units:
        tables = {one.target.name for one in unit.processors}
        read = {name for table in tables for name in engine.graph.parents(table)} - tables
        mine = max((level[name] for name in read if name in level), default=-1) + 1
        level |= dict.fromkeys(tables, mine)
        if not tables.isdisjoint(selected):
            layers += [[] for _ in range(mine + 1 - len(layers))]
            layers[mine].append(unit)
    return [layer for layer in layers if layer]


def _unit(  # noqa: PLR0917
    engine: Engine,
    unit: Unit,
    where: tuple[str, str, str | None],
    run_id: str,
    forced: str | None,
    tally: Tally,
) -> dict[tuple[str, str], Outcome]:
    asked = due(engine, unit, *where)
    kept = {p: why for p, why in asked.items() if why is not None and forced is None}
    todo = [p for p in asked if p not in kept]
    tally.add(total=len(todo))
    outcomes: dict[tuple[str, str], Outcome] = {
        (unit.name, p): NothingToDo(why) for p, why in kept.items()
    }
    parts = chunks(unit, todo, engine.policy, engine.pipeline.calendar)
    tries = [partial(_chunk, engine, unit, part, run_id, forced, tally) for part in parts]
    for became in _in_turn(tries) if looks_at_itself(unit) else engine.side_by_side(tries):
        outcomes |= {(unit.name, p): outcome for p, outcome in became.items()}
    return outcomes


def _in_turn(tries: list[Callable[[], dict[str, Outcome]]]) -> list[dict[str, Outcome]]:
    """One after the other: a window looks back at what the unit itself wrote before."""
    return [one() for one in tries]


def _chunk(  # noqa: PLR0917
    engine: Engine, unit: Unit, part: list[str], run_id: str, forced: str | None, tally: Tally
) -> dict[str, Outcome]:
    if tally.until is not None and engine.ledger.now() >= tally.until:
        late = Failed("the run's deadline came before it was begun", is_retryable=True)
        outcomes: dict[str, Outcome] = dict.fromkeys(part, late)
    else:
        outcomes = attempt(engine, unit, part, run_id, forced=forced)
    settle(engine, unit, run_id, outcomes)
    tally.add(done=len(part))
    return outcomes


def _summary(result: RunResult) -> str:
    fresh = result.count(Done) + result.count(NothingToDo)
    return f"{len(result.outcomes)} asked, {len(result.outcomes) - fresh} not public"
