"""What the processes do, each on stores that it opens itself, and where each can be killed."""

import os
import shutil
import signal
from collections.abc import Callable
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from boxout.errors import DefinitionError
from boxout.project import CACHE, init, open_project
from boxout.run import Engine, Policy, land, run, turn
from boxout.run.collect import collect
from boxout.run.rollback import of_partition, of_publication, plan_rollback, roll_back
from boxout.threads import beating
from chaos import nights

LEASE_S = 0.1
POLICY = Policy(
    lease_s=LEASE_S, first_look_s=0.01, look_s_max=0.05, failures_max=10_000, tries_max=3
)
WAIT_S = 30
KEEP_PUBLICATIONS = 6


class Step(NamedTuple):
    """A call of a port, and on which side of it the process dies."""

    name: str
    is_after: bool

    def __str__(self) -> str:
        return f"{'after' if self.is_after else 'before'} {self.name}"


class Trap:
    """A store around another: kills its process at one call of one method."""

    def __init__(self, store: Any, step: Step | None) -> None:
        self._store = store
        self._step = step

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if self._step is None or name != self._step.name:
            return found

        def called(*args: Any, **kwargs: Any) -> Any:
            if self._step is not None and self._step.is_after:
                found(*args, **kwargs)
            os.kill(os.getpid(), signal.SIGKILL)

        return called


def new_project(folder: Path, compiled: Path | None = None, ledger: str | None = None) -> None:
    """An empty project; one that was compiled before lends its SQL, which takes a second to make.

    The ledger is a file in it, or at an address.
    """
    file = init(folder, "nba-games")
    if ledger is not None:
        file.write_text(file.read_text("utf-8").replace("ledger.sqlite", ledger), "utf-8")
    if compiled is not None:
        shutil.copytree(compiled / CACHE, folder / CACHE)


@contextmanager
def opened(folder: Path, step: Step | None = None):
    """The engine of a project with leases that the living keep and the dead soon lose."""
    engine = open_project(folder).engine(WAIT_S)
    ledger, warehouse = engine.ledger, engine.warehouse
    try:
        yield replace(
            engine,
            ledger=Trap(ledger, step),
            warehouse=Trap(warehouse, step),
            alive=lambda attempt, lease_s: beating(ledger, attempt, lease_s),
            limit=lambda _version, _timeout_s: nullcontext(),
            policy=POLICY,
        )
    finally:
        warehouse.close()
        ledger.close()


def landing(engine: Engine, files: Path, one: nights.Arrival) -> Any:
    """Land one file."""
    reader = next(r for r in engine.pipeline.readers if r.name == one.reader)
    return land(engine, files / one.file, reader)


def running(engine: Engine) -> dict[str, int]:
    """Bring everything up to date; how many partitions came out how."""
    result = run(engine, nights.FIRST, nights.LAST, set(engine.graph.processors))
    kinds = [type(one).__name__ for one in result.outcomes.values()]
    return {kind: kinds.count(kind) for kind in kinds}


def rolling_back(engine: Engine, seed: str) -> int | None:
    """Undo one of the latest publications, or one partition; None when there was nothing left."""
    rng = Random(seed)
    head = engine.ledger.head()
    if head == 0:
        return None
    if rng.random() < 0.5:
        bad = of_publication(engine, rng.randint(max(1, head - 5), head))
    else:
        table = rng.choice(sorted(engine.graph.tables))
        game = rng.choice(nights.games())
        is_date = engine.graph.tables[table].scheme.name == "date"
        bad = of_partition(engine, table, game[:10] if is_date else game)
    try:
        return roll_back(engine, plan_rollback(engine, bad, "a storm"))
    except DefinitionError:
        return None


def collecting(engine: Engine) -> dict[str, int]:
    """Delete what nobody can need."""
    return collect(engine, KEEP_PUBLICATIONS, 0)


def act_of(name: str, said: Any, folder: Path, files: Path, step: Step | None) -> Callable[[], Any]:
    """An act, ready for a process of its own; `said` is a file to land or a seed."""

    def act() -> Any:
        with opened(folder, step) as engine:
            match name:
                case "land":
                    return landing(engine, files, said)
                case "run":
                    return running(engine)
                case "turn":
                    return len(turn(engine))
                case "rollback":
                    return rolling_back(engine, said)
                case "collect":
                    return collecting(engine)
        raise ValueError(name)

    return act


LANDING = (
    *("file_columns", "stage", "set_aside", "staged_partitions", "claim", "open_version"),
    *("arrival", "keep_staged", "audit", "record_audit", "publish", "release", "head"),
    *("standing", "news", "project", "supersede", "census"),
)
ATTEMPT = (
    *("claim", "head", "pointers", "expectations", "versions", "incomplete", "open_version"),
    *("append", "audit", "record_audit", "publish", "standing", "news", "project", "release"),
    *("work", "put_work", "record_events", "end_run"),
)
CALLS = {
    "land": LANDING,
    "run": ("begin_run", *ATTEMPT),
    "turn": ("due_work", "begin_run", *ATTEMPT),
    "rollback": ("publications", "moves", "tombstones", "history", "turn_back", "project"),
    "collect": ("collect", "drop"),
}
STEPS = [
    (act, Step(name, is_after))
    for act, names in CALLS.items()
    for name in names
    for is_after in (False, True)
]
