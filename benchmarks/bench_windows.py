"""A thousand dates that look back a year over four tables: how long the gate and the plan take.

Five simulated seasons of 1,400 games; nothing is computed by SQL, only judged by the ledger. Prints
the plan with nothing public yet, the plan with all stale, what is due when all is fresh, and how
long the snapshot and the gate of one date take.
"""

import tempfile
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter

from boxout import (
    Calendar,
    Pipeline,
    Rows,
    Scheme,
    Table,
    derived,
    every_row,
    optional,
    processor,
    source,
    text,
    window,
)
from boxout.graph import build
from boxout.ledger import Census, CheckCount, SqliteLedger
from boxout.run import Engine, make_plan
from boxout.run.compute import Gathered, read_set
from boxout.run.gate import Door, Ready
from boxout.run.plan import due
from boxout.testing.symbols import symbols
from boxout.warehouse import MemoryWarehouse

GAME, DATE = Scheme("game", "game"), Scheme("date", "day")
SEASONS, NIGHTS, GAMES_A_NIGHT, DATES = 5, 200, 7, 1000
FIRST = date(2020, 10, 20)
LEASE_S = 900
WINDOW_DAYS = 365


def table(make, name: str, scheme: Scheme) -> Table:
    check = every_row("there", lambda rows: rows.value.notnull())
    columns = (text(scheme.column, "the partition"), text("value", "what it is"))
    columns += (text("game", "whose state it is"),) if scheme == DATE else ()
    return make(
        name, one_row_per=scheme.name, scheme=scheme, key=(scheme.column,), columns=columns,
        checks=(check,),
    )  # fmt: skip


SLATE, BOX, SHOTS = (
    table(source, "slate", DATE),
    table(source, "box", GAME),
    table(source, "shots", GAME),
)
TEAM, DEFENSE, PLAYER = (table(derived, name, GAME) for name in ("team", "defense", "player"))
CONTEXT = table(derived, "context", DATE)


@processor(TEAM.group("totals"), box=BOX)
def team(box: Rows) -> Rows:
    """One row per game."""
    return box


@processor(DEFENSE.group("totals"), team=TEAM)
def defense(team: Rows) -> Rows:
    """One row per game."""
    return team


@processor(PLAYER.group("totals"), box=BOX, team=TEAM)
def player(box: Rows, team: Rows) -> Rows:  # noqa: ARG001
    """One row per game."""
    return box


@processor(
    CONTEXT,
    slate=SLATE,
    team=window(TEAM, days=WINDOW_DAYS),
    defense=window(DEFENSE, days=WINDOW_DAYS),
    player=window(PLAYER, days=WINDOW_DAYS),
    shots=optional(window(SHOTS, days=WINDOW_DAYS)),
)
def context(slate: Rows, team: Rows, defense: Rows, player: Rows, shots: Rows) -> Rows:  # noqa: ARG001
    """One row per date."""
    return slate


PIPELINE = Pipeline(
    "windows", (team, defense, player, context), (),
    Calendar(SLATE, GAME, "value", frozenset({"final"})), (SLATE, BOX, SHOTS), (),
)  # fmt: skip


def nights() -> dict[str, list[str]]:
    """Every day of the seasons and between them, with its games."""
    days = [FIRST + timedelta(n) for n in range(365 * SEASONS)]
    return {
        str(day): [f"{day}/A{n}@B{n}" for n in range(GAMES_A_NIGHT)]
        if (day - FIRST).days % 365 < NIGHTS
        else []
        for day in days
    }


def opened(folder: Path) -> Engine:
    graph = build(PIPELINE)
    made = symbols(PIPELINE, graph)
    runs = count()
    return Engine(
        pipeline=PIPELINE,
        graph=graph,
        compiled=made.compiled,
        ledger=SqliteLedger.open(folder / "ledger.sqlite", clock=lambda: datetime.now(UTC)),
        warehouse=MemoryWarehouse(made.programs, is_typed=False),
        new_run=lambda: f"run {next(runs)}",
        draw=lambda: 0.5,
        side_by_side=lambda tries: [one() for one in tries],
        alive=lambda _attempt, _lease_s: nullcontext(),
        limit=lambda _version, _timeout_s: nullcontext(),
    )


def publish(engine: Engine, name: str, partitions: list[str], reads=(), calendar=()) -> None:
    """One version of these partitions, public, without rows: the ledger does not look at them."""
    ledger = engine.ledger
    claim = ledger.claim(name, partitions, run="r", lease_s=LEASE_S)
    code = engine.fingerprints.get(name, "landed")
    version = ledger.open_version(claim.attempt, name, code, reads)
    counts = [CheckCount("there", "block", len(partitions), 0, 0)]
    ledger.record_audit(version, [Census(p, 1, "x") for p in partitions], counts, [])
    days = partitions if calendar else ()
    ledger.publish(claim.attempt, [version], calendar=calendar, calendar_dates=days)
    ledger.release(claim.attempt)


def derive(engine: Engine, name: str, partitions: list[str], size: int) -> None:
    """Publish a derived table in versions of so many partitions, with the reads of its gate."""
    one = engine.graph.processors[name]
    for at in range(0, len(partitions), size):
        part = partitions[at : at + size]
        snapshot = engine.snapshot(part[0], part[-1], of=[name])
        gathered, door = Gathered(), Door(one, snapshot, PIPELINE.calendar)
        for partition in part:
            answer = door.ask(partition)
            assert isinstance(answer, Ready), answer
            gathered.add(partition, answer)
        publish(engine, name, part, read_set(one, PIPELINE.calendar, gathered, snapshot))


def timed(told: str, act):
    began = perf_counter()
    found = act()
    print(f"{told}: {perf_counter() - began:.3f} s")
    return found


def main() -> None:
    engine, played = opened(Path(tempfile.mkdtemp())), nights()
    games = [game for of in played.values() for game in of]
    asked = [day for day, of in played.items() if of][-DATES:]
    first, last = asked[0], asked[-1]
    publish(engine, "slate", list(played), calendar=[(game, "final", True) for game in games])
    for of in played.values():
        if of:
            for name in ("box", "shots"):
                publish(engine, name, of)
    unit = next(one for one in engine.graph.units if one.name == "context")

    def plan():
        return make_plan(engine, first, last, {"context"})

    waits = timed(f"{len(games)} games, plan, nothing public", plan)
    print(f"  {len(waits.of('context', 'wait'))} wait")
    for name in ("team", "defense", "player"):
        derive(engine, name, games, GAMES_A_NIGHT)
    runs = timed("plan, all ready", plan)
    print(f"  {len(runs.of('context', 'run'))} run, {len(runs.of('context', 'keep'))} are kept")
    timed("gate and read sets by chunks", lambda: derive(engine, "context", asked, 60))
    fresh = timed("due, all fresh", lambda: due(engine, unit, first, last, None))
    print(f"  {sum(kept is not None for kept in fresh.values())} of {len(fresh)} kept")
    snapshot = timed("snapshot of one date", lambda: engine.snapshot(last, last, of=["context"]))
    timed("gate of one date", lambda: Door(context, snapshot, PIPELINE.calendar).ask(last))
    publish(engine, "box", [games[0]])
    timed("snapshot of one date, totals only", lambda: engine.snapshot(last, last, of=["team"]))
    late = next(game for game in games if game.startswith(asked[-200]))
    engine.ledger.waive(late, "bench", "nobody")
    moved = timed("due, one game waived", lambda: due(engine, unit, first, last, None))
    print(f"  {sum(kept is None for kept in moved.values())} of {len(moved)} due")


if __name__ == "__main__":
    main()
