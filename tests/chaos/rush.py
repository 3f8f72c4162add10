"""A rush: many processes want the same night of one project at the same moment.

    python -m chaos.rush PROCESSES ROUNDS [postgres]

one after the other on the file of the warehouse, or with the ledger on a server and the warehouse
held for all of them: then they work at the same time. Prints one JSON document: what became public how often, what everybody saw, and who waited longest.
"""

import json
import os
import sys
import time
from collections import Counter
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from boxout.project import open_project
from boxout.run import run
from chaos import nights
from chaos.acts import landing, new_project, opened
from chaos.holder import held
from chaos.ledgers import Ledgers, on_server
from chaos.processes import Child, scratch
from chaos.storm import SERVER, WARM, warm_up

WAIT_S = 60


class Seen(NamedTuple):
    """What one process saw: seconds until its project was open, and its outcomes by kind."""

    waited_s: float
    outcomes: dict[str, int]


def same_night(folder: Path, gate: int) -> Seen:
    """Wait for the start, open the project as a person does, and run."""
    os.read(gate, 1)
    began = time.perf_counter()
    engine = open_project(folder).engine(wait_s_max=WAIT_S)
    waited_s = time.perf_counter() - began
    result = run(engine, nights.FIRST, nights.LAST, set(engine.graph.processors))
    engine.warehouse.close()
    engine.ledger.close()
    return Seen(waited_s, Counter(type(one).__name__ for one in result.outcomes.values()))


def prepare(folder: Path, files: Path, ledger: str | None) -> None:
    """A project with every source landed and nothing computed."""
    new_project(folder, files.parent / WARM, ledger)
    with opened(folder) as engine:
        for reader in nights.VARIANTS:
            landing(engine, files, nights.Arrival(reader, nights.ALL, nights.FINAL))


def publications_of(folder: Path) -> list[int]:
    """How often each derived (table, partition) was published."""
    with opened(folder) as engine:
        ledger = engine.ledger
        moved = Counter(p[:2] for p in ledger.moves(0, ledger.head()))
        return [n for (table, _), n in moved.items() if table in engine.graph.processors]


def once(folder: Path, files: Path, processes: int, ledgers: Ledgers | None) -> dict[str, Any]:
    """One rush on a fresh project."""
    ledger = ledgers and ledgers.empty(folder.name)
    Child(partial(prepare, folder, files, ledger)).wait()
    holder = held(folder) if ledgers else None
    try:
        return rushed(folder, processes)
    finally:
        if holder is not None:
            holder.kill()
            holder.wait()


def rushed(folder: Path, processes: int) -> dict[str, Any]:
    """What came of it."""
    gate, start = os.pipe()
    children = [Child(partial(same_night, folder, gate)) for _ in range(processes)]
    os.write(start, b"!" * processes)
    ended = [one.wait() for one in children]
    os.close(gate)
    os.close(start)
    seen = [one.answer for one in ended if one.answer is not None]
    return {
        "published": Child(partial(publications_of, folder)).wait().answer,
        "outcomes": sorted(json.dumps(one.outcomes) for one in seen),
        "longest wait, seconds": round(max((one.waited_s for one in seen), default=0), 2),
        "seconds": round(max(one.took_s for one in ended), 2),
        "errors": [one.error for one in ended if one.error is not None],
    }


def rush(processes: int, rounds: int, place: str = "file") -> list[dict[str, Any]]:
    """So many rounds, each on a project of its own."""
    with scratch() as folder, on_server() if place == SERVER else nullcontext() as ledgers:
        files = Path(folder) / "files"
        nights.write_all(files)
        warm_up(files)
        names = [f"round{n}" for n in range(rounds)]
        return [once(Path(folder) / name, files, processes, ledgers) for name in names]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(rush(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])))
