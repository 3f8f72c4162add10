"""Who is known: players by their name in one word, within their team."""

from boxout import Directory, LookUp, Measure, Rows, ibis
from boxout_nba.names import player_lookup
from boxout_nba.tables import GAMEBOOK, PLAYER_BOXSCORE, ROSTERS

PLAYERS = Directory(
    "player",
    column="player_lookup",
    group="team",
    identity="player_id",
    tables=(GAMEBOOK, PLAYER_BOXSCORE, ROSTERS),
    days=365,
    spelled=player_lookup,
)
"""A season away from his last game with a team, a player is still known there."""


def team_of(rows: Rows) -> Measure:
    """The row's own team."""
    return ibis.array([rows.team])


def teams_of_game(rows: Rows) -> Measure:
    """Both teams of the row's game."""
    return ibis.array([rows.game_id.substr(11, 3), rows.game_id.substr(15, 3)])


OF_TEAM = LookUp(PLAYERS, team_of)
OF_GAME = LookUp(PLAYERS, teams_of_game)
