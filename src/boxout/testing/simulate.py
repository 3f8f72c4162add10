"""One seed, one schedule: the real engine on stores in memory, and a verdict."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from itertools import count
from random import Random
from typing import Any, NamedTuple

from boxout.errors import BoxoutError, DefinitionError, StoreUnavailable
from boxout.graph import Graph, build
from boxout.ledger import MemoryLedger
from boxout.model import Pipeline
from boxout.run import Engine, Policy, run, turn
from boxout.run.arrive import Origin, arrive
from boxout.run.collect import collect
from boxout.run.recheck import recheck, take_back
from boxout.run.rollback import of_publication, plan_rollback, roll_back
from boxout.testing.checker import Anomaly, Checker
from boxout.testing.example import EXAMPLE
from boxout.testing.hub import BREAK_AFTER, BREAK_BEFORE, CALL, Watched, Worker
from boxout.testing.scenario import Act, Scenario, draw
from boxout.testing.symbols import Symbols, arrival, symbols
from boxout.warehouse import MemoryWarehouse

LEASE_S = 900
CALLS_MAX = 20_000
ROUNDS = 8
TOLD = 30
FIRST, LAST = "2026-01-01", "2026-12-31"


@dataclass(slots=True)
class Time:
    """The clock of a simulated world."""

    at: datetime = datetime(2026, 2, 4, 6, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


class Verdict(NamedTuple):
    """What a schedule showed: broken promises, and every stop, as (worker, call)."""

    scenario: Scenario
    anomalies: tuple[Anomaly, ...]
    trace: tuple[tuple[str, str], ...]
    publications: int

    def __str__(self) -> str:
        found = "\n".join(f"  {one}" for one in self.anomalies) or "  no promise was broken"
        last = "\n".join(f"  {at:4} {worker}: {call}" for at, (worker, call) in self._last())
        return f"{self.scenario}\n{found}\nthe last calls\n{last}"

    def _last(self) -> list[tuple[int, tuple[str, str]]]:
        return list(enumerate(self.trace))[-TOLD:]


@dataclass(slots=True)
class World:
    """The stores, the clock and the workers of one schedule."""

    pipeline: Pipeline
    graph: Graph
    made: Symbols
    scenario: Scenario
    time: Time = field(default_factory=Time)
    trace: list[tuple[str, str]] = field(default_factory=list)
    cuts: list[tuple[int, dict[Any, Any]]] = field(default_factory=list)
    ledger: MemoryLedger = field(init=False)
    warehouse: MemoryWarehouse = field(init=False)
    checker: Checker = field(init=False)
    random: Random = field(init=False)
    runs: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.ledger = MemoryLedger(self.time)
        self.warehouse = MemoryWarehouse(self.made.programs, is_typed=False)
        self.checker = Checker(self.pipeline, self.graph, self.ledger, self.warehouse)
        self.random = Random(self.scenario.order)

    def engine(self, *, is_watched: bool = True) -> Engine:
        """An engine on the stores; each call of a watched one is a stop."""
        ledger: Any = self.ledger
        warehouse: Any = self.warehouse
        if is_watched:
            ledger = Watched(ledger, "ledger", _broken)
            warehouse = Watched(warehouse, "warehouse", _broken)
        return Engine(
            pipeline=self.pipeline,
            graph=self.graph,
            compiled=self.made.compiled,
            ledger=ledger,
            warehouse=warehouse,
            new_run=lambda: f"run {next(self.runs)}",
            draw=self.random.random,
            side_by_side=lambda tries: [one() for one in tries],
            alive=lambda _attempt, _lease_s: nullcontext(),
            limit=lambda _version, _timeout_s: nullcontext(),
            policy=Policy(lease_s=LEASE_S, first_look_s=0.05, look_s_max=5),
        )


def _broken(call: str) -> Exception:
    return StoreUnavailable(f"{call} broke")


def simulate(seed: int, pipeline: Pipeline = EXAMPLE) -> Verdict:
    """Draw the schedule of a seed and play it; DefinitionError where the extra is not installed."""
    if find_spec("greenlet") is None:
        raise DefinitionError("Simulations need one package more: pip install 'boxout[testing]'")
    graph = build(pipeline)
    return play(draw(seed, pipeline, graph), pipeline, graph, symbols(pipeline, graph))


def play(scenario: Scenario, pipeline: Pipeline, graph: Graph, made: Symbols) -> Verdict:
    """Play a schedule to its end, let everything settle, and judge it."""
    world = World(pipeline, graph, made, scenario)
    _work(world)
    _settle(world)
    world.checker.follow()
    for cut in world.cuts:
        world.checker.read(*cut)
    world.checker.kept()
    world.checker.converged()
    found = tuple(dict.fromkeys(world.checker.anomalies))
    return Verdict(scenario, found, tuple(world.trace), world.ledger.head())


def _work(world: World) -> None:
    waiting = list(enumerate(world.scenario.acts, 1))[::-1]
    faults = {fault.at_call: fault.kind for fault in world.scenario.faults}
    alive: list[Worker] = []
    asleep: dict[str, int] = {}
    while (waiting or alive) and len(world.trace) < CALLS_MAX:
        while waiting and len(alive) < world.scenario.workers:
            number, act = waiting.pop()
            alive.append(Worker(f"{number} {act}", _doing(world, act)))
        awake = [one for one in alive if asleep.get(one.name, 0) <= len(world.trace)]
        worker = world.random.choice(awake or alive)
        kind = faults.pop(len(world.trace), CALL)
        world.trace.append((worker.name, f"{worker.at or 'starts'} {'' if kind == CALL else kind}"))
        world.time.at += timedelta(milliseconds=world.random.randrange(1, 50))
        if kind == "kill":
            worker.kill()
        elif kind == "pause":
            world.time.at += timedelta(seconds=1.5 * LEASE_S)
            asleep[worker.name] = len(world.trace) + 60
        else:
            worker.step(kind if kind in {BREAK_BEFORE, BREAK_AFTER} else CALL)
        world.checker.follow()
        _judge(world, worker)
        alive = [one for one in alive if not one.is_over]


def _judge(world: World, worker: Worker) -> None:
    """An error that nobody raised on purpose is a fault of the engine."""
    if worker.error is not None and not isinstance(worker.error, BoxoutError):
        told = f"{worker.name}: {type(worker.error).__name__}: {worker.error}"
        world.checker.anomalies.append(Anomaly("I6", "broken worker", told))
        worker.error = None


def _settle(world: World) -> None:
    """No faults, no arrivals: run until nothing moves any more."""
    engine = world.engine(is_watched=False)
    world.time.at += timedelta(seconds=3 * LEASE_S)
    for _ in range(ROUNDS):
        before = world.ledger.head()
        run(engine, FIRST, LAST, set(world.graph.tables))
        world.checker.follow()
        if world.ledger.head() == before:
            return


def _doing(world: World, act: Act) -> Callable[[], object]:
    engine = world.engine()
    verbs: dict[str, Callable[[], object]] = {
        "land": lambda: _land(engine, act),
        "run": lambda: run(engine, FIRST, LAST, set(world.graph.tables)),
        "turn": lambda: turn(engine),
        "read": lambda: world.cuts.append(engine.warehouse.cut()),
        "rollback": lambda: _rollback(engine, int(act.name)),
        "waive": lambda: engine.ledger.waive(act.partition, "simulated", "nobody"),
        "force": lambda: _force(engine, act.partition),
        "collect": lambda: collect(engine, 3, 0),
        "recheck": lambda: take_back(engine, recheck(engine, FIRST, LAST)),
    }
    return verbs[act.verb]


def _land(engine: Engine, act: Act) -> None:
    table = engine.graph.tables[act.table]
    is_calendar = table == engine.pipeline.calendar.table
    row = arrival(
        table.scheme.column,
        act.partition,
        act.quality if is_calendar else act.name,
        is_whole=act.quality != "part",
        is_sound=act.quality != "odd",
    )
    if is_calendar:
        row["games"] = tuple(tuple(said.split("=")) for said in act.quality.split(",") if said)
    origin = Origin(f"{act.name}.csv", "simulated", 0, act.name)
    keep = _keeping(engine, table, [row])
    arrive(engine, table, (act.partition,), keep, origin, run=engine.new_run())


def _keeping(engine: Engine, table: Any, rows: Sequence[dict[str, Any]]) -> Callable[[int], None]:
    warehouse: Any = engine.warehouse
    return lambda version: warehouse.keep_rows(table, version, rows)


def _rollback(engine: Engine, drawn: int) -> None:
    head = engine.ledger.head()
    if head:
        bad = of_publication(engine, 1 + (drawn - 1) % head)
        if bad.pointers:
            roll_back(engine, plan_rollback(engine, bad, "simulated"))


def _force(engine: Engine, game: str) -> None:
    day = game[:10]
    run(engine, day, day, set(engine.graph.tables), game=game, forced="simulated")
