"""Which tables are held against what is usual, and by which statistics."""

from boxout import Baseline, Profile, Statistic, Table
from boxout_nba.predicates import PLAYER_RATES
from boxout_nba.tables import (
    DEFENSE_ZONES,
    GAMEBOOK,
    PLAYER_BOXSCORE,
    PLAYER_CONTEXT,
    PLAYER_GAME,
    SHOTS,
    TEAM_BOXSCORE,
    TEAM_CONTEXT,
    TEAM_DEFENSE,
    TEAM_OFFENSE,
)
from boxout_nba.tables.columns import DNP

POSSESSIONS = Statistic(
    "possessions per 48 minutes",
    lambda t: (t.fga + 0.44 * t.fta - t.oreb + t.tov) * 240 / t.minutes,
)
SHARES = (
    Statistic("threes' share of attempts", lambda t: t.fg3a / t.fga),
    Statistic("makes per attempt", lambda t: t.fgm / t.fga),
    Statistic("free throws per attempt", lambda t: t.ftm / t.fta),
    Statistic("assists' share of makes", lambda t: t.ast / t.fgm),
    Statistic("offensive rebounds' share", lambda t: t.oreb / (t.oreb + t.dreb)),
    Statistic("steals per turnover", lambda t: t.stl / t.tov),
    Statistic("steals' share with blocks", lambda t: t.stl / (t.stl + t.blk)),
)
LINE = (POSSESSIONS, *SHARES)


def _late(table: Table) -> frozenset[str]:
    """The columns whose nulls say nothing: an optional source has not come, or nobody played.

    That who did not play has no stats, and who played has every one, are checks of their own.
    """
    late = ("shots", "restricted", "paint", "mid_range", "corner", "above_break", "pts_paint")
    lines = (
        "points_line",
        "points_to_line",
        "points_result",
        "box_",
        "starter",
        "dnp_reason_category",
    )
    nulls = {c.name for c in table.columns if DNP in (c.null or "")}
    nulls |= {*PLAYER_RATES}.intersection(table.column_names if table is PLAYER_GAME else ())
    return frozenset({*nulls, *(c for c in table.column_names if c.startswith((*late, *lines)))})


def _usual(table: Table, *statistics: Statistic, exposure: str | None = "minutes") -> Profile:
    left_out = {
        "shots_state",
        "dnp_reason",
        "players_listed",
        "plus_minus",
        "is_dnp",
        "box_apart",
        "box_minutes_apart",
    }.intersection(table.column_names)
    far_out = set(PLAYER_RATES).intersection(table.column_names if table is PLAYER_GAME else ())
    return Profile(exposure, statistics, _late(table), frozenset(far_out), frozenset(left_out))


GROWING = frozenset({"league_games", "league_games_missing"})
"""Columns that grow with the season: no earlier date is like this one."""

BY_CALENDAR = (
    "days_", "back_to_back", "games_last", "minutes_last", "game_number", "consecutive",
    "streak", "played_", "window", "teams_on_date", "miles", "time_zones", "starters_out",
    "spread_", "total", "last_margin", "results_missing", "spread", "road_games", "travel",
)  # fmt: skip
"""How the columns begin that follow the calendar, or lines that not every date has."""


def _by_calendar(table: Table) -> Profile:
    """Averages of the last games are null for who has not played yet: in autumn, for most.

    One of rates may be that of a few seconds on court.
    """
    names = (c for c in table.column_names if c.startswith(BY_CALENDAR))
    averages = [c for c in table.column_names if "_avg_" in c]
    return Profile(
        comes_late=_late(table) | frozenset(averages),
        far_out=frozenset(c for c in averages if "_pct_" in c),
        leaves_out=frozenset(names),
    )


_GAMES = {
    GAMEBOOK.name: _usual(GAMEBOOK, *LINE),
    PLAYER_BOXSCORE.name: _usual(PLAYER_BOXSCORE, *LINE),
    TEAM_BOXSCORE.name: _usual(TEAM_BOXSCORE, *LINE),
    SHOTS.name: Profile(leaves_out=frozenset({"shot_number"})),
    TEAM_OFFENSE.name: _usual(TEAM_OFFENSE, *LINE),
    TEAM_DEFENSE.name: _usual(TEAM_DEFENSE, exposure=None),
    PLAYER_GAME.name: _usual(PLAYER_GAME, *LINE),
}
_ALIKE = {"play-in": "regular", "cup final": "regular"}
BASELINE = Baseline(
    {
        **_GAMES,
        DEFENSE_ZONES.name: Profile(leaves_out=GROWING),
        TEAM_CONTEXT.name: _by_calendar(TEAM_CONTEXT),
        PLAYER_CONTEXT.name: _by_calendar(PLAYER_CONTEXT),
    },
    alike=_ALIKE,
)
GAMES_BASELINE = Baseline(_GAMES, alike=_ALIKE)
"""Of the totals of each game alone."""
