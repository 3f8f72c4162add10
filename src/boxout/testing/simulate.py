"""One seed, one schedule: the real engine on stores in memory, and a verdict."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple

from boxout.errors import BoxoutError, DefinitionError
from boxout.graph import Graph, build
from boxout.ledger import MemoryLedger, Pointer
from boxout.model import Pipeline
from boxout.run import Engine, run, turn
from boxout.run.arrive import Origin, arrive
from boxout.run.collect import collect
from boxout.run.recheck import recheck, take_back
from boxout.run.rollback import of_publication, plan_rollback, roll_back
from boxout.run.waiver import unwaive
from boxout.testing.checker import Anomaly
from boxout.testing.clock import BEAT_S, LEASE_S, Heart
from boxout.testing.example import EXAMPLE
from boxout.testing.hub import CALL, Worker
from boxout.testing.scenario import Act, Scenario, draw, in_one_season
from boxout.testing.symbols import Symbols, arrival, symbols
from boxout.testing.world import Opened, World
from boxout.threads import BEATS_PER_LEASE

CALLS_MAX = 20_000
ROUNDS = 8
TOLD = 30
STOPS_ASLEEP = 60
JUMPS_S = {"ahead": 1.5 * LEASE_S, "back": -4 * LEASE_S}
"""How far the ledger's clock is set in one go, in seconds."""

FIRST, LAST = "2026-01-01", "2026-12-31"


class Verdict(NamedTuple):
    """What a schedule showed: broken promises, every stop as (worker, call), every pointer set."""

    scenario: Scenario
    anomalies: tuple[Anomaly, ...]
    trace: tuple[tuple[str, str], ...]
    publications: int
    history: tuple[Pointer, ...]

    def __str__(self) -> str:
        found = "\n".join(f"  {one}" for one in self.anomalies) or "  no promise was broken"
        last = "\n".join(f"  {at:4} {worker}: {call}" for at, (worker, call) in self._last())
        return f"{self.scenario}\n{found}\nthe last calls\n{last}"

    def _last(self) -> list[tuple[int, tuple[str, str]]]:
        return list(enumerate(self.trace))[-TOLD:]


def simulate(seed: int, pipeline: Pipeline = EXAMPLE, opened: Opened = MemoryLedger) -> Verdict:
    """Draw the schedule of a seed and play it; DefinitionError where the extra is not installed.

    `opened` gives the ledger that it is played on, which must be empty: whichever it is, a seed has
    one verdict.
    """
    if find_spec("greenlet") is None:
        raise DefinitionError("Simulations need one package more: pip install 'boxout[testing]'")
    pipeline = in_one_season(pipeline)
    graph = build(pipeline)
    return play(draw(seed, pipeline, graph), pipeline, graph, symbols(pipeline, graph), opened)


def play(
    scenario: Scenario,
    pipeline: Pipeline,
    graph: Graph,
    made: Symbols,
    opened: Opened = MemoryLedger,
) -> Verdict:
    """Play a schedule to its end, let everything settle, and judge it."""
    world = World(pipeline, graph, made, scenario, opened)
    work(world)
    _settle(world)
    world.checker.follow()
    for cut in world.cuts:
        world.checker.read(*cut)
    world.checker.kept()
    world.checker.converged(world.engine().fingerprints)
    found = tuple(dict.fromkeys(world.checker.anomalies))
    head = world.ledger.head()
    return Verdict(scenario, found, tuple(world.trace), head, tuple(world.ledger.moves(0, head)))


def work(world: World) -> None:
    """Let the workers take the acts and go on in the order drawn, with the faults that befall them."""
    waiting = list(enumerate(world.scenario.acts, 1))[::-1]
    faults = {fault.at_call: fault.kind for fault in world.scenario.faults}
    alive: list[Worker] = []
    while (waiting or alive) and len(world.trace) < CALLS_MAX:
        while waiting and len(alive) < world.scenario.workers:
            alive.append(_worker(world, *waiting.pop()))
        now = len(world.trace)
        awake = [one for one in alive if one.asleep_until <= now]
        worker = world.random.choice(awake or alive)
        kind = faults.pop(now, CALL)
        world.trace.append((worker.name, f"{worker.at or 'starts'} {'' if kind == CALL else kind}"))
        world.time.pass_s(world.random.randrange(1, 50) / 1000)
        _befall(world, worker, kind, alive)
        world.checker.follow()
        _judge(world, worker)
        alive = [one for one in alive if not one.is_over]
        _beat(alive, len(world.trace))


def _worker(world: World, number: int, act: Act) -> Worker:
    heart = Heart(world.ledger, world.time)
    return Worker(f"{number} {act}", _doing(world, act, heart), heart)


def _befall(world: World, worker: Worker, kind: str, alive: Sequence[Worker]) -> None:
    match kind:
        case "kill":
            worker.kill()
        case "pause" | "slow" | "silent":
            worker.sleep(len(world.trace) + STOPS_ASLEEP, kind)
            for _ in range(2 * BEATS_PER_LEASE):
                world.time.pass_s(BEAT_S)
                _beat(alive, len(world.trace))
        case "ahead" | "back":
            world.time.jump_s(JUMPS_S[kind])
            worker.step()
        case _:
            worker.step(kind)


def _beat(alive: Sequence[Worker], now: int) -> None:
    """Every heart that is due, but those of processes that stand still."""
    for one in alive:
        if one.asleep_until <= now or one.is_slow:
            one.heart.beat()


def _judge(world: World, worker: Worker) -> None:
    """An error that nobody raised on purpose is a fault of the engine."""
    if worker.error is not None and not isinstance(worker.error, BoxoutError):
        told = f"{worker.name}: {type(worker.error).__name__}: {worker.error}"
        world.checker.anomalies.append(Anomaly("I6", "broken worker", told))
        worker.error = None


def _settle(world: World) -> None:
    """No faults, no arrivals: run until nothing moves any more."""
    engine = world.engine()
    world.time.settle_s(3 * LEASE_S)
    for _ in range(ROUNDS):
        before = world.ledger.head()
        run(engine, FIRST, LAST, set(world.graph.tables))
        world.checker.follow()
        if world.ledger.head() == before:
            return


def _doing(world: World, act: Act, heart: Heart) -> Callable[[], object]:
    engine = world.engine(heart, act.code)
    verbs: dict[str, Callable[[], object]] = {
        "land": lambda: _land(engine, act),
        "run": lambda: run(engine, FIRST, LAST, set(world.graph.tables)),
        "turn": lambda: turn(engine),
        "read": lambda: world.cuts.append(engine.warehouse.cut()),
        "rollback": lambda: _rollback(engine, int(act.name)),
        "waive": lambda: engine.ledger.waive(act.partition, "simulated", "nobody"),
        "unwaive": lambda: unwaive(engine, act.partition, "simulated", "nobody"),
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
