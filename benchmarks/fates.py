"""What became of each row of known_discrepancies.csv, and if it led to no refusal, why it could not."""

from collections.abc import Callable
from typing import NamedTuple

from discrepancies import ADDED, Case, Known

from boxout.run import Engine

PUBLIC = """
SELECT DISTINCT s.nba_game_id, o.player_source, o.box_source, b.game_id IS NOT NULL AS has_box
FROM schedule s LEFT JOIN team_offense_game_summary o USING (game_id)
LEFT JOIN team_boxscore b USING (game_id)
"""
UNLANDED = ("shots", "play_by_play", "schedule", "betting/game_lines")


class Game(NamedTuple):
    """Where a game's public rows came from; None when the game is not public."""

    player_source: str | None
    box_source: str | None
    has_box: bool


def fates(engine: Engine, known: list[Known], cases: list[Case]) -> list[tuple[Known, str | None]]:
    """Every row of the list with its fate; None where no reason below holds."""
    games = {
        row["nba_game_id"]: Game(row["player_source"], row["box_source"], row["has_box"])
        for row in engine.warehouse.query(PUBLIC)
    }
    led_to = {row: f"led to: {case.outcome}" for case in cases for row in case.rows}
    cells = {
        (row.game_id, row.team, row.field): f"behind a team line that led to: {case.outcome}"
        for case in cases
        for row in case.rows
        if row.kind == "team_stat_differs"
    }
    told: list[tuple[Known, str | None]] = []
    for row in known:
        game = games.get(row.game_id, Game(None, None, has_box=False))
        fate = led_to.get(row)
        if row.kind == "player_stat_differs":
            fate = fate or cells.get((row.game_id, row.team, row.field))
        reasons = [why for why, is_so in WHY_NOT if is_so(row, game)]
        told.append((row, fate or next(iter(reasons), None)))
    return told


def _is_gap(row: Known, table: str) -> bool:
    return row.kind == "game_missing" and row.table_b == table


def _is_stat(row: Known) -> bool:
    return row.kind in {"player_stat_differs", "team_stat_differs"}


def _from_gamebook(game: Game) -> bool:
    return game.player_source == "gamebook_player_stats"


WHY_NOT: tuple[tuple[str, Callable[[Known, Game], bool]], ...] = (
    (
        "no refusal: a table that is not landed yet",
        lambda row, _: row.table_a in UNLANDED or row.table_b in UNLANDED,
    ),
    (
        "no refusal: a column that is not landed (line score, overtime of the games table)",
        lambda row, _: row.kind in {"line_score_sum", "overtime_inconsistent"},
    ),
    (
        "no refusal: nothing else says whether a site is neutral",
        lambda row, _: row.kind == "neutral_flag_missing",
    ),
    (
        "public: the gamebook lacks the game, player_boxscore has it",
        lambda row, game: (
            _is_gap(row, "bref_team_box") and game.player_source == "player_boxscore"
        ),
    ),
    (
        "public: player_box lacks the game, the gamebook has it",
        lambda row, game: _is_gap(row, "player_box") and _from_gamebook(game),
    ),
    (
        "no refusal: team_box lacks the game, team_box_alt has it",
        lambda row, game: _is_gap(row, "team_box") and game.has_box,
    ),
    (
        "public: an active player with 0:00 is possible and has zeros",
        lambda row, game: row.kind == "zero_minute_row" and game.player_source is not None,
    ),
    (
        "public: inside the 2 minutes that players may miss",
        lambda row, game: row.kind == "minutes_sum_differs" and _from_gamebook(game),
    ),
    (
        "public: the gamebook is preferred, the other publisher's line is not read",
        lambda row, game: (
            row.kind in {"player_seconds_differ", "played_vs_not"} and _from_gamebook(game)
        ),
    ),
    (
        "no refusal by itself: seconds apart, and the game is not public for another reason",
        lambda row, game: row.kind == "player_seconds_differ" and game.player_source is None,
    ),
    (
        "public: a field that no identity covers (plus/minus, rebounds in all, team turnovers)",
        lambda row, game: (
            _is_stat(row)
            and game.player_source is not None
            and row.field not in ADDED
            and not (row.kind == "player_stat_differs" and row.field == "tov")
        ),
    ),
    (
        "public: the gamebook adds up to the team line, the other publisher's line is not read",
        lambda row, game: row.kind == "player_stat_differs" and _from_gamebook(game),
    ),
    (
        "public: the later download displaced the earlier one before anything was computed",
        lambda row, game: (
            (row.kind, row.table_a, row.table_b) == ("team_stat_differs", "team_box", "team_box_alt")
            and game.box_source == "team_boxscore"
        ),
    ),
)  # fmt: skip
"""Why a row of the list led to no refusal, each with the condition that must then hold."""
