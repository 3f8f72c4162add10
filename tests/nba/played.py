"""Some days of games, with everything that is known before and after them."""

from pathlib import Path

from boxout.model.outcomes import Done
from boxout.run import run
from boxout_nba.simulator import (
    Game,
    injury_rows,
    line_rows,
    prop_rows,
    roster_rows,
    shots_rows,
)
from conftest import SEED, World


def played(folder: Path, games: list[Game], warehouse: str = "") -> World:
    """A project in which these games are landed from every source, and public."""
    world = World(folder / "project", "nba", warehouse)
    world.games = games
    days = sorted({game.game_date for game in games})
    final = [game for game in games if game.status == "final"]
    world.schedule()
    world.gamebook(final)
    world.team_box(final)
    world.land("shots", world.rows(shots_rows, final, None))
    world.land("rosters", [row for day in days for row in roster_rows(SEED, day)])
    for reader, rows in (
        ("injury_report", injury_rows),
        ("player_props", prop_rows),
        ("game_lines", line_rows),
    ):
        world.land(reader, [row for game in final for row in rows(SEED, game)])
    asked = set(world.engine.graph.processors)
    outcomes = run(world.engine, days[0], days[-1], asked).outcomes
    assert {type(one) for (_, p), one in outcomes.items() if p[:10] in days} == {Done}
    return world
