"""Where the milliseconds of a night and of a season go: the calls of both stores, by step.

One worker, so that the parts add up to the whole.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from work import Work

from boxout.project import open_project
from boxout.run import Engine, run

NIGHTS = 8
STEPS = {
    "claim": ("ledger.claim", "ledger.release"),
    "resolve and gate": (
        "ledger.pointers",
        "ledger.versions",
        "ledger.expectations",
        "ledger.incomplete",
        "ledger.beginning",
        "ledger.accepted",
    ),
    "compute": ("ledger.open_version", "warehouse.append"),
    "audit": ("warehouse.audit", "ledger.record_audit"),
    "statistics": ("warehouse.version_columns", "ledger.keep_profiles"),
    "publish": ("ledger.publish",),
    "project": ("ledger.moves", "warehouse.projected", "warehouse.project"),
}
OTHER_CALLS = "other calls"
ENGINE = "the engine itself"
PLANNING = "planning"
NO_GAMES = "1900-01-01"


class Timed:
    """A store around another one that adds up how long each of its calls takes."""

    def __init__(self, store: Any, name: str, seconds: Counter[str]) -> None:
        self._store, self._name, self._seconds = store, name, seconds

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        return self._timed(f"{self._name}.{name}", found) if callable(found) else found

    def _timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            began = perf_counter()
            try:
                return call(*given, **named)
            finally:
                self._seconds[name] += perf_counter() - began

        return timed


def where(given: Path, folder: Path) -> dict[str, dict[str, float]]:
    """Seconds by step of the middle of some warm nights, and of a season in one go."""
    shutil.copytree(given / "season" / "boxout", folder)
    work = Work(given / "season")
    nights = work.told["nights"]
    engine = open_project(folder).engine()
    warm = [steps(engine, night, night) for night in nights[: NIGHTS + 1]][1:]
    season = steps(engine, nights[NIGHTS + 1], nights[-1])
    engine.warehouse.close()
    return {
        "night": {step: median(one[step] for one in warm) for step in season},
        "season": season,
        "bare night": planning(work, folder),
    }


def steps(engine: Engine, first: str, last: str) -> dict[str, float]:
    """Seconds by step of one run."""
    seconds: Counter[str] = Counter()
    stores = {name: Timed(getattr(engine, name), name, seconds) for name in ("ledger", "warehouse")}
    one_worker = replace(engine, **stores, side_by_side=lambda jobs: [job() for job in jobs])
    began = perf_counter()
    run(one_worker, first, last, set(engine.graph.processors))
    took = perf_counter() - began
    told = {step: sum(seconds.pop(call, 0.0) for call in calls) for step, calls in STEPS.items()}
    told[OTHER_CALLS] = seconds.total()
    return told | {ENGINE: took - sum(told.values())}


def planning(given: Work, folder: Path) -> dict[str, float]:
    """Seconds of the bare script's statements for a night, and for a date without games."""
    work = Work(folder)
    (folder / "sources").symlink_to(given.folder / "sources")
    shutil.copy(given.folder / "work.json", folder)
    work.load()
    first, last = (given.told["nights"][at] for at in (0, NIGHTS))
    names = [*given.told["tables"], *given.told["checks"]]
    with work.connect() as connection:
        for name in given.told["tables"]:
            work.build(connection, name, first, last)
        asked = [work.sql(name, "$first", "$last") for name in names]

        def ask(day: str) -> None:
            for one in asked:
                connection.execute(one, {"first": day, "last": day}).fetchall()

        return {"all": _seconds(partial(ask, last)), PLANNING: _seconds(partial(ask, NO_GAMES))}


def _seconds(do: Callable[[], object]) -> float:
    took: list[float] = []
    for _ in range(5):
        began = perf_counter()
        do()
        took.append(perf_counter() - began)
    return min(took)
