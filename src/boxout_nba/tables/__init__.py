"""The tables of the NBA pipeline, with what must hold in each."""

from boxout_nba.tables.columns import DATE, GAME
from boxout_nba.tables.contexts import PLAYER_CONTEXT, TEAM_CONTEXT
from boxout_nba.tables.dates import GAME_LINES, INJURY_REPORT, PLAYER_PROPS, ROSTERS
from boxout_nba.tables.games import GAMEBOOK, PLAYER_BOXSCORE, SCHEDULE, SHOTS, TEAM_BOXSCORE
from boxout_nba.tables.summaries import PLAYER_GAME, TEAM_DEFENSE, TEAM_OFFENSE
from boxout_nba.tables.zones import DEFENSE_ZONES

__all__ = [
    "DATE",
    "DEFENSE_ZONES",
    "GAME",
    "GAMEBOOK",
    "GAME_LINES",
    "INJURY_REPORT",
    "PLAYER_BOXSCORE",
    "PLAYER_CONTEXT",
    "PLAYER_GAME",
    "PLAYER_PROPS",
    "ROSTERS",
    "SCHEDULE",
    "SHOTS",
    "TEAM_BOXSCORE",
    "TEAM_CONTEXT",
    "TEAM_DEFENSE",
    "TEAM_OFFENSE",
]
