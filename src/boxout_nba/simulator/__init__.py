"""Seasons for machines without real ones: deterministic from a seed, possession by possession."""

from boxout_nba.simulator.before import injury_rows, roster_rows
from boxout_nba.simulator.bookmakers import line_rows, prop_rows
from boxout_nba.simulator.game import Box, play
from boxout_nba.simulator.season import Game, late_games, simulate_night, simulate_season
from boxout_nba.simulator.tables import (
    gamebook_rows,
    schedule_rows,
    shots_rows,
    team_rows,
    write_csv,
)

__all__ = [
    "Box",
    "Game",
    "gamebook_rows",
    "injury_rows",
    "late_games",
    "line_rows",
    "play",
    "prop_rows",
    "roster_rows",
    "schedule_rows",
    "shots_rows",
    "simulate_night",
    "simulate_season",
    "team_rows",
    "write_csv",
]
