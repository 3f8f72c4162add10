"""What each player did, and what that was worth."""

from boxout import Measure, Rows, any_of, ibis, optional, processor
from boxout_nba import formulas
from boxout_nba.lines import points_lines
from boxout_nba.predicates import COUNTED, over_under
from boxout_nba.tables import (
    GAMEBOOK,
    PLAYER_BOXSCORE,
    PLAYER_GAME,
    PLAYER_PROPS,
    SHOTS,
    TEAM_OFFENSE,
)
from boxout_nba.tables.summaries import GROUP
from boxout_nba.zones import ZONE_COLUMNS, counted, is_of_another, shots_state


@processor(
    PLAYER_GAME.group(GROUP),
    players=any_of(GAMEBOOK, PLAYER_BOXSCORE),
    team=TEAM_OFFENSE,
    shots=optional(SHOTS),
    props=optional(PLAYER_PROPS),
    box=optional(PLAYER_BOXSCORE),
)
def player_game(players: Rows, team: Rows, shots: Rows, props: Rows, box: Rows) -> Rows:
    """One row per player listed: his line, rates, zones and points line; null where he did not play."""
    listed = players.left_join(_side(team), ["game_id", "team"])
    rows = _with_line(_with_zones(_beside(listed, box), shots), props)
    rows = rows.mutate(**_rates(rows), is_dnp=rows.status != "active")
    return rows.mutate(
        usage_rate_capped_pct=ibis.ifelse(rows.usage_rate_pct > 100, 100.0, rows.usage_rate_pct),
        dnp_reason_category=ibis.ifelse(
            rows.is_dnp, dnp_category(rows.dnp_reason.lower()), ibis.null("string")
        ),
        player_source=rows.input_table,
    )


def _beside(players: Rows, box: Rows) -> Rows:
    """Each line with how far it is from the league's box score; null where there is none.

    Who is in the one and not in the other is as far off as his whole line.
    """
    theirs = box.select(
        "game_id", "team", "player_id", **{f"box_{name}": box[name] for name in APART}
    )
    there = box.group_by("game_id", "team").aggregate(in_box=box.count())
    rows = players.left_join(theirs, ["game_id", "team", "player_id"])
    rows = rows.left_join(there, ["game_id", "team"], rname="box_{name}_of_team")
    is_known = (rows.status == "active") & rows.in_box.notnull()
    off = {name: (rows[name] - rows[f"box_{name}"].coalesce(0)).abs() for name in APART}
    counts = sum((off[name] for name in COUNTED), ibis.literal(0))
    return rows.select(
        *players.columns,
        box_apart=ibis.ifelse(is_known, counts, ibis.null("int64")),
        box_minutes_apart=ibis.ifelse(is_known, off["minutes"], ibis.null("float64")),
    )


APART = ("minutes", *COUNTED)


def _side(team: Rows) -> Rows:
    """One row per team and game: what a player's rates are measured against."""
    other = team.view()
    both = team.join(
        other, (team.game_id == other.game_id) & (team.opponent == other.team), rname="opp_{name}"
    )
    return both.select(
        "game_id",
        "team",
        "game_date",
        "win",
        "possessions",
        team_shots=both.shots_state,
        team_minutes=both.minutes,
        team_plays=formulas.plays(both),
        team_fgm=both.fgm,
        offensive_chances=both.oreb + both.opp_dreb,
        defensive_chances=both.dreb + both.opp_oreb,
        opponent_twos=both.opp_fga - both.opp_fg3a,
    )


def _rates(rows: Rows) -> dict[str, Measure]:
    minutes = (rows.minutes, rows.team_minutes)
    chances = rows.offensive_chances + rows.defensive_chances
    rebounds = rows.oreb + rows.dreb
    return {
        "ts_pct": formulas.ts_pct(rows.pts, rows.fga, rows.fta),
        "efg_pct": formulas.efg_pct(rows.fgm, rows.fg3m, rows.fga),
        "usage_rate_pct": formulas.usage_rate_pct(
            formulas.plays(rows), rows.minutes, rows.team_plays, rows.team_minutes
        ),
        "oreb_pct": formulas.rebound_pct(rows.oreb, rows.offensive_chances, *minutes),
        "dreb_pct": formulas.rebound_pct(rows.dreb, rows.defensive_chances, *minutes),
        "reb_pct": formulas.rebound_pct(rebounds, chances, *minutes),
        "ast_pct": formulas.assist_pct(
            rows.ast, rows.fgm, rows.minutes, rows.team_fgm, rows.team_minutes
        ),
        "stl_pct": formulas.steal_pct(rows.stl, *minutes, rows.possessions),
        "blk_pct": formulas.block_pct(rows.blk, *minutes, rows.opponent_twos),
        "tov_pct": formulas.turnover_pct(rows.tov, rows.fga, rows.fta),
    }


def _with_zones(players: Rows, shots: Rows) -> Rows:
    """Each line with its shots by zone: no shot is zero where the team's shots are known."""
    by_player = shots.group_by("game_id", "team", "player_id").aggregate(**counted(shots))
    rows = players.left_join(by_player, ["game_id", "team", "player_id"])
    is_known = (rows.team_shots == "agrees") & (rows.status == "active")
    zero = {
        name: ibis.ifelse(is_known, rows[name].fill_null(0), rows[name]) for name in ZONE_COLUMNS
    }
    rows = rows.select(*players.columns, **zero)
    rows = rows.mutate(shots_state=_shots_state(rows))
    nothing = ibis.null("int64")
    agrees = rows.shots_state == "agrees"
    zones = {name: ibis.ifelse(agrees, rows[name], nothing) for name in ZONE_COLUMNS}
    rows = rows.select(*players.columns, "shots_state", **zones)
    return rows.mutate(pts_paint=2 * (rows.restricted_area_fgm + rows.paint_fgm))


def _shots_state(rows: Rows) -> Measure:
    """The state of a player's shots; where his team's differ, his may agree by chance alone."""
    of_team = ibis.ifelse(rows.team_shots == "differs", "differs", shots_state(rows))
    own = ibis.ifelse(shots_state(rows) == "agrees", of_team, shots_state(rows))
    return ibis.ifelse(is_of_another(rows), "contradicts", own)


def _with_line(players: Rows, props: Rows) -> Rows:
    """Each line with the bookmakers' on its points; none where two players share the name."""
    namesakes = ibis.window(group_by=["game_id", "player_lookup"])
    rows = players.mutate(namesakes=players.player_id.count().over(namesakes))
    rows = rows.left_join(points_lines(props), ["game_id", "player_lookup"])
    has_line = (rows.status == "active") & (rows.namesakes == 1)
    rows = rows.select(
        *players.columns,
        points_line=ibis.ifelse(has_line, rows.points_line, ibis.null("float64")),
    )
    margin = rows.pts - rows.points_line
    return rows.mutate(points_to_line=margin, points_result=over_under(margin))


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
