"""A project in a scratch folder, with simulated nights to land."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from boxout.project import Project, init, open_project
from boxout.run import Engine, Landed, land
from boxout_nba.seasons import season_start
from boxout_nba.simulator import (
    Game,
    gamebook_rows,
    play,
    schedule_rows,
    simulate_night,
    team_rows,
    write_csv,
)
from seeded import seed

SEED = 7
DAY = "2026-02-03"


class World:
    """A project and the simulated games that arrive in it."""

    def __init__(self, folder: Path, pipeline: str = "nba-games", warehouse: str = "") -> None:
        file = init(folder, pipeline)
        if warehouse:
            text = file.read_text("utf-8").replace("warehouse.duckdb", warehouse)
            file.write_text(text, "utf-8")
        seed(folder, pipeline)
        self.folder = folder
        self.project: Project = open_project(folder)
        self.engine: Engine = self.project.engine()
        self.readers = {one.name: one for one in self.engine.pipeline.readers}
        self.games = simulate_night(SEED, DAY, games=4)

    def land(
        self,
        reader: str,
        rows: list[dict[str, object]],
        covers: tuple[str, str] | None = None,
    ) -> Landed:
        path = write_csv(rows, self.folder / f"{reader}.csv")
        return land(self.engine, path, self.readers[reader], covers=covers)

    def schedule(self, games: list[Game] | None = None) -> Landed:
        """The schedule of these games; where seasons count, there were no others before them."""
        games = games or self.games
        last = max(game.game_date for game in games)
        covers = (season_start(last), last) if self.engine.pipeline.name == "nba" else None
        return self.land("schedule", schedule_rows(games), covers=covers)

    def gamebook(self, games: list[Game] | None = None, periods: int | None = None) -> Landed:
        return self.land("gamebook_player_stats", self.rows(gamebook_rows, games, periods))

    def team_box(self, games: list[Game] | None = None, periods: int | None = None) -> Landed:
        return self.land("team_boxscore", self.rows(team_rows, games, periods))

    def rows(self, of, games: list[Game] | None, periods: int | None) -> list[dict[str, object]]:
        return [
            row
            for g in games or self.games
            for row in of(g.game_id, play(SEED, g.away, g.home, g.game_id, periods_max=periods))
        ]

    def public(self, sql: str) -> list[dict[str, object]]:
        return self.engine.warehouse.query(sql)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    yield from opened(World(tmp_path / "project"))


@pytest.fixture
def whole_world(tmp_path: Path) -> Iterator[World]:
    """The same for all six tables."""
    yield from opened(World(tmp_path / "project", "nba"))


def opened(made: World) -> Iterator[World]:
    yield made
    made.engine.warehouse.close()
    made.engine.ledger.close()
