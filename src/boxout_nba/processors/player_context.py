"""What is known of each player before a game: load, form, opponent, absences, lines."""

from boxout import Measure, Rows, ibis, optional, processor, window
from boxout_nba.joins import beside, of_date
from boxout_nba.lines import points_lines
from boxout_nba.processors.slate import days_between, earlier, latest_first, upcoming
from boxout_nba.tables import (
    INJURY_REPORT,
    PLAYER_CONTEXT,
    PLAYER_GAME,
    PLAYER_PROPS,
    ROSTERS,
    SCHEDULE,
    TEAM_DEFENSE,
    TEAM_OFFENSE,
)
from boxout_nba.tables.columns import SEASON_DAYS

SPANS = (5, 10)
STAR_PTS = 20
OPPONENT_GAMES = 10
OPPONENT_DAYS = 90


@processor(
    PLAYER_CONTEXT,
    slate=SCHEDULE,
    schedule=window(SCHEDULE, days=SEASON_DAYS),
    players=optional(window(PLAYER_GAME, days=SEASON_DAYS)),
    offense=optional(window(TEAM_OFFENSE, days=OPPONENT_DAYS)),
    defense=optional(window(TEAM_DEFENSE, days=OPPONENT_DAYS)),
    rosters=optional(ROSTERS),
    injuries=optional(INJURY_REPORT),
    props=optional(PLAYER_PROPS),
)
def player_context(  # noqa: PLR0913, PLR0917
    slate: Rows,
    schedule: Rows,
    players: Rows,
    offense: Rows,
    defense: Rows,
    rosters: Rows,
    injuries: Rows,
    props: Rows,
) -> Rows:
    """One row per player expected to play on the date, from what came before it."""
    now = upcoming(slate).select("game_date", "game_id", "team", "opponent")
    teams = now.group_by("game_date").aggregate(teams_on_date=now.count())
    past = earlier(schedule, now).select("as_of", "team", "game_id", "game_date", "nth")
    form = _form(_of_tonight(players, now, rosters))
    expected = _expected(now, form, players, rosters)
    rows = beside(expected, form.drop("player_lookup", "player_name"), "game_date", "player_id")
    rows = beside(rows, _team_so_far(past, players), "game_date", "team")
    rows = beside(rows, _opponents(offense, defense), "game_date", "opponent")
    rows = _with_report(rows, form, injuries)
    rows = beside(rows, points_lines(props), "game_id", "player_lookup")
    return _told(beside(rows, teams, "game_date"))


def _of_tonight(players: Rows, now: Rows, rosters: Rows) -> Rows:
    """The earlier lines, with any team, of every player whom a team of the date might field."""
    listed = players.semi_join(now, [players.as_of == now.game_date, players.team == now.team])
    listed = listed.select("player_id", game_date=listed.as_of)
    might = listed.union(rosters.select("player_id", "game_date")).distinct()
    return players.semi_join(
        might, [players.as_of == might.game_date, players.player_id == might.player_id]
    )


def _form(players: Rows) -> Rows:
    """One row per date and player: averages, load, and which team listed him last."""
    of_player = ("as_of", "player_id")
    listed = players.mutate(nth=latest_first(players, *of_player))
    last = listed.filter(listed.nth == 0).select(
        "player_id",
        "player_lookup",
        "player_name",
        game_date=listed.as_of,
        last_team=listed.team,
        last_listed=listed.game_id,
    )
    played = players.filter(players.minutes > 0)
    played = played.mutate(
        nth=latest_first(played, *of_player), days=days_between(played.game_date, played.as_of)
    )
    counts = played.group_by(*of_player).aggregate(
        days_since_played=played.days.min() - 1,
        **{k: v for days in (7, 14) for k, v in _load(played, days).items()},
        **{k: v for games in SPANS for k, v in _average(played, games).items()},
    )
    rows = beside(last, of_date(counts), "game_date", "player_id")
    return beside(rows, of_date(_over_streak(players)), "game_date", "player_id")


def _load(played: Rows, days: int) -> dict[str, Measure]:
    recent = played.days <= days
    return {
        f"games_last_{days}": recent.sum(),
        f"minutes_last_{days}": played.minutes.sum(where=recent),
    }


def _average(played: Rows, games: int) -> dict[str, Measure]:
    """Averages over the last games played; `oldest` is the date of the first of them."""
    recent = played.nth < games
    return {
        f"pts_avg_{games}": played.pts.mean(where=recent),
        f"usage_rate_pct_avg_{games}": played.usage_rate_pct.mean(where=recent),
        f"minutes_avg_{games}": played.minutes.mean(where=recent),
        f"played_{games}": recent.sum(),
        f"oldest_{games}": played.game_date.min(where=recent),
    }


def _over_streak(players: Rows) -> Rows:
    """One row per date and player with an earlier line: results alike in a row, signed."""
    of_player = ("as_of", "player_id")
    rows = players.filter(players.points_to_line.notnull())
    rows = rows.mutate(sign=rows.points_to_line.sign().cast("int64"))
    rows = rows.mutate(nth=latest_first(rows, *of_player))
    of = ibis.window(group_by=list(of_player))
    rows = rows.mutate(last_sign=rows.sign.sum(where=rows.nth == 0).over(of))
    counts = rows.group_by(*of_player).aggregate(
        last_sign=rows.last_sign.max(),
        turned_at=rows.nth.min(where=rows.sign != rows.last_sign),
        lines=rows.count(),
    )
    length = counts.turned_at.fill_null(counts.lines)
    return counts.select(*of_player, over_streak=counts.last_sign * length)


def _expected(now: Rows, form: Rows, players: Rows, rosters: Rows) -> Rows:
    """One row per player of a roster of the date; of teams without one, who dressed last time."""
    rostered = rosters.inner_join(now, ["game_date", "team"]).select(
        *_WHO, expected_by=ibis.literal("rosters")
    )
    with_roster = rosters.select("game_date", "team").distinct()
    dressed = players.filter(players.status != "inactive").select(
        "player_id", game_date=players.as_of, last_team=players.team, last_listed=players.game_id
    )
    last = form.semi_join(dressed, list(dressed.columns))
    last = last.semi_join(_last_public(players), ["game_date", "last_team", "last_listed"])
    known = last.select(
        "game_date", "player_lookup", "player_id", "player_name", team=last.last_team
    )
    listed = known.anti_join(with_roster, ["game_date", "team"])
    listed = listed.inner_join(now, ["game_date", "team"]).select(
        *_WHO, expected_by=ibis.literal("last_game")
    )
    return rostered.union(listed)


_WHO = (
    "game_date",
    "game_id",
    "team",
    "opponent",
    "player_lookup",
    "player_id",
    "player_name",
)


def _last_public(players: Rows) -> Rows:
    """One row per date and team: its last game whose players are public."""
    games = players.select("as_of", "team", "game_id", "game_date").distinct()
    games = games.mutate(nth=latest_first(games, "as_of", "team"))
    last = games.filter(games.nth == 0)
    return last.select(game_date=last.as_of, last_team=last.team, last_listed=last.game_id)


def _team_so_far(past: Rows, players: Rows) -> Rows:
    """One row per date and team: its last game, and the last one whose players are missing."""
    public = players.select("as_of", "game_id").distinct().mutate(is_public=True)
    rows = beside(past, public, "as_of", "game_id")
    found = rows.group_by("as_of", "team").aggregate(
        last_date=rows.game_date.max(),
        missing_date=rows.game_date.max(where=rows.is_public.isnull()),
    )
    return found.select("team", "last_date", "missing_date", game_date=found.as_of)


def _opponents(offense: Rows, defense: Rows) -> Rows:
    """One row per date and team: its pace and ratings over its last public games."""
    allowed = defense.select("as_of", "game_id", "team", "defensive_rating")
    both = beside(offense, allowed, "as_of", "game_id", "team")
    ranked = both.mutate(nth=latest_first(both, "as_of", "team"))
    last = ranked.filter(ranked.nth < OPPONENT_GAMES)
    found = last.group_by("as_of", "team").aggregate(
        opponent_pace_10=last.pace.mean(),
        opponent_offensive_rating_10=last.offensive_rating.mean(),
        opponent_defensive_rating_10=last.defensive_rating.mean(),
    )
    return found.mutate(game_date=found.as_of, opponent=found.team).drop("as_of", "team")


def _with_report(rows: Rows, form: Rows, injuries: Rows) -> Rows:
    """Who is reported out is not expected; how many stars of the team are."""
    said = injuries.select("game_date", "team", "player_lookup", report_status=injuries.status)
    rows = beside(rows, said, "game_date", "team", "player_lookup")
    rows = rows.filter(rows.report_status.fill_null("") != "out")
    out = said.filter(said.report_status == "out")
    stars = form.filter(form.pts_avg_10 >= STAR_PTS)
    stars = stars.select("game_date", "player_lookup", team=stars.last_team)
    missing = stars.semi_join(out, ["game_date", "team", "player_lookup"])
    counts = missing.group_by("game_date", "team").aggregate(out=missing.count())
    reported = injuries.select("game_date").distinct().mutate(is_reported=True)
    rows = beside(beside(rows, counts, "game_date", "team"), reported, "game_date")
    return rows.mutate(
        stars_out=ibis.ifelse(rows.is_reported, rows.out.fill_null(0), ibis.null("int64"))
    )


def _told(rows: Rows) -> Rows:
    """The rows as the table has them: what was counted over no game is zero, not null."""
    zero = [f"{what}_last_{days}" for what in ("games", "minutes") for days in (7, 14)]
    zero += [f"played_{games}" for games in SPANS]
    rows = rows.mutate(**{name: rows[name].fill_null(0) for name in zero})
    return rows.mutate(
        days_rest=days_between(rows.last_date, rows.game_date) - 1,
        **{f"window_share_{n}": rows[f"played_{n}"] / n for n in SPANS},
        **{f"window_state_{n}": _state(rows, n) for n in SPANS},
    )


def _state(rows: Rows, games: int) -> Measure:
    """Whether the last so many games are all there, do not exist yet, or are missing."""
    is_full = rows[f"played_{games}"] == games
    reaches = ibis.ifelse(is_full, rows.missing_date > rows[f"oldest_{games}"], True)
    has_gap = (rows.missing_date.notnull() & reaches).fill_null(False)
    return ibis.cases((has_gap, "gap"), (is_full, "full"), else_="bootstrap")
