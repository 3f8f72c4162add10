"""A project with a season in it: a real one when it is beside the project, else a simulated one."""

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from boxout.model import Reader
from boxout.project import Project, init, open_project
from boxout.run import Engine, land, run
from boxout_nba import simulator

REAL = Path(__file__).parents[2] / "shared" / "data" / "nba"
NAME = "2022-23"
SEED, FIRST_DATE = 7, "2025-10-21"


class Season(NamedTuple):
    """A project, and in words whose numbers are in it."""

    project: Project
    said: str


def season(games: int, seasons: Path = REAL) -> Season:
    """A new project in a scratch folder with at least so many games computed, all dates whole."""
    folder = Path(tempfile.mkdtemp(prefix="boxout-season-"))
    init(folder, "nba-games")
    project = open_project(folder)
    is_real = (seasons / "games" / f"{NAME}.parquet").is_file()
    with project.working() as engine:
        _land_real(engine, seasons) if is_real else _land_simulated(engine, folder, games)
        days = _first_days(engine, games)
        run(engine, days[0], days[-1], set(engine.graph.processors))
    whose = (
        f"the real season {NAME}"
        if is_real
        else f"a simulated season (seed {SEED}), not a real one"
    )
    return Season(project, f"{whose}, {date_words(days[0])} to {date_words(days[-1])}")


def date_words(day: str) -> str:
    """A date as a reader would say it."""
    return f"{date.fromisoformat(day):%-d %B %Y}"


def _land_real(engine: Engine, seasons: Path) -> None:
    for path, reader in sorted(
        _files(engine, seasons), key=lambda one: one[1].table.name != "schedule"
    ):
        land(engine, path, reader)


def _files(engine: Engine, seasons: Path) -> Iterator[tuple[Path, Reader]]:
    """The season's file in every folder that a reader knows."""
    found: dict[Path, Reader] = {}
    for reader in engine.pipeline.readers:
        for pattern in reader.file_patterns:
            for path in seasons.glob(pattern):
                if path.stem == NAME:
                    found.setdefault(path, reader)
    yield from found.items()


def _land_simulated(engine: Engine, folder: Path, games: int) -> None:
    played = simulator.simulate_season(SEED, FIRST_DATE, games)
    boxes = {
        g.game_id: simulator.play(SEED, g.away, g.home, g.game_id)
        for g in played
        if g.status == "final"
    }
    arrivals = {
        "schedule": simulator.schedule_rows(played),
        "gamebook_player_stats": [
            r for one in boxes.items() for r in simulator.gamebook_rows(*one)
        ],
        "team_boxscore": [r for one in boxes.items() for r in simulator.team_rows(*one)],
        "shots": [r for one in boxes.items() for r in simulator.shots_rows(*one)],
    }
    readers = {one.name: one for one in engine.pipeline.readers}
    for name, rows in arrivals.items():
        land(engine, simulator.write_csv(rows, folder / f"{name}.csv"), readers[name])


def _first_days(engine: Engine, games: int) -> list[str]:
    rows = engine.warehouse.query(
        "SELECT game_date AS day, count(*) AS games FROM schedule WHERE status = 'final'"
        " GROUP BY 1 ORDER BY 1"
    )
    days: list[str] = []
    so_far = 0
    for row in rows:
        if so_far < games:
            days.append(row["day"])
            so_far += row["games"]
    return days
