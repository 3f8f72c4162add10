"""The games of a date and those before it, by team."""

from boxout import Measure, Rows, ibis

NOT_PLAYED = ("postponed", "cancelled")
NOT_COUNTED = ("pre-season", "all-star")


def upcoming(slate: Rows) -> Rows:
    """One row per team and game that is to be played on the date."""
    return _by_team(slate.filter(slate.status.notin(NOT_PLAYED)))


def earlier(schedule: Rows, teams: Rows) -> Rows:
    """One row per date, team and earlier game of its season; `nth` is 0 for the last one.

    Only of the teams that play on the date. Pre-season and All-Star games do not count.
    """
    counts = schedule.status.notin(NOT_PLAYED) & schedule.season_type.notin(NOT_COUNTED)
    rows = _by_team(schedule.filter(counts))
    rows = rows.semi_join(teams, [rows.as_of == teams.game_date, rows.team == teams.team])
    return rows.mutate(nth=latest_first(rows, "as_of", "team"))


def latest_first(rows: Rows, *of: str) -> Measure:
    """The place of each row among those of a group, from 0, the latest date first."""
    return ibis.row_number().over(
        group_by=list(of), order_by=[rows.game_date.desc(), rows.game_id.desc()]
    )


def days_between(earlier_day: Measure, later_day: Measure) -> Measure:
    """Whole days from one date to another, both as text."""
    return later_day.cast("date").delta(earlier_day.cast("date"), unit="day")


def _by_team(games: Rows) -> Rows:
    home = games.mutate(team=games.home_team, opponent=games.away_team, home_game=True)
    away = games.mutate(team=games.away_team, opponent=games.home_team, home_game=False)
    return home.union(away)
