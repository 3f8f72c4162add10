"""The processors: plain functions whose parameters are their inputs."""

from boxout import Measure, Rows, any_of, ibis, processor
from boxout_nba import formulas
from boxout_nba.predicates import COUNTED, SHOOTING
from boxout_nba.tables import (
    GAMEBOOK,
    PLAYER_BOXSCORE,
    PLAYER_GAME,
    TEAM_BOXSCORE,
    TEAM_DEFENSE,
    TEAM_OFFENSE,
)

GROUP = "game totals"


def team_totals(players: Rows) -> Rows:
    """One row per team: the sums of its players' lines."""
    sums = {name: players[name].sum() for name in ("minutes", *COUNTED)}
    totals = players.group_by("game_id", "team").aggregate(**sums)
    return totals.mutate(minutes=240.0 + 25 * ((totals.minutes - 240) / 25).round())


@processor(
    TEAM_OFFENSE.group(GROUP),
    box=any_of(TEAM_BOXSCORE, GAMEBOOK.via(team_totals)),
    players=any_of(GAMEBOOK, PLAYER_BOXSCORE),
)
def team_offense(box: Rows, players: Rows) -> Rows:
    """One row per team and game: what it did with the ball."""
    own = _with_player_turnovers(box, players)
    other = own.view()
    joined = own.join(
        other, (own.game_id == other.game_id) & (own.team != other.team), rname="opp_{name}"
    )
    halves = formulas.half_possessions(joined, joined.opp_dreb) + _opponent_half(joined)
    rows = joined.mutate(possessions=0.5 * halves)
    return rows.mutate(
        game_date=rows.game_id.substr(0, 10),
        opponent=rows.opp_team,
        home_game=rows.team == rows.game_id.substr(15, 3),
        win=rows.pts > rows.opp_pts,
        margin=rows.pts - rows.opp_pts,
        overtime_periods=((rows.minutes - 240) / 25).round(),
        possessions_simple=rows.fga + 0.44 * rows.fta - rows.oreb + rows.tov,
        pace=formulas.pace(rows.possessions, rows.minutes),
        offensive_rating=100 * rows.pts / rows.possessions.nullif(0),
        opponent_rating=100 * rows.opp_pts / rows.possessions.nullif(0),
        ts_pct=formulas.ts_pct(rows.pts, rows.fga, rows.fta),
        efg_pct=formulas.efg_pct(rows.fgm, rows.fg3m, rows.fga),
        box_source=rows.input_table,
    )


def _with_player_turnovers(box: Rows, players: Rows) -> Rows:
    turnovers = players.group_by("game_id", "team").aggregate(
        player_tov=players.tov.sum(),
        players_listed=players.count(),
        player_source=players.input_table.min(),
    )
    joined = box.left_join(turnovers, ["game_id", "team"])
    kept = [joined[name] for name in box.columns if name != "tov"]
    return joined.select(
        *kept,
        joined.player_source,
        joined.players_listed,
        tov=joined.player_tov,
        tov_with_team=joined.tov,
    )


def _opponent_half(joined: Rows) -> Measure:
    kept = joined.opp_oreb / (joined.opp_oreb + joined.dreb).nullif(0)
    missed = joined.opp_fga - joined.opp_fgm
    return joined.opp_fga + 0.4 * joined.opp_fta - 1.07 * kept * missed + joined.opp_tov


@processor(TEAM_DEFENSE.group(GROUP), team=TEAM_OFFENSE)
def team_defense(team: Rows) -> Rows:
    """One row per team and game: what its opponent was allowed."""
    other = team.view()
    rows = team.join(
        other, (team.game_id == other.game_id) & (team.opponent == other.team), rname="opp_{name}"
    )
    allowed = {f"{name}_allowed": rows[f"opp_{name}"] for name in SHOOTING}
    return rows.mutate(
        **allowed,
        turnovers_forced=rows.opp_tov,
        defensive_rating=rows.opponent_rating,
        opponent_pace=rows.opp_pace,
        opponent_ts_pct=rows.opp_ts_pct,
        opponent_efg_pct=rows.opp_efg_pct,
    )


@processor(PLAYER_GAME.group(GROUP), players=any_of(GAMEBOOK, PLAYER_BOXSCORE), team=TEAM_OFFENSE)
def player_game(players: Rows, team: Rows) -> Rows:
    """One row per player listed: his line and rates; null where he did not play."""
    side = team.select(
        "game_id",
        "team",
        "game_date",
        "win",
        team_minutes=team.minutes,
        team_plays=formulas.plays(team),
    )
    rows = players.left_join(side, ["game_id", "team"])
    usage = formulas.usage_rate_pct(
        formulas.plays(rows), rows.minutes, rows.team_plays, rows.team_minutes
    )
    rows = rows.mutate(usage_rate_pct=usage, is_dnp=rows.status != "active")
    return rows.mutate(
        usage_rate_capped_pct=ibis.ifelse(rows.usage_rate_pct > 100, 100.0, rows.usage_rate_pct),
        ts_pct=formulas.ts_pct(rows.pts, rows.fga, rows.fta),
        efg_pct=formulas.efg_pct(rows.fgm, rows.fg3m, rows.fga),
        dnp_reason_category=ibis.ifelse(
            rows.is_dnp, dnp_category(rows.dnp_reason.lower()), ibis.null("string")
        ),
        player_source=rows.input_table,
    )


def dnp_category(reason: Measure) -> Measure:
    """The kind of reason for which a listed player did not play; `other` when none is given."""
    return ibis.cases(
        (
            reason.re_search("injur|sprain|strain|sore|surgery|illness|concussion|knee|ankle"),
            "injury",
        ),
        (reason.re_search("rest|load"), "rest"),
        (reason.re_search("personal|family"), "personal"),
        (reason.re_search("suspen"), "suspension"),
        (reason.re_search("coach|did not play|did not dress"), "coach"),
        else_="other",
    )
