"""Games as rows of the source tables, and rows as CSV files."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from boxout_nba.names import nba_game_id, player_lookup
from boxout_nba.predicates import COUNTED
from boxout_nba.simulator.game import Box
from boxout_nba.simulator.rotation import COACH
from boxout_nba.simulator.season import Game
from boxout_nba.simulator.side import Side

Row = dict[str, Any]
EASTERN_TIME = ZoneInfo("America/New_York")
EASTERN = ("19:00", "19:30", "20:00")
WESTERN = dict.fromkeys(("GSW", "LAC", "LAL", "PHX", "POR", "SAC"), "22:30") | {
    "DEN": "21:00",
    "UTA": "21:00",
}
"""When games begin by the clocks of the league, which are those of New York."""


def schedule_rows(games: Iterable[Game]) -> list[Row]:
    """One row per game."""
    return [
        {
            "game_id": game.game_id,
            "nba_game_id": nba_game_id("regular", game.season, game.number),
            "game_date": game.game_date,
            "tipoff_utc": tipoff_utc(game),
            "season": game.season,
            "season_type": "regular",
            "home_team": game.home,
            "away_team": game.away,
            "status": game.status,
            "neutral_site": "false",
            "arena": None,
        }
        for game in games
    ]


def tipoff_utc(game: Game) -> str:
    """When the game begins, in UTC. Late games in the west end on the next date, in Eastern Time too."""
    clock = WESTERN.get(game.home, EASTERN[game.number % len(EASTERN)])
    eastern = datetime.fromisoformat(f"{game.game_date} {clock}").replace(tzinfo=EASTERN_TIME)
    return eastern.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def gamebook_rows(game_id: str, box: Box) -> list[Row]:
    """One row per player listed; nothing counted for those who did not play."""
    return [row for side in (box.away, box.home) for row in _players(game_id, side)]


def _players(game_id: str, side: Side) -> list[Row]:
    played = {line.player.player_id: line for line in side.lines if line.is_used}
    starters = {line.player.player_id for line in side.starters if line.is_used}
    rows: list[Row] = []
    for player in side.team.players:
        line = played.get(player.player_id)
        status, reason = ("active", "") if line else side.absent.get(player.player_id, COACH)
        row: Row = {
            "game_id": game_id,
            "team": side.team.code,
            "player_lookup": player_lookup(player.name),
            "player_id": player.player_id,
            "player_name": player.name,
            "status": status,
            "dnp_reason": reason,
            "starter": "true" if player.player_id in starters else "false",
            "minutes": line.seconds / 60 if line else None,
        }
        rows.append(row | {s: getattr(line, s) if line else None for s in (*COUNTED, "plus_minus")})
    return rows


def team_rows(game_id: str, box: Box) -> list[Row]:
    """One row per team as the league counts: turnovers include those of the team."""
    return [
        {"game_id": game_id, "team": side.team.code, "minutes": 5 * box.seconds / 60}
        | {stat: side.total(stat) for stat in COUNTED}
        | {"tov": side.total("tov") + (side.team_turnovers if box.seconds else 0)}
        for side in (box.away, box.home)
    ]


def write_csv(rows: Sequence[Row], path: Path) -> Path:
    """Rows as a CSV file with a header; null is empty."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
