"""A long backfill in one process, and live nights that arrive in others meanwhile.

    python -m chaos.beside NIGHTS LIVE

prints one JSON document: how long the backfill held the warehouse, and what the others saw of it.
"""

import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from boxout.errors import StoreUnavailable
from boxout.project import open_project
from boxout.run import land, run
from boxout_nba.simulator import (
    gamebook_rows,
    play,
    schedule_rows,
    simulate_season,
    team_rows,
    write_csv,
)
from chaos import nights
from chaos.acts import landing, new_project
from chaos.processes import Child, scratch
from chaos.storm import WARM, warm_up

WAIT_S = 60
GAMES_PER_NIGHT = 8


def month(folder: Path, count: int) -> tuple[Path, str, str]:
    """Files of so many nights of another time of year, and their first and last date."""
    games = simulate_season(nights.SEED, "2025-11-01", games=GAMES_PER_NIGHT * count)
    final = [g for g in games if g.status == "final"]
    boxes = [(g.game_id, play(nights.SEED, g.away, g.home, g.game_id)) for g in final]
    folder.mkdir()
    write_csv(schedule_rows(games), folder / "schedule.csv")
    for name, of in (("gamebook_player_stats", gamebook_rows), ("team_boxscore", team_rows)):
        write_csv([row for key, box in boxes for row in of(key, box)], folder / f"{name}.csv")
    return folder, min(g.game_date for g in games), max(g.game_date for g in games)


def backfill(project: Path, files: Path, first: str, last: str) -> dict[str, Any]:
    """Land and compute all of it; how long it had the warehouse to itself."""
    engine = open_project(project).engine(WAIT_S)
    began = time.perf_counter()
    for reader in engine.pipeline.readers:
        if (files / f"{reader.name}.csv").is_file():
            land(engine, files / f"{reader.name}.csv", reader)
    result = run(engine, first, last, set(engine.graph.processors))
    held_s = time.perf_counter() - began
    engine.warehouse.close()
    engine.ledger.close()
    return {"games": len(result.outcomes), "held_s": round(held_s, 2)}


def live(project: Path, files: Path, day: str, wait_s: float) -> dict[str, Any]:
    """Land one night and run it, as a person would who waits so long."""
    began = time.perf_counter()
    try:
        engine = open_project(project).engine(wait_s)
    except StoreUnavailable as error:
        return {"wait_s_max": wait_s, "refused": str(error)}
    waited_s = round(time.perf_counter() - began, 2)
    for reader in nights.VARIANTS:
        landing(engine, files, nights.Arrival(reader, day, nights.FINAL))
    result = run(engine, day, day, set(engine.graph.processors))
    engine.warehouse.close()
    engine.ledger.close()
    kinds = {type(one).__name__ for one in result.outcomes.values()}
    return {"wait_s_max": wait_s, "waited_s": waited_s, "outcomes": sorted(kinds)}


def beside(count: int, lives: int) -> dict[str, Any]:
    """The backfill first, and right after it so many live nights, one of which does not wait."""
    with scratch() as folder:
        files, project = Path(folder) / "files", Path(folder) / "project"
        nights.write_all(files)
        warm_up(files)
        new_project(project, files.parent / WARM)
        long = Child(partial(backfill, project, *month(Path(folder) / "month", count)))
        time.sleep(0.3)
        days = (nights.DAYS * lives)[:lives]
        others = [Child(partial(live, project, files, day, WAIT_S)) for day in days]
        hasty = Child(partial(live, project, files, nights.FIRST, 0))
        ended = [long.wait(), hasty.wait(), *(one.wait() for one in others)]
    return {
        "backfill": ended[0].answer,
        "without waiting": ended[1].answer,
        "live": [one.answer for one in ended[2:]],
        "errors": [one.error for one in ended if one.error is not None],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(beside(int(sys.argv[1]), int(sys.argv[2]))))
