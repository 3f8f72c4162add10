"""What each team allowed."""

from boxout import Rows, processor
from boxout_nba.predicates import SHOOTING
from boxout_nba.tables import TEAM_DEFENSE, TEAM_OFFENSE
from boxout_nba.tables.summaries import GROUP
from boxout_nba.zones import ZONE_COLUMNS


@processor(TEAM_DEFENSE.group(GROUP), team=TEAM_OFFENSE)
def team_defense(team: Rows) -> Rows:
    """One row per team and game: what its opponent was allowed."""
    other = team.view()
    rows = team.join(
        other, (team.game_id == other.game_id) & (team.opponent == other.team), rname="opp_{name}"
    )
    names = (*SHOOTING, *ZONE_COLUMNS, "pts_paint")
    return rows.mutate(
        **{f"{name}_allowed": rows[f"opp_{name}"] for name in names},
        shots_state=rows.opp_shots_state,
        turnovers_forced=rows.opp_tov,
        defensive_rating=rows.opponent_rating,
        opponent_pace=rows.opp_pace,
        opponent_ts_pct=rows.opp_ts_pct,
        opponent_efg_pct=rows.opp_efg_pct,
    )
