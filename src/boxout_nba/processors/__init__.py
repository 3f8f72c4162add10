"""The processors: plain functions whose parameters are their inputs."""

from boxout_nba.processors.defense import team_defense
from boxout_nba.processors.offense import team_offense
from boxout_nba.processors.players import player_game

__all__ = ["player_game", "team_defense", "team_offense"]
