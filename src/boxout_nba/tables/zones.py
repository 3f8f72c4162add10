"""How a team defends by shot zone."""

from boxout import count, derived, every_row, number
from boxout_nba.predicates import every
from boxout_nba.tables.columns import (
    GAME,
    GAME_DATE,
    GAME_ID,
    OPPONENT,
    REJECT_SHARE_MAX,
    TEAM,
)
from boxout_nba.tables.summaries import TWO_TEAMS
from boxout_nba.zones import ZONES


def _of_zone(name: str):
    said = name.replace("_", " ")
    return (
        count(f"{name}_fga", f"opponent's attempts, {said}"),
        count(f"{name}_fgm", f"opponent's makes, {said}"),
        number(f"{name}_fg_pct", f"opponent's makes per attempt, {said}", unit="fraction", null="no attempt", formula="makes / attempts"),
        number(
            f"{name}_vs_league",
            f"the same less the league's of the season before the date, {said}",
            unit="fraction",
            null="no attempt, or the league has none yet",
            formula="own share - sum of the league's makes / sum of its attempts, both before the date",
        ),
        count(f"{name}_blk", f"own blocks, {said}", null="blocks are not published with the shots"),
    )  # fmt: skip


DEFENSE_ZONES = derived(
    "defense_zone_analytics",
    reject_share_max=REJECT_SHARE_MAX,
    one_row_per="team and game",
    scheme=GAME,
    key=("game_id", "team"),
    columns=(
        GAME_ID,
        GAME_DATE,
        TEAM,
        OPPONENT,
        *(column for name in ZONES for column in _of_zone(name)),
        count(
            "shots_apart",
            "by how many attempts and makes the opponent's shots miss its line",
            null="the line is not known",
            formula="|attempts - FGA| + |makes - FGM| of the opponent",
        ),
        count("league_games", "games of the season before the date in the league's averages"),
        count("league_games_missing", "games of the season before the date that are not in them"),
    ),
    checks=(
        *TWO_TEAMS,
        every_row(
            "makes within attempts",
            lambda t: every(t[f"{n}_fgm"] <= t[f"{n}_fga"] for n in ZONES),
        ),
        every_row(
            "at most 1 shot off the opponent's line",
            lambda t: t.shots_apart <= 1,
            shown=("shots_apart",),
        ),
        every_row(
            "games are counted", lambda t: (t.league_games >= 0) & (t.league_games_missing >= 0)
        ),
    ),
)
