"""The NBA pipeline as one value, and the part of it that needs nothing but games."""

from boxout import Calendar, Pipeline
from boxout_nba.baseline import BASELINE, GAMES_BASELINE
from boxout_nba.identities import IDENTITIES
from boxout_nba.processors import (
    defense_zones,
    player_context,
    player_game,
    team_context,
    team_defense,
    team_offense,
)
from boxout_nba.readers import READERS
from boxout_nba.seasons import season_start
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

CALENDAR = Calendar(
    SCHEDULE,
    GAME,
    "status",
    expected_when=frozenset({"final"}),
    never_when=frozenset({"postponed", "cancelled"}),
    begins=season_start,
    identity="nba_game_id",
    phase="season_type",
    zone="America/New_York",
)
TOTALS = (team_offense, team_defense, player_game)

PIPELINE = Pipeline(
    name="nba",
    processors=(*TOTALS, defense_zones, team_context, player_context),
    cross_checks=IDENTITIES,
    calendar=CALENDAR,
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
    baseline=BASELINE,
)
"""All six tables. The two contexts need the schedule of the whole season."""

GAME_SOURCES = (
    SCHEDULE,
    GAMEBOOK,
    PLAYER_BOXSCORE,
    TEAM_BOXSCORE,
    SHOTS,
    ROSTERS,
    PLAYER_PROPS,
)
GAMES = Pipeline(
    name="nba-games",
    processors=TOTALS,
    cross_checks=IDENTITIES,
    calendar=CALENDAR,
    sources=GAME_SOURCES,
    readers=tuple(one for one in READERS if one.table in GAME_SOURCES),
    baseline=GAMES_BASELINE,
)
"""The totals of each game alone: offense, defense and players, from what is known of that game."""
