"""The published files beside the project, and schedules for the games in them."""

import gzip
import json
from pathlib import Path

import pytest

from boxout.run import Landed, find_readers, land
from boxout_nba.names import tricode

PUBLISHED = Path(__file__).parents[3] / "shared/data/nba"
RAW = PUBLISHED / "raw_samples"
needs_samples = pytest.mark.skipif(
    not RAW.is_dir(), reason="the published files are not beside the project"
)

LEAGUE = RAW / "swar__nba_api"
PBPSTATS = RAW / "dblackrun__pbpstats"
SCRAPER = RAW / "najicham__nba-stats-scraper"
OLDER = RAW / "jaebradley__nba_data"

GAMES = {
    "0022500165": ("2025-11-04", "MIL", "TOR"),
    "0021600270": ("2016-11-30", "WAS", "OKC"),
    "0022100732": ("2022-01-26", "DAL", "POR"),
    "0021500945": ("2016-03-05", "SAC", "SAS"),
    "0022400561": ("2025-01-15", "NYK", "PHI"),
    "0022400001": ("2024-11-12", "ATL", "BOS"),
    "0022400500": ("2025-01-06", "LAC", "MIN"),
    "0022000001": ("2020-12-22", "GSW", "BKN"),
    "0021900001": ("2019-10-22", "NOP", "TOR"),
}
"""The games of the samples that say no date themselves."""


def listed(nba_game_id: str) -> str:
    """The key of a sample's game."""
    date, away, home = GAMES[nba_game_id]
    return f"{date}/{away}@{home}"


def with_schedule(world, *nba_game_ids: str) -> None:
    """Land a schedule with these games, all final."""
    rows = []
    for one in nba_game_ids:
        date, away, home = GAMES[one]
        first = int(date[:4]) - (date[5:7] < "07")
        rows.append(
            {
                "game_id": f"{date}/{tricode(away)}@{tricode(home)}",
                "nba_game_id": one,
                "game_date": date,
                "tipoff_utc": None,
                "season": f"{first}-{(first + 1) % 100:02}",
                "season_type": "regular",
                "home_team": home,
                "away_team": away,
                "status": "final",
                "neutral_site": None,
                "arena": None,
            }
        )
    world.land("schedule", rows)


def landed(world, path: Path) -> dict[str, Landed]:
    """Land a file through every reader that knows it; what became of it, by table."""
    readers = find_readers(world.project.pipeline, path, "")
    return {one.table.name: land(world.engine, path, one) for one in readers}


def opened(path: Path):
    """The JSON in a file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def changed(world, path: Path, change) -> Path:
    """The same file with a change made to it, in the project's folder."""
    found = opened(path)
    change(found)
    made = world.folder / path.name.removesuffix(".gz")
    made.write_text(json.dumps(found))
    return made


def one(world, sql: str) -> dict[str, object]:
    """The only row of a query."""
    (row,) = world.public(sql)
    return row
