"""How each team defends by shot zone, beside the league."""

from boxout import Measure, Rows, ibis, optional, processor, window
from boxout_nba.joins import beside, of_date
from boxout_nba.tables import DEFENSE_ZONES, SCHEDULE, SHOTS, TEAM_OFFENSE
from boxout_nba.tables.columns import SEASON_DAYS
from boxout_nba.zones import ZONE_COLUMNS, ZONES, counted


@processor(
    DEFENSE_ZONES,
    shots=SHOTS,
    team=TEAM_OFFENSE,
    schedule=window(SCHEDULE, days=SEASON_DAYS),
    before=optional(window(TEAM_OFFENSE, days=SEASON_DAYS)),
)
def defense_zones(shots: Rows, team: Rows, schedule: Rows, before: Rows) -> Rows:
    """One row per team and game: the opponent's shots by zone, beside the season's so far."""
    by_team = _beside_line(
        shots.group_by("game_id", "team").aggregate(**counted(shots), **_blocked(shots)), team
    )
    allowed = by_team.select("game_id", *by_team.columns[2:], opponent=by_team.team)
    sides = team.select("game_id", "game_date", "team", "opponent")
    rows = beside(sides, allowed, "game_id", "opponent")
    rows = beside(rows, _league(schedule, before), "game_date")
    return rows.mutate(
        **{f"{name}_fg_pct": _share(rows, name) for name in ZONES},
        **{
            f"{name}_vs_league": _share(rows, name) - _share(rows, name, "league_")
            for name in ZONES
        },
        league_games=rows.league_games.fill_null(0),
        league_games_missing=rows.played.fill_null(0) - rows.league_games.fill_null(0),
    )


def _beside_line(by_team: Rows, team: Rows) -> Rows:
    """Each team's shots by zone with how far their sums are from its own line."""
    line = team.select("game_id", "team", line_fga=team.fga, line_fgm=team.fgm)
    rows = beside(by_team, line, "game_id", "team")
    made = sum((rows[f"{zone}_fgm"] for zone in ZONES), ibis.literal(0))
    tried = sum((rows[f"{zone}_fga"] for zone in ZONES), ibis.literal(0))
    apart = (tried - rows.line_fga).abs() + (made - rows.line_fgm).abs()
    return rows.select(*by_team.columns, shots_apart=apart)


def _blocked(shots: Rows) -> dict[str, Measure]:
    """Blocked attempts by zone; null where the shots do not say which misses were blocked."""
    is_told = (shots.made | shots.blocked.notnull()).all()
    return {
        f"{name}_blk": ibis.ifelse(
            is_told,
            ((shots.zone == name) & shots.blocked).sum().fill_null(0),
            ibis.null("int64"),
        )
        for name in ZONES
    }


def _league(schedule: Rows, before: Rows) -> Rows:
    """One row per date: makes and attempts of the season before it, and of how many games."""
    known = before.filter(before.shots_state == "agrees")
    sums = known.group_by("as_of").aggregate(
        **{f"league_{name}": known[name].sum() for name in ZONE_COLUMNS},
        league_games=known.game_id.nunique(),
    )
    final = schedule.filter(schedule.status == "final")
    played = final.group_by("as_of").aggregate(played=final.count())
    return of_date(beside(played, sums, "as_of"))


def _share(rows: Rows, name: str, whose: str = "") -> Measure:
    return rows[f"{whose}{name}_fgm"] / rows[f"{whose}{name}_fga"].nullif(0)
