"""The processors: plain functions whose parameters are their inputs."""

from boxout_nba.processors.defense import team_defense
from boxout_nba.processors.offense import team_offense
from boxout_nba.processors.player_context import player_context
from boxout_nba.processors.players import player_game
from boxout_nba.processors.team_context import team_context
from boxout_nba.processors.zones import defense_zones

__all__ = [
    "defense_zones",
    "player_context",
    "player_game",
    "team_context",
    "team_defense",
    "team_offense",
]
