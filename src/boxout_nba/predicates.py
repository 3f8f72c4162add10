"""What a row or a game must satisfy, as expressions over any table with box score columns."""

import operator
from collections.abc import Iterable
from functools import reduce
from types import SimpleNamespace

from boxout import Measure, Predicate, Rows, ibis
from boxout_nba.zones import THREES, ZONE_COLUMNS, ZONES

COUNTED = (
    "pts",
    "fgm",
    "fga",
    "fg3m",
    "fg3a",
    "ftm",
    "fta",
    "oreb",
    "dreb",
    "ast",
    "stl",
    "blk",
    "tov",
    "pf",
)
SHOOTING = ("pts", "fgm", "fga", "fg3m", "fg3a", "ftm", "fta")
OVERTIMES_MAX = 6
"""The most that any NBA game had: Indianapolis at Rochester, 6 January 1951.

Without a bound some number of overtimes fits any sum, seconds taken for minutes too.
"""
PLAYER_RATES = (
    "ts_pct",
    "efg_pct",
    "usage_rate_pct",
    "usage_rate_capped_pct",
    "oreb_pct",
    "dreb_pct",
    "reb_pct",
    "ast_pct",
    "stl_pct",
    "blk_pct",
    "tov_pct",
)


def allowed(rows: Rows) -> Rows:
    """The line and the rates that a team was allowed, under the names of a box score."""
    return SimpleNamespace(
        **{name: rows[f"{name}_allowed"] for name in (*SHOOTING, *ZONE_COLUMNS, "pts_paint")},
        ts_pct=rows.opponent_ts_pct,
        efg_pct=rows.opponent_efg_pct,
    )


def points_add_up(rows: Rows) -> Predicate:
    """Points are two per two-point make, three per three, one per free throw."""
    return rows.pts == 2 * (rows.fgm - rows.fg3m) + 3 * rows.fg3m + rows.ftm


def rates_fit(rows: Rows) -> Predicate:
    """True shooting and effective share, multiplied back, are the points and makes of the line."""
    tried = 2 * (rows.fga + 0.44 * rows.fta)
    shooting = rows.ts_pct.isnull() | ((rows.ts_pct * tried - rows.pts).abs() < 1e-6)
    makes = rows.fgm + 0.5 * rows.fg3m
    return shooting & (rows.efg_pct.isnull() | ((rows.efg_pct * rows.fga - makes).abs() < 1e-6))


def pace_fits(rows: Rows) -> Predicate:
    """Pace and both ratings, multiplied back, are the possessions and points beside them."""
    pace = rows.pace * rows.minutes / 5 - 48 * rows.possessions
    own = rows.offensive_rating * rows.possessions - 100 * rows.pts
    theirs = rows.opponent_rating * rows.possessions - 100 * (rows.pts - rows.margin)
    return every(one.abs() < 1e-6 for one in (pace, own, theirs))


def simple_possessions_fit(rows: Rows) -> Predicate:
    """The short estimate is attempts, free throws at 0.44, turnovers, less offensive rebounds."""
    line = rows.fga + rows.tov - rows.oreb + 0.44 * rows.fta
    return (rows.possessions_simple - line).abs() < 1e-6


def turnovers_fit(rows: Rows) -> Predicate:
    """Turnovers per 100 plays, multiplied back, are the turnovers of the line."""
    per_play = rows.tov_pct * (rows.fga + 0.44 * rows.fta + rows.tov)
    return rows.tov_pct.isnull() | ((per_play - 100 * rows.tov).abs() < 1e-6)


def of_whole_seconds(rows: Rows) -> Predicate:
    """A time on the clock is whole seconds: 34:31 read as 34.31 minutes is not."""
    seconds = 60 * rows.minutes
    return (seconds - seconds.round()).abs() < 0.01


def makes_within_attempts(rows: Rows) -> Predicate:
    """No more made than tried; every three is a field goal."""
    tried = (rows.fgm <= rows.fga) & (rows.fg3m <= rows.fg3a) & (rows.fg3a <= rows.fga)
    return tried & (rows.ftm <= rows.fta) & (rows.fg3m <= rows.fgm)


def zones_add_up(rows: Rows) -> Predicate:
    """Whether attempts and makes by zone, where known, are those of the line."""

    def total(what: str, zones: Iterable[str]) -> Measure:
        return reduce(operator.add, (getattr(rows, f"{zone}_{what}") for zone in zones))

    agrees = every(
        (total(what, ZONES) == getattr(rows, what)) & (total(what, THREES) == getattr(rows, three))
        for what, three in (("fga", "fg3a"), ("fgm", "fg3m"))
    )
    in_paint = 2 * total("fgm", ("restricted_area", "paint"))
    return rows.pts_paint.isnull() | (agrees & (rows.pts_paint == in_paint))


def over_under(margin: Measure) -> Measure:
    """What became of a line, by points minus line: over, under or push."""
    return ibis.cases((margin > 0, "over"), (margin < 0, "under"), (margin == 0, "push"))


def has_played(rows: Rows) -> Predicate:
    """Whether a listed player was active."""
    return rows.status == "active"


def has_no_stats(rows: Rows) -> Predicate:
    """Whether every stat of a listed player is null: 0 would say that he played."""
    return every(rows[name].isnull() for name in (*COUNTED, "minutes", "plus_minus"))


def has_no_rates(rows: Rows) -> Predicate:
    """Whether every rate of a listed player is null."""
    return every(rows[name].isnull() for name in PLAYER_RATES)


def has_every_stat(rows: Rows) -> Predicate:
    """Whether every stat is there: a sum would pass over a null as if it were 0."""
    return every(rows[name].notnull() for name in (*COUNTED, "minutes"))


def every(predicates: Iterable[Predicate]) -> Predicate:
    """Whether all of these hold of a row."""
    return reduce(operator.and_, predicates)


def plays_in_game(rows: Rows) -> Predicate:
    """Whether the row's team is one of the two that the game's key names."""
    return of_away(rows) | of_home(rows)


def of_away(rows: Rows) -> Predicate:
    """Whether the row belongs to the away team, by the game's key."""
    return rows.team == rows.game_id.substr(11, 3)


def of_home(rows: Rows) -> Predicate:
    """Whether the row belongs to the home team, by the game's key."""
    return rows.team == rows.game_id.substr(15, 3)


def lesser_of(one: Measure, other: Measure) -> Measure:
    """The smaller of two numbers; null when either is, where SQL's LEAST passes over it."""
    return ibis.cases((one <= other, one), (one > other, other))


def fewest_with_minutes(rows: Rows) -> Measure:
    """Players with minutes in the team that has fewer of them."""
    played = rows.minutes > 0
    return lesser_of((played & of_away(rows)).sum(), (played & of_home(rows)).sum())


def points_apart(rows: Rows) -> Measure:
    """Points between the teams: a game that is level is not over."""
    return (rows.pts.sum(where=of_away(rows)) - rows.pts.sum(where=of_home(rows))).abs()


def line_minutes_off(rows: Rows) -> Measure:
    """Minutes by which a team's own line misses 240 + 25 per overtime; the larger of both."""
    return _off(rows.minutes).max()


def minutes_off(rows: Rows) -> Measure:
    """Minutes by which a team's players miss 240 + 25 per overtime; the larger of both teams."""
    away = rows.minutes.sum(where=of_away(rows))
    home = rows.minutes.sum(where=of_home(rows))
    return -lesser_of(-_off(away), -_off(home))


def _off(minutes: Measure) -> Measure:
    # Three times in the SQL; `clip` would say it nine times.
    played = ((minutes - 240) / 25).round()
    periods = ibis.cases((played < 0, 0), (played > OVERTIMES_MAX, OVERTIMES_MAX), else_=played)
    return (minutes - (240 + 25 * periods)).abs()


def lesser(column: str):
    """The smaller of both teams' values of a column."""
    return lambda rows: rows[column].min()


def fewest_attempts(shots: Rows) -> Measure:
    """Field-goal attempts of the team that has fewer of them."""
    return lesser_of(of_away(shots).sum(), of_home(shots).sum())
