"""Games as rows of the source tables, and rows as CSV files."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from boxout_nba.names import nba_game_id
from boxout_nba.predicates import COUNTED
from boxout_nba.simulator.game import OVERTIME_S, PERIOD_S, Box
from boxout_nba.simulator.places import place
from boxout_nba.simulator.rotation import COACH
from boxout_nba.simulator.season import Game
from boxout_nba.simulator.side import Shot, Side
from boxout_nba.zones import THREES, ZONES

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
    return before_tipoff(game, timedelta())


def before_tipoff(game: Game, before: timedelta) -> str:
    """The moment so long before the game begins, in UTC."""
    clock = WESTERN.get(game.home, EASTERN[game.number % len(EASTERN)])
    eastern = datetime.fromisoformat(f"{game.game_date} {clock}").replace(tzinfo=EASTERN_TIME)
    return (eastern.astimezone(UTC) - before).strftime("%Y-%m-%d %H:%M:%S")


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
            "player_lookup": player.lookup,
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


def shots_rows(game_id: str, box: Box) -> list[Row]:
    """One row per field-goal attempt of the box score, in the order of the game."""
    shots = [(shot, side.team.code) for side in (box.away, box.home) for shot in side.shots]
    shots.sort(key=lambda one: one[0].seconds)
    return [
        {"game_id": game_id, "shot_number": number, "team": team} | _shot(shot)
        for number, (shot, team) in enumerate(shots, start=1)
    ]


def _shot(shot: Shot) -> Row:
    player, zone, spot = shot.shooter.player, ZONES[shot.zone], place(shot.zone, shot.draw)
    period, left = clock(shot.seconds)
    is_helped, helper = shot.by is not None, shot.by.player.player_id if shot.by else None
    return {
        "player_lookup": player.lookup,
        "player_id": player.player_id,
        "player_name": player.name,
        "period": period,
        "seconds_left": left,
        "shot_value": 3 if zone in THREES else 2,
        "made": shot.is_made,
        "zone": zone,
        "distance_ft": spot.distance,
        "x_ft": spot.x,
        "y_ft": spot.y,
        "assisted": is_helped if shot.is_made else None,
        "assist_player_id": helper if shot.is_made else None,
        "blocked": None if shot.is_made else is_helped,
        "block_player_id": None if shot.is_made else helper,
    }


def clock(seconds: int) -> tuple[int, int]:
    """The period and the seconds left in it, by the seconds played; the buzzer belongs to its period."""
    regulation = 4 * PERIOD_S
    if seconds <= regulation:
        return -(-seconds // PERIOD_S), -seconds % PERIOD_S
    return 4 - (regulation - seconds) // OVERTIME_S, (regulation - seconds) % OVERTIME_S


def write_csv(rows: Sequence[Row], path: Path) -> Path:
    """Rows as a CSV file with a header; null is empty."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
