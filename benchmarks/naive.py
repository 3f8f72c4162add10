"""Rest, load and form of every team before every game, counted the slow way from the score sheets.

Shares no code with the pipeline: plain loops over the games files, one team at a time.
"""

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

GAMES = """
SELECT season, game_date, home_team, away_team, home_pts, away_pts
FROM read_parquet($files) ORDER BY game_date
"""
FIELDS = (
    "days_rest",
    "back_to_back",
    "games_last_7",
    "games_last_14",
    "game_number",
    "streak",
    "last_margin",
    "road_games_in_a_row",
)
OURS = f"SELECT season, game_id, game_date, team, results_missing, {', '.join(FIELDS)} FROM upcoming_team_game_context"


class Played(NamedTuple):
    """One game as one team saw it."""

    day: date
    is_home: bool
    margin: int


def expected(folder: Path, seasons: list[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """By date and team: what the context has to say of the team before its game of that date."""
    files = [str(folder / "games" / f"{season}.parquet") for season in seasons]
    so_far: dict[tuple[str, str], list[Played]] = defaultdict(list)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for season, day, home, away, home_pts, away_pts in duckdb.execute(
        GAMES, {"files": files}
    ).fetchall():
        for team, is_home, margin in (
            (home, True, home_pts - away_pts),
            (away, False, away_pts - home_pts),
        ):
            before = so_far[season, team]
            found[str(day), team] = told(before, day, is_home=is_home)
            before.append(Played(day, is_home, margin))
    return found


def told(before: list[Played], day: date, *, is_home: bool) -> dict[str, Any]:
    """The fields of one team before one game."""
    rest = (day - before[-1].day).days - 1 if before else None
    return {
        "days_rest": rest,
        "back_to_back": rest == 0,
        "games_last_7": sum(day - timedelta(7) <= one.day for one in before),
        "games_last_14": sum(day - timedelta(14) <= one.day for one in before),
        "game_number": len(before) + 1,
        "streak": streak([one.margin > 0 for one in before]),
        "last_margin": before[-1].margin if before else None,
        "road_games_in_a_row": 0 if is_home else 1 + away_in_a_row(before),
    }


def streak(won: list[bool]) -> int | None:
    """Wins in a row up to the last game, or losses as a negative number."""
    if not won:
        return None
    length = 0
    for one in reversed(won):
        if one != won[-1]:
            break
        length += 1
    return length if won[-1] else -length


def away_in_a_row(before: list[Played]) -> int:
    """Away games in a row up to the last game."""
    length = 0
    for one in reversed(before):
        if one.is_home:
            break
        length += 1
    return length


def differences(
    rows: list[dict[str, Any]], wanted: dict[tuple[str, str], dict[str, Any]]
) -> tuple[int, list[str]]:
    """How many figures were compared, and every one that differs.

    Form that rests on a game whose result is not public is null in ours, and only there.
    """
    compared, found = 0, []
    for row in rows:
        should = wanted.pop((row["game_date"], row["team"]), None)
        if should is None:
            found.append(f"{row['game_id']} {row['team']}: not in the score sheets")
            continue
        for field in FIELDS:
            compared += 1
            is_hidden = (
                field in {"streak", "last_margin"} and row[field] is None and row["results_missing"]
            )
            if row[field] != should[field] and not is_hidden:
                found.append(
                    f"{row['game_id']} {row['team']} {field}: ours {row[field]}, counted {should[field]}"
                )
    found += [f"{day} {team}: has no context" for day, team in wanted]
    return compared, found
