"""What is known of each team before a game: rest, travel, form, lines, absences."""

from boxout import Measure, Rows, ibis, optional, processor, window
from boxout_nba.joins import beside, of_date
from boxout_nba.lines import game_lines
from boxout_nba.processors.slate import days_between, earlier, upcoming
from boxout_nba.tables import (
    GAME_LINES,
    INJURY_REPORT,
    PLAYER_GAME,
    SCHEDULE,
    TEAM_CONTEXT,
    TEAM_OFFENSE,
)
from boxout_nba.tables.columns import SEASON_DAYS
from boxout_nba.travel import miles, place, spot

STARTERS = 5
GAMES_OF_STARTERS = 10
STARTERS_DAYS = 60


@processor(
    TEAM_CONTEXT,
    slate=SCHEDULE,
    schedule=window(SCHEDULE, days=SEASON_DAYS),
    games=optional(window(TEAM_OFFENSE, days=SEASON_DAYS)),
    players=optional(window(PLAYER_GAME, days=STARTERS_DAYS)),
    lines=optional(GAME_LINES),
    injuries=optional(INJURY_REPORT),
)
def team_context(  # noqa: PLR0917
    slate: Rows, schedule: Rows, games: Rows, players: Rows, lines: Rows, injuries: Rows
) -> Rows:
    """One row per team and game of the date, from what came before it."""
    now = upcoming(slate)
    now = now.mutate(place=place(now))
    past = earlier(schedule, now)
    results = games.select("as_of", "game_id", "team", "win", "margin")
    past = beside(past, results, "as_of", "game_id", "team")
    of_team = ("game_date", "team")
    rows = beside(beside(now, _so_far(past), *of_team), _last(past), *of_team)
    rows = _with_lines(rows, lines)
    return _told(beside(rows, _starters_out(past, players, injuries), *of_team))


def _so_far(past: Rows) -> Rows:
    """One row per date and team: its earlier games counted, and how its last ones went."""
    days = days_between(past.game_date, past.as_of)
    of_team = ibis.window(group_by=["as_of", "team"])
    rows = past.mutate(days=days, last_win=past.win.sum(where=past.nth == 0).over(of_team))
    turned = (rows.win.cast("int64") != rows.last_win).fill_null(True)
    rows = rows.mutate(turned_at=rows.nth.min(where=turned).over(of_team))
    turn = rows.filter(rows.nth == rows.turned_at).select("as_of", "team", turned_to=rows.win)
    counts = rows.group_by("as_of", "team").aggregate(
        games_before=rows.count(),
        games_last_7=(rows.days <= 7).sum(),
        games_last_14=(rows.days <= 14).sum(),
        results_missing=rows.win.isnull().sum(),
        last_win=rows.last_win.max(),
        turned_at=rows.turned_at.max(),
        home_at=rows.nth.min(where=rows.home_game),
    )
    counts = beside(counts, turn, "as_of", "team")
    return counts.select(
        "team",
        "games_before",
        "games_last_7",
        "games_last_14",
        "results_missing",
        game_date=counts.as_of,
        streak=_streak(counts),
        road_before=counts.home_at.fill_null(counts.games_before),
    )


def _streak(counts: Rows) -> Measure:
    """Null when the last result, or the one that ended the row before it, is missing."""
    length = counts.turned_at.fill_null(counts.games_before)
    is_known = counts.turned_at.isnull() | counts.turned_to.notnull()
    signed = ibis.ifelse(counts.last_win == 1, length, -length)
    return ibis.ifelse(is_known & counts.last_win.notnull(), signed, ibis.null("int64"))


def _last(past: Rows) -> Rows:
    """One row per date and team: when and where its last game was, and its margin."""
    last = past.filter(past.nth == 0)
    return last.select(
        "team",
        game_date=last.as_of,
        last_date=last.game_date,
        last_margin=last.margin,
        last_place=place(last),
    )


def _with_lines(rows: Rows, lines: Rows) -> Rows:
    joined = beside(rows, game_lines(lines), "game_id")
    sign = ibis.ifelse(joined.home_game, 1, -1)
    return joined.mutate(
        spread=sign * joined.home_spread, spread_move=sign * joined.home_spread_move
    )


def _starters_out(past: Rows, players: Rows, injuries: Rows) -> Rows:
    """One row per date and team with a report and a last game: how many starters are out."""
    recent = past.filter(past.nth < GAMES_OF_STARTERS).select("as_of", "team", "game_id")
    started = players.filter(players.starter).select(
        "as_of", "game_id", "team", "player_id", "player_lookup", "minutes"
    )
    started = started.semi_join(recent, ["as_of", "game_id", "team"])
    counts = started.group_by("as_of", "team", "player_id").aggregate(
        times=started.count(),
        minutes=started.minutes.sum(),
        player_lookup=started.player_lookup.max(),
    )
    order = [counts.times.desc(), counts.minutes.desc(), counts.player_id]
    counts = counts.mutate(nth=ibis.row_number().over(group_by=["as_of", "team"], order_by=order))
    five = counts.filter(counts.nth < STARTERS)
    five = of_date(five)
    out = injuries.filter(injuries.status == "out").select("game_date", "team", "player_lookup")
    five = beside(five, out.distinct().mutate(is_out=True), *out.columns)
    told = five.group_by("game_date", "team").aggregate(starters_out=five.is_out.count())
    return told.semi_join(injuries, "game_date")


def _told(rows: Rows) -> Rows:
    """The rows as the table has them: what was counted over no game is zero, not null."""
    rest = days_between(rows.last_date, rows.game_date) - 1
    road = ibis.ifelse(rows.home_game, 0, 1 + rows.road_before.fill_null(0))
    here, there = spot(rows.place, rows.game_date), spot(rows.last_place, rows.game_date)
    return rows.mutate(
        days_rest=rest,
        back_to_back=(rest == 0).fill_null(False),
        **{
            name: rows[name].fill_null(0)
            for name in ("games_last_7", "games_last_14", "results_missing")
        },
        game_number=rows.games_before.fill_null(0) + 1,
        travel_miles=miles(there, here),
        time_zones_crossed=(here.clock_h - there.clock_h).abs(),
        road_games_in_a_row=road,
    )
