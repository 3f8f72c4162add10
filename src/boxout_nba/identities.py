"""What ties offense, defense and players of one game together."""

from boxout import Comparison, Rows, across
from boxout_nba.formulas import plays
from boxout_nba.processors import GROUP
from boxout_nba.tables import COUNTED, PLAYER_GAME, TEAM_DEFENSE, TEAM_OFFENSE


@across(GROUP, offense=TEAM_OFFENSE, players=PLAYER_GAME)
def players_sum_to_team(offense: Rows, players: Rows) -> Comparison:
    """One row per team and game: its players' sums beside its own line.

    Plays of a player with 0:00 belong to no usage rate and are left out of the expected sum.
    """
    sums = {f"sum_{name}": players[name].sum() for name in ("minutes", *COUNTED)}
    used = (players.usage_rate_pct * players.minutes).sum()
    in_no_time = plays(players).sum(where=players.minutes == 0).coalesce(0)
    totals = players.group_by("game_id", "team").aggregate(**sums, used=used, in_no_time=in_no_time)
    rows = offense.left_join(totals, ["game_id", "team"])
    expected = 100 * rows.minutes / 5 * (1 - rows.in_no_time / plays(rows))
    equal = {f"sum of players' {name}": rows[f"sum_{name}"] == rows[name] for name in COUNTED}
    return Comparison(
        rows,
        {
            **equal,
            "player minutes within 2": (rows.sum_minutes - rows.minutes).abs() <= 2,
            "usage adds up to 0.5 %": ((rows.used / expected) - 1).abs() <= 0.005,
            "team has plays": plays(rows) > 0,
        },
    )


@across(GROUP, offense=TEAM_OFFENSE, defense=TEAM_DEFENSE)
def allowed_is_scored(offense: Rows, defense: Rows) -> Comparison:
    """One row per team and game: what it scored beside what its opponent allowed."""
    allowed = defense.select(
        "game_id",
        team=defense.opponent,
        pts_allowed=defense.pts_allowed,
        defensive_rating=defense.defensive_rating,
    )
    rows = offense.left_join(allowed, ["game_id", "team"])
    return Comparison(
        rows,
        {
            "points scored are points allowed": rows.pts == rows.pts_allowed,
            "ratings mirror": (rows.offensive_rating - rows.defensive_rating).abs() < 1e-9,
        },
    )
