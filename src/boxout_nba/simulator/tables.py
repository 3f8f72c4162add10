"""Games as rows of the source tables, and rows as CSV files."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from boxout_nba.names import player_lookup
from boxout_nba.simulator.game import Box, Side
from boxout_nba.simulator.season import Game

LINE = (
    "pts",
    "fgm",
    "fga",
    "fg3m",
    "fg3a",
    "ftm",
    "fta",
    "oreb",
    "dreb",
    "ast",
    "stl",
    "blk",
    "tov",
    "pf",
)
Row = dict[str, Any]


def schedule_rows(games: Iterable[Game]) -> list[Row]:
    """One row per game."""
    return [
        {
            "game_id": game.game_id,
            "nba_game_id": f"0022{game.season[2:4]}{game.number:04d}",
            "game_date": game.game_date,
            "tipoff_utc": f"{game.game_date} 23:30:00",
            "season": game.season,
            "season_type": "regular",
            "home_team": game.home,
            "away_team": game.away,
            "status": game.status,
            "neutral_site": "false",
        }
        for game in games
    ]


def gamebook_rows(game_id: str, box: Box) -> list[Row]:
    """One row per player listed; nothing counted for those who did not play."""
    return [row for side in (box.away, box.home) for row in _players(game_id, side)]


def _players(game_id: str, side: Side) -> list[Row]:
    rows: list[Row] = []
    starters = list(side.stats)[:5]
    for player in side.listed:
        line = side.stats.get(player.player_id, Counter())
        is_dnp = not line["seconds"]
        status, reason = (
            side.absent.get(player.player_id, ("dnp", "Coach's Decision"))
            if is_dnp
            else ("active", "")
        )
        row: Row = {
            "game_id": game_id,
            "team": side.team,
            "player_lookup": player_lookup(player.name),
            "player_id": player.player_id,
            "player_name": player.name,
            "status": status,
            "dnp_reason": reason,
            "starter": str(player.player_id in starters).lower(),
            "minutes": None if is_dnp else line["seconds"] / 60,
        }
        rows.append(row | {s: None if is_dnp else line[s] for s in (*LINE, "plus_minus")})
    return rows


def team_rows(game_id: str, box: Box) -> list[Row]:
    """One row per team as the league counts: turnovers include those of the team."""
    return [
        {"game_id": game_id, "team": side.team, "minutes": 5 * box.seconds / 60}
        | {stat: side.total(stat) for stat in LINE}
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
