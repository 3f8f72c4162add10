"""What the incidents do again and again: a clock that is moved, stores that fail, short answers."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from boxout.errors import StoreUnavailable
from boxout.ledger import SqliteLedger, Work
from boxout.run import Engine, Policy, turn
from boxout.run.runner import RunResult
from conftest import DAY, World

ALL = ("team_offense_game_summary", "team_defense_game_summary", "player_game_summary")
PLAYER, OFFENSE = "player_game_summary", "team_offense_game_summary"
UNIT = "game totals"

__all__ = ["ALL", "DAY", "OFFENSE", "PLAYER", "UNIT", "World"]


@dataclass
class Clock:
    """Stands still until it is moved."""

    at: datetime = datetime(2026, 2, 4, 6, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def copy_of(folder: Path, to: Path) -> World:
    """The world that was left in a folder, in another folder."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("boxout.toml"))
    return World(to)


def close(world: World) -> None:
    world.engine.warehouse.close()
    world.engine.ledger.close()


def timed(engine: Engine, path: Path, clock: Clock, **policy: Any) -> Engine:
    """The engine under a clock of ours, without chance."""
    ledger = SqliteLedger.open(path, clock=clock)
    return replace(engine, ledger=ledger, policy=Policy(**policy), draw=lambda: 0.5)


def at_clock(world: World, clock: Clock, **policy: Any) -> Engine:
    """The world's engine under a clock of ours; the world uses it from now on."""
    world.engine.ledger.close()
    world.engine = timed(world.engine, world.folder / "ledger.sqlite", clock, **policy)
    return world.engine


def kinds(result: RunResult) -> Counter[str]:
    return Counter(type(one).__name__ for one in result.outcomes.values())


def reasons(outcome: Any) -> str:
    return "; ".join(str(reason) for reason in outcome.reasons)


def public_games(world: World, table: str = PLAYER) -> list[str]:
    rows = world.public(f"SELECT DISTINCT game_id FROM {table} ORDER BY 1")
    return [str(row["game_id"]) for row in rows]


def spoil(engine: Engine, sql: str) -> None:
    """Change rows behind the ledger's back, as nothing of ours ever does."""
    warehouse: Any = engine.warehouse
    warehouse._connection.cursor().execute(sql)


def work_of(engine: Engine, partition: str) -> Work:
    (found,) = engine.ledger.work(partition, partition)
    return found


def looked(engine: Engine) -> dict[str, Any]:
    """One turn; what became of each partition that was looked at."""
    return {key if isinstance(key, str) else key[1]: one for key, one in turn(engine).items()}


def alerts(folder: Path, table: str = PLAYER) -> list[str]:
    """Every alert that was ever recorded for a table, as partition and reason."""
    with sqlite3.connect(folder / "ledger.sqlite") as c:
        rows = c.execute(
            "SELECT partition, found FROM event WHERE kind = 'alert' AND table_name = ?", (table,)
        ).fetchall()
    return [f"{partition} {found}" for partition, found in rows]


class Around:
    """A store around another: a named method does something else first, or instead."""

    def __init__(self, store: Any, **first: Callable[..., Any]) -> None:
        self._store = store
        self._first = first

    def __getattr__(self, name: str) -> Any:
        inner = getattr(self._store, name)
        first = self._first.get(name)
        if first is None:
            return inner

        def call(*given: Any, **named: Any) -> Any:
            first(*given, **named)
            return inner(*given, **named)

        return call


def once(act: Callable[[], object]) -> Callable[..., None]:
    """Does it at the first call, and never again."""
    left = [act]

    def call(*_given: Any, **_named: Any) -> None:
        if left:
            left.pop()()

    return call


def breaks(error: Exception | None = None) -> Callable[..., None]:
    """Raises, every time."""

    def call(*_given: Any, **_named: Any) -> None:
        raise error or StoreUnavailable("the store is away")

    return call
