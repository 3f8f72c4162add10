"""The NBA pipeline as one value."""

from boxout import Calendar, Pipeline
from boxout_nba.identities import allowed_is_scored, players_sum_to_team
from boxout_nba.processors import player_game, team_defense, team_offense
from boxout_nba.readers import READERS
from boxout_nba.tables import (
    GAME,
    GAME_LINES,
    GAMEBOOK,
    INJURY_REPORT,
    PLAYER_BOXSCORE,
    PLAYER_PROPS,
    ROSTERS,
    SCHEDULE,
    SHOTS,
    TEAM_BOXSCORE,
)

PIPELINE = Pipeline(
    name="nba",
    processors=(team_offense, team_defense, player_game),
    cross_checks=(players_sum_to_team, allowed_is_scored),
    calendar=Calendar(
        SCHEDULE,
        GAME,
        "status",
        expected_when=frozenset({"final"}),
        never_when=frozenset({"postponed", "cancelled"}),
    ),
    sources=(
        SCHEDULE,
        GAMEBOOK,
        PLAYER_BOXSCORE,
        TEAM_BOXSCORE,
        SHOTS,
        ROSTERS,
        INJURY_REPORT,
        PLAYER_PROPS,
        GAME_LINES,
    ),
    readers=READERS,
)
