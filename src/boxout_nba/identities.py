"""What ties offense, defense and players of one game together."""

from boxout import Comparison, Rows, across, exactly_equal, within
from boxout_nba.formulas import plays
from boxout_nba.predicates import COUNTED, SHOOTING, every
from boxout_nba.tables import PLAYER_GAME, TEAM_DEFENSE, TEAM_OFFENSE
from boxout_nba.tables.summaries import GROUP
from boxout_nba.zones import ZONE_COLUMNS

ALLOWED = (*SHOOTING, *ZONE_COLUMNS, "pts_paint")
KEPT = ("stl", "blk", "dreb")
"""The columns of offense that defense shows again."""
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
        stolen=(players.stl_pct * players.minutes).sum(),
        steals=players.stl.sum(where=players.minutes > 0),
        in_no_time=plays(players).sum(where=players.minutes == 0).coalesce(0),
        other_shots=(players.shots_state == "differs").sum(),
        rows_out=players.count(),
        winners=players.win.sum(),
    )
    rows = offense.left_join(totals, ["game_id", "team"])
    expected = 100 * rows.minutes / 5 * (1 - rows.in_no_time / plays(rows))
    steals = 100 * rows.steals * rows.minutes / 5 / rows.possessions
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
            "steal shares add up to 3 %": (rows.stolen - steals).abs() <= 0.03 * steals,
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
