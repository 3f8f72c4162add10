"""What ties offense, defense and players of one game together."""

from boxout import Comparison, Measure, Predicate, Rows, across, exactly_equal, ibis, within
from boxout_nba.formulas import plays
from boxout_nba.predicates import COUNTED, SHOOTING, every
from boxout_nba.tables import PLAYER_GAME, TEAM_DEFENSE, TEAM_OFFENSE
from boxout_nba.tables.summaries import GROUP
from boxout_nba.zones import ZONE_COLUMNS

ALLOWED = (*SHOOTING, *ZONE_COLUMNS, "pts_paint")
KEPT = ("stl", "blk", "dreb")
"""The columns of offense that defense shows again."""
BACK = 1e-6
"""What a share, multiplied back, may be off what it was made of."""
FLOAT, RATING = 1e-9, "points per 100 possessions"
"""What two ways to one decimal number may differ by, and the unit of a rating."""


@across(GROUP, offense=TEAM_OFFENSE, players=PLAYER_GAME)
def players_sum_to_team(offense: Rows, players: Rows) -> Comparison:
    """One row per team and game: its players' sums beside its own line.

    Plays of a player with 0:00 belong to no usage rate and are left out of the expected sum.
    """
    summed = ("minutes", *COUNTED, *ZONE_COLUMNS, "pts_paint")
    totals = players.group_by("game_id", "team").aggregate(
        **{f"sum_{name}": players[name].sum() for name in summed},
        used=(players.usage_rate_pct * players.minutes).sum(),
        in_no_time=plays(players).sum(where=players.minutes == 0).coalesce(0),
        other_shots=(players.shots_state == "differs").sum(),
        rows_out=players.count(),
        winners=players.win.sum(),
    )
    rows = offense.left_join(totals, ["game_id", "team"])
    expected = 100 * rows.minutes / 5 * (1 - rows.in_no_time / plays(rows))
    equal = {
        f"sum of players' {name}": exactly_equal(rows[f"sum_{name}"], rows[name])
        for name in COUNTED
    }
    by_zone = every(rows[f"sum_{name}"] == rows[name] for name in (*ZONE_COLUMNS, "pts_paint"))
    has_none = (rows.shots_state != "agrees") | (rows.other_shots > 0)
    return Comparison(
        rows,
        {
            **equal,
            "sum of players' shots by zone": has_none | by_zone,
            "player minutes within 2": within(rows.sum_minutes, rows.minutes, 2, "minutes"),
            "usage adds up to 0.5 %": within(rows.used, expected, 0.5, "%"),
            "rows in are rows out": exactly_equal(rows.rows_out, rows.players_listed),
            "players share their team's win": exactly_equal(
                rows.winners, rows.win.cast("int64") * rows.players_listed
            ),
        },
    )


@across(GROUP, offense=TEAM_OFFENSE, defense=TEAM_DEFENSE)
def allowed_is_scored(offense: Rows, defense: Rows) -> Comparison:
    """One row per team and game: what it did beside what its opponent allowed."""
    mirrored = defense.select(
        "game_id",
        *(f"{name}_allowed" for name in ALLOWED),
        "turnovers_forced",
        "defensive_rating",
        "opponent_pace",
        team=defense.opponent,
    )
    shown_again = defense.select("game_id", "team", **{f"own_{n}": defense[n] for n in KEPT})
    rows = offense.left_join(mirrored, ["game_id", "team"])
    rows = rows.left_join(shown_again, ["game_id", "team"], rname="own_{name}")
    equal = {
        f"{name} scored is allowed": exactly_equal(rows[name], rows[f"{name}_allowed"])
        for name in SHOOTING
    }
    by_zone = every(
        rows[name].identical_to(rows[f"{name}_allowed"]) for name in (*ZONE_COLUMNS, "pts_paint")
    )
    return Comparison(
        rows,
        {
            **equal,
            "shots by zone scored are allowed": by_zone,
            "turnovers made are forced": exactly_equal(rows.tov, rows.turnovers_forced),
            **{f"{n} is the team's own": exactly_equal(rows[n], rows[f"own_{n}"]) for n in KEPT},
            "ratings mirror": within(rows.offensive_rating, rows.defensive_rating, FLOAT, RATING),
            "pace is the game's": within(rows.pace, rows.opponent_pace, FLOAT, "possessions"),
        },
    )


@across(GROUP, offense=TEAM_OFFENSE, players=PLAYER_GAME)
def shares_are_of_the_team(offense: Rows, players: Rows) -> Comparison:
    """One row per player with minutes: his shares, multiplied back, beside what he did."""
    opponents = offense.select(
        "game_id", team="opponent", their_oreb="oreb", their_dreb="dreb", twos=twos(offense)
    )
    teams = offense.select(
        "game_id", "team", "possessions", team_minutes="minutes", team_fgm="fgm",
        team_oreb="oreb", team_dreb="dreb", team_plays=plays(offense),
    )  # fmt: skip
    rows = players.filter(players.minutes > 0).left_join(teams, ["game_id", "team"])
    rows = rows.left_join(opponents, ["game_id", "team"], rname="opponent_{name}")
    on_court = 5 * rows.minutes / rows.team_minutes
    at_their_end = (rows.team_oreb + rows.their_dreb) * on_court
    at_ours = (rows.team_dreb + rows.their_oreb) * on_court
    of_team_mates = on_court * rows.team_fgm - rows.fgm
    usage = rows.usage_rate_pct * rows.team_plays * on_court
    return Comparison(
        rows,
        {
            "usage is of his plays": (usage - 100 * plays(rows)).abs() < BACK,
            "assist share is of his assists": is_share(
                rows.ast_pct, rows.ast, of_team_mates, -1000
            ),
            "steal share is of his steals": is_share(
                rows.stl_pct, rows.stl, on_court * rows.possessions
            ),
            "block share is of his blocks": is_share(rows.blk_pct, rows.blk, on_court * rows.twos),
            "rebound shares are of his rebounds": (
                is_share(rows.oreb_pct, rows.oreb, at_their_end)
                & is_share(rows.dreb_pct, rows.dreb, at_ours)
                & is_share(rows.reb_pct, rows.oreb + rows.dreb, at_their_end + at_ours)
            ),
        },
    )


def twos(line: Rows) -> Measure:
    """Two-point attempts."""
    return line.fga - line.fg3a


def is_share(pct: Measure, own: Measure, available: Measure, low: float = 0) -> Predicate:
    """Whether a percentage is 100 own / available, cut off at 100 and at `low` as it is published.

    Null where nothing was available.
    """
    back = (pct * available - 100 * own).abs() < BACK
    above = (pct == 100) & (available > 0) & (100 * own >= 100 * available)
    below = (pct == low) & (available < 0) & (100 * own >= low * available)
    return ibis.ifelse(available == 0, pct.isnull(), back | above | below)


IDENTITIES = (players_sum_to_team, allowed_is_scored, shares_are_of_the_team)
