"""Closing lines, prop lines and snapshots of odds."""

import pytest

from boxout.errors import Withheld
from boxout.run import find_readers
from nba.samples import PUBLISHED, SCRAPER, changed, landed, needs_samples, one


@pytest.fixture
def world(whole_world):
    return whole_world


ODDS = SCRAPER / "oddsa_game_lines_his__raw_b722994c.json"


@needs_samples
def test_closing_lines_land_as_what_the_home_team_gives(world):
    found = landed(world, PUBLISHED / "betting/game_lines.parquet")["game_lines"]
    assert (found.rows, found.rejected, found.withheld) == (6445, {}, ())
    assert one(world, "FROM game_lines WHERE game_id = '2017-10-17/BOS@CLE'") == {
        "game_date": "2017-10-17", "game_id": "2017-10-17/BOS@CLE", "bookmaker": "closing",
        "seen_at": "closing", "home_spread": -4.5, "total": 216.0, "home_moneyline": -195.0,
        "away_moneyline": 166.0,
    }  # fmt: skip
    signs = one(
        world,
        "SELECT count(*) FILTER (home_spread < 0) AS home, count(*) FILTER (home_spread > 0) AS away,"
        " count(*) FILTER (home_spread IS NULL) AS none FROM game_lines",
    )
    assert signs["home"] > signs["away"] > 1000
    assert signs["none"] == 2
    wrong = "home_spread * home_moneyline < 0 AND abs(home_spread) > 3"
    assert one(world, f"SELECT count(*) AS n FROM game_lines WHERE {wrong}")["n"] <= 5


@needs_samples
def test_prop_lines_land_and_markets_without_a_line_are_no_fault(world):
    found = landed(world, PUBLISHED / "betting/player_props_2025-26.parquet")["player_props"]
    assert found.rejected == {"a market without a line": 17841 + 3358}
    assert (found.rows, found.faults, found.withheld) == (237251 - 21199, 0, ())
    assert len(found.published) == 46
    row = one(
        world,
        "FROM player_props WHERE player_lookup = 'shaigilgeousalexander' AND market = 'assists' AND"
        " seen_at = 'raw_20251021_170000' AND bookmaker = 'draftkings'",
    )
    assert row == row | {
        "game_id": "2025-10-21/HOU@OKC", "player_name": "Shai Gilgeous-Alexander", "line": 6.5,
        "over_odds": -115.0, "under_odds": -113.0,
    }  # fmt: skip


@needs_samples
def test_a_snapshot_of_odds_lands_a_row_per_bookmaker_on_the_eastern_date(world):
    found = landed(world, ODDS)["game_lines"]
    assert (found.rows, found.published) == (2, ("2024-01-24",))
    assert world.public("FROM game_lines ORDER BY bookmaker") == [
        {
            "game_date": "2024-01-24", "game_id": "2024-01-24/ATL@GSW", "bookmaker": bookmaker,
            "seen_at": "2024-01-25T03:55:40Z", "home_spread": spread, "total": total,
            "home_moneyline": None, "away_moneyline": None,
        }
        for bookmaker, spread, total in (("draftkings", -6.5, 248.5), ("fanduel", -7.5, 247.5))
    ]  # fmt: skip


@needs_samples
def test_prices_of_a_snapshot_become_american_odds(world):
    def with_prices(snapshot):
        outcomes = [
            {"name": "Golden State Warriors", "price": 1.4},
            {"name": "Atlanta Hawks", "price": 3.05},
        ]
        market = {"key": "h2h", "last_update": "", "outcomes": outcomes}
        snapshot["data"]["bookmakers"][0]["markets"].append(market)

    landed(world, changed(world, ODDS, with_prices))
    row = one(world, "FROM game_lines WHERE bookmaker = 'draftkings'")
    assert (row["home_moneyline"], row["away_moneyline"]) == (-250.0, 205.0)


@needs_samples
def test_a_snapshot_of_a_team_nobody_knows_is_set_aside(world):
    def other(snapshot):
        snapshot["data"]["home_team"] = "Seattle SuperSonics"

    found = landed(world, changed(world, ODDS, other))["game_lines"]
    assert found.rejected == {"game id is not YYYY-MM-DD/AWY@HOM": 2}


@needs_samples
def test_injuries_without_a_game_are_nobody_s_to_land(world):
    with pytest.raises(Withheld, match="no reader knows what is in it"):
        find_readers(world.project.pipeline, SCRAPER / "bdl_injuries__raw_49fd60fb.json", "")
