"""What each team did with the ball."""

from boxout import Measure, Rows, any_of, ibis, optional, processor
from boxout_nba import formulas
from boxout_nba.predicates import COUNTED
from boxout_nba.tables import GAMEBOOK, PLAYER_BOXSCORE, SHOTS, TEAM_BOXSCORE, TEAM_OFFENSE
from boxout_nba.tables.summaries import GROUP
from boxout_nba.zones import ZONE_COLUMNS, counted, shots_state


def team_totals(players: Rows) -> Rows:
    """One row per team: the sums of its players' lines."""
    sums = {name: players[name].sum() for name in ("minutes", *COUNTED)}
    totals = players.group_by("game_id", "team").aggregate(**sums)
    return totals.mutate(minutes=240.0 + 25 * ((totals.minutes - 240) / 25).round())


@processor(
    TEAM_OFFENSE.group(GROUP),
    box=any_of(TEAM_BOXSCORE, GAMEBOOK.via(team_totals)),
    players=any_of(GAMEBOOK, PLAYER_BOXSCORE),
    shots=optional(SHOTS),
)
def team_offense(box: Rows, players: Rows, shots: Rows) -> Rows:
    """One row per team and game: what it did with the ball, by zone where its shots are known."""
    own = _with_zones(_with_player_turnovers(box, players), shots)
    other = own.view()
    joined = own.join(
        other, (own.game_id == other.game_id) & (own.team != other.team), rname="opp_{name}"
    )
    halves = (formulas.half_possessions(joined, joined.opp_dreb), _opponent_half(joined))
    rows = joined.mutate(possessions=formulas.possessions(*halves))
    return rows.mutate(
        game_date=rows.game_id.substr(0, 10),
        opponent=rows.opp_team,
        home_game=rows.team == rows.game_id.substr(15, 3),
        win=rows.pts > rows.opp_pts,
        margin=rows.pts - rows.opp_pts,
        overtime_periods=formulas.overtime_periods(rows.minutes),
        possessions_simple=formulas.possessions_simple(rows),
        pace=formulas.pace(rows.possessions, rows.minutes),
        offensive_rating=formulas.rating(rows.pts, rows.possessions),
        opponent_rating=formulas.rating(rows.opp_pts, rows.possessions),
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


def _with_zones(box: Rows, shots: Rows) -> Rows:
    """The team's line with its shots by zone; null where they are not those of the line."""
    by_team = shots.group_by("game_id", "team").aggregate(**counted(shots))
    rows = box.left_join(by_team, ["game_id", "team"])
    rows = rows.mutate(shots_state=shots_state(rows))
    nothing = ibis.null("int64")
    agrees = rows.shots_state == "agrees"
    zones = {name: ibis.ifelse(agrees, rows[name], nothing) for name in ZONE_COLUMNS}
    rows = rows.select(*box.columns, "shots_state", **zones)
    return rows.mutate(pts_paint=2 * (rows.restricted_area_fgm + rows.paint_fgm))


def _opponent_half(joined: Rows) -> Measure:
    kept = joined.opp_oreb / (joined.opp_oreb + joined.dreb).nullif(0)
    missed = joined.opp_fga - joined.opp_fgm
    return joined.opp_fga + 0.4 * joined.opp_fta - 1.07 * kept * missed + joined.opp_tov
