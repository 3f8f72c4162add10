"""Schedules as the league and Basketball-Reference publish them, with games not decided yet."""

import json
from datetime import datetime

import pytest

from boxout.errors import Withheld
from boxout.run import find_readers
from nba.samples import LEAGUE, OLDER, PUBLISHED, SCRAPER, changed, landed, needs_samples, one

PUBLISHED_2023 = PUBLISHED / "schedule/2023-24_preseason_published_2023-09-16.parquet"
BREF_2025 = PUBLISHED / "schedule/2025-26_bref_with_placeholders.parquet"
SCOREBOARD = LEAGUE / "scoreboardv3.json.gz"
SCOREBOARD_V2 = SCRAPER / "nbac_scoreboard_v2__raw_ee21af81.json"
PAGE = OLDER / "scoreboardfuturegames.json"


@needs_samples
def test_a_season_published_with_undecided_cup_games_lands_with_its_decided_dates_public(world):
    found = landed(world, PUBLISHED_2023)["schedule"]
    assert found.rejected == {
        "teams are not decided yet": 7,
        "a pre-season game against a team of another league": 9,
    }
    assert (found.rows, found.withheld, found.faults) == (1264, (), 0)
    kinds = world.public("SELECT season_type, count(*) AS n FROM schedule GROUP BY 1 ORDER BY 1")
    assert kinds == [{"season_type": "pre-season", "n": 64}, {"season_type": "regular", "n": 1200}]
    assert one(world, "FROM schedule WHERE nba_game_id = '0022300061'") == {
        "game_id": "2023-10-24/LAL@DEN", "nba_game_id": "0022300061", "game_date": "2023-10-24",
        "tipoff_utc": datetime.fromisoformat("2023-10-24 23:30"), "season": "2023-24",
        "season_type": "regular", "home_team": "DEN", "away_team": "LAL", "status": "scheduled",
        "neutral_site": None, "arena": "Ball Arena",
    }  # fmt: skip


@needs_samples
def test_a_date_with_undecided_games_only_is_not_called_empty(world):
    found = landed(world, PUBLISHED_2023)["schedule"]
    undecided = {"2023-12-04", "2023-12-05", "2023-12-07", "2023-12-09"}
    assert undecided.isdisjoint(found.published)
    assert "2023-12-03" in found.published
    empty = set(found.published) - {
        row["game_date"] for row in world.public("SELECT DISTINCT game_date FROM schedule")
    }
    assert "2024-02-18" in empty


@needs_samples
def test_the_schedule_of_basketball_reference_lands_results_dates_to_come_and_no_slot(world):
    found = landed(world, BREF_2025)["schedule"]
    assert found.rejected == {"teams are not decided yet": 111}
    assert (found.rows, found.withheld, found.faults) == (1230, (), 0)
    states = world.public("SELECT status, count(*) AS n FROM schedule GROUP BY 1 ORDER BY 1")
    assert states == [{"status": "final", "n": 181}, {"status": "scheduled", "n": 1049}]
    assert one(world, "FROM schedule WHERE game_id = '2025-10-21/GSW@LAL'") == {
        "game_id": "2025-10-21/GSW@LAL", "nba_game_id": None, "game_date": "2025-10-21",
        "tipoff_utc": datetime.fromisoformat("2025-10-22 02:00"), "season": "2025-26", "season_type": "regular",
        "home_team": "LAL", "away_team": "GSW", "status": "final", "neutral_site": None,
        "arena": "Crypto.com Arena",
    }  # fmt: skip


@needs_samples
def test_the_hour_of_basketball_reference_is_eastern_in_winter_and_in_summer_time(world):
    landed(world, BREF_2025)
    starts = {
        row["game_id"]: row["tipoff_utc"]
        for row in world.public("SELECT game_id, tipoff_utc FROM schedule")
    }
    assert starts["2025-10-22/BKN@CHA"].hour == 23
    assert starts["2025-12-01/CLE@IND"].hour == 0


@needs_samples
def test_a_scoreboard_lands_its_games_on_their_eastern_date(world):
    found = landed(world, SCOREBOARD)["schedule"]
    assert (found.rows, found.published, found.rejected) == (11, ("2025-11-05",), {})
    assert one(world, "FROM schedule WHERE home_team = 'SAC'") == {
        "game_id": "2025-11-05/GSW@SAC", "nba_game_id": "0022500181", "game_date": "2025-11-05",
        "tipoff_utc": datetime.fromisoformat("2025-11-06 03:00"), "season": "2025-26", "season_type": "regular",
        "home_team": "SAC", "away_team": "GSW", "status": "final", "neutral_site": False,
        "arena": None,
    }  # fmt: skip


def in_all_states(board):
    games = board["scoreboard"]["games"]
    games[0] |= {"gameStatus": 1, "gameStatusText": "7:00 pm ET"}
    games[1] |= {"gameStatus": 2, "gameStatusText": "Q3 4:11"}
    games[2] |= {"gameStatus": 1, "gameStatusText": "PPD"}
    games[3] |= {"gameStatus": 1, "gameStatusText": "TBD"}


@needs_samples
def test_a_scoreboard_says_scheduled_live_final_and_postponed(world):
    landed(world, changed(world, SCOREBOARD, in_all_states))
    rows = world.public("SELECT status, tipoff_utc IS NULL AS open FROM schedule ORDER BY game_id")
    told = [(row["status"], row["open"]) for row in rows]
    assert sorted(told)[:3] == [("final", False)] * 3
    assert {("live", False), ("postponed", False), ("scheduled", True)} < set(told)


@needs_samples
def test_an_older_scoreboard_lands_teams_by_their_number(world):
    found = landed(world, SCOREBOARD_V2)["schedule"]
    assert (found.rows, found.published, found.rejected) == (11, ("2024-01-15",), {})
    row = one(world, "SELECT nba_game_id, arena FROM schedule WHERE game_id='2024-01-15/HOU@PHI'")
    assert row == {"nba_game_id": "0022300555", "arena": "Wells Fargo Center"}


@needs_samples
def test_the_time_of_a_game_to_come_is_read_from_the_status_of_an_older_scoreboard(world):
    def to_come(board):
        row = board["resultSets"][0]["rowSet"][0]
        row[3], row[4] = 1, "7:30 pm ET"

    landed(world, changed(world, SCOREBOARD_V2, to_come))
    row = one(world, "SELECT status, tipoff_utc FROM schedule WHERE home_team = 'PHI'")
    assert row == {"status": "scheduled", "tipoff_utc": datetime.fromisoformat("2024-01-16 00:30")}


@needs_samples
def test_a_day_of_play_offs_still_to_come_lands_without_a_time(world):
    found = landed(world, PAGE)["schedule"]
    assert (found.rows, found.published) == (4, ("2017-04-25",))
    row = one(world, "FROM schedule WHERE home_team = 'CLE'")
    assert row["game_id"] == "2017-04-25/IND@CLE"
    assert (row["season"], row["season_type"], row["status"]) == (
        "2016-17",
        "play-offs",
        "scheduled",
    )
    assert row["tipoff_utc"] is None


def game_of_season(nba_game_id, date, home, away, **changed):
    teams = {
        f"{side}Team": {"teamId": 0 if code is None else 1610612738, "teamTricode": code}
        for side, code in (("home", home), ("away", away))
    }
    return {
        "gameId": nba_game_id, "gameStatus": 1, "gameStatusText": "7:30 pm ET",
        "gameDateEst": f"{date}T00:00:00Z", "gameDateTimeUTC": f"{date}T23:30:00Z",
        "arenaName": "TD Garden", "postponedStatus": "A", "isNeutral": False, **teams, **changed,
    }  # fmt: skip


def season_file(world, *games):
    dates = [{"gameDate": "any", "games": [game]} for game in games]
    path = world.folder / "scheduleleaguev2.json"
    path.write_text(
        json.dumps({"meta": {}, "leagueSchedule": {"seasonYear": "2025-26", "gameDates": dates}})
    )
    return path


def test_the_league_s_schedule_of_a_season_lands_what_is_decided(world):
    path = season_file(
        world,
        game_of_season("0022500001", "2025-10-21", "BOS", "LAL", gameStatus=3),
        game_of_season("0022500002", "2025-10-23", "BOS", "MIA", gameStatusText="PPD"),
        game_of_season("0022501229", "2025-12-09", None, None, gameStatusText="TBD"),
        game_of_season("0032500001", "2026-02-15", "STA", "STP"),
        game_of_season("0022501230", "2026-02-20", "BOS", "NYK", gameStatusText="TBD"),
    )
    found = landed(world, path)["schedule"]
    assert found.rejected == {"teams are not decided yet": 1, "a game of the All-Star weekend": 1}
    assert (found.rows, found.faults, found.withheld) == (3, 0, ())
    assert "2025-10-22" in found.published
    assert "2025-12-09" not in found.published
    assert "2026-02-15" in found.published, "a game of another league leaves its date empty"
    rows = world.public("SELECT status, tipoff_utc FROM schedule ORDER BY game_date")
    assert [row["status"] for row in rows] == ["final", "postponed", "scheduled"]
    assert rows[2]["tipoff_utc"] is None


def test_a_team_that_is_merely_not_given_holds_back_its_date(world):
    lacking = game_of_season("0022500001", "2025-10-21", "BOS", "LAL")
    lacking["awayTeam"] = {"teamId": 1610612747, "teamTricode": None}
    path = season_file(world, lacking, game_of_season("0022500003", "2025-10-21", "MIA", "NYK"))
    found = landed(world, path)["schedule"]
    assert found.faults == 1
    assert "2025-10-21" not in found.published


@needs_samples
def test_a_scoreboard_that_was_cut_off_or_is_empty_is_refused_whole(world):
    path = world.folder / "board.json.gz"
    path.write_bytes(SCOREBOARD.read_bytes()[:-300])
    with pytest.raises(Withheld, match="EOFError"):
        find_readers(world.project.pipeline, path, "")

    def emptied(board):
        board["scoreboard"]["games"] = []

    with pytest.raises(Withheld, match="finds no row in it"):
        landed(world, changed(world, SCOREBOARD, emptied))
