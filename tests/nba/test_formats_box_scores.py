"""Box scores of the league as JSON, three forms of them."""

import pytest

from boxout.errors import Withheld
from boxout.run import find_readers, land
from nba.samples import (
    LEAGUE,
    OLDER,
    PBPSTATS,
    SCRAPER,
    changed,
    landed,
    listed,
    needs_samples,
    one,
    opened,
    with_schedule,
)

V3 = LEAGUE / "boxscoretraditionalv3.json"
V2 = SCRAPER / "nbac_team_boxscore__raw_12f99055.json"
LIVE = PBPSTATS / "game_details__live_0022000001.json"


@needs_samples
def test_a_box_score_v3_lands_its_players_and_its_teams(world):
    with_schedule(world, "0022500165")
    found = landed(world, V3)
    game = listed("0022500165")
    assert {table: (of.rows, of.published) for table, of in found.items()} == {
        "gamebook_player_stats": (29, (game,)),
        "team_boxscore": (2, (game,)),
    }
    assert one(world, "FROM gamebook_player_stats WHERE player_lookup = 'garytrentjr'") == {
        "game_id": game, "team": "MIL", "player_lookup": "garytrentjr", "player_id": "1629018",
        "player_name": "Gary Trent Jr.", "status": "active", "dnp_reason": None, "starter": True,
        "minutes": pytest.approx(21 + 26 / 60), "pts": 6, "fgm": 2, "fga": 4, "fg3m": 2, "fg3a": 4,
        "ftm": 0, "fta": 0, "oreb": 0, "dreb": 2, "ast": 4, "stl": 0, "blk": 0, "tov": 1, "pf": 2,
        "plus_minus": -7,
    }  # fmt: skip
    assert one(world, "FROM team_boxscore WHERE team = 'TOR'") == {
        "game_id": game, "team": "TOR", "minutes": 240.0, "pts": 128, "fgm": 44, "fga": 91,
        "fg3m": 17, "fg3a": 38, "ftm": 23, "fta": 29, "oreb": 10, "dreb": 40, "ast": 33, "stl": 8,
        "blk": 6, "tov": 9, "pf": 23,
    }  # fmt: skip


@needs_samples
def test_the_zeros_of_who_did_not_play_are_no_stats_and_his_comment_is_the_reason(world):
    with_schedule(world, "0022500165")
    landed(world, V3)
    rows = world.public(
        "SELECT player_name, dnp_reason, pts, minutes, starter FROM gamebook_player_stats"
        " WHERE status = 'dnp' ORDER BY 1"
    )
    reason = {"dnp_reason": "DNP - Coach's Decision", "pts": None, "minutes": None}
    assert rows == [
        {"player_name": "Garrett Temple", "starter": False, **reason},
        {"player_name": "Thanasis Antetokounmpo", "starter": False, **reason},
    ]


@needs_samples
def test_a_box_score_whose_game_is_not_on_the_schedule_is_set_aside_until_it_is(world):
    found = landed(world, V3)
    reason = "game is not on the public schedule, or more than once: land the schedule first"
    assert {table: of.rejected for table, of in found.items()} == {
        "gamebook_player_stats": {reason: 29},
        "team_boxscore": {reason: 2},
    }
    with_schedule(world, "0022500165")
    assert {table: of.rows for table, of in landed(world, V3).items()} == {
        "gamebook_player_stats": 29,
        "team_boxscore": 2,
    }


@needs_samples
def test_a_box_score_of_another_game_than_its_id_says_is_set_aside(world):
    with_schedule(world, "0022500165", "0022400561")

    def other(box):
        box["boxScoreTraditional"]["gameId"] = "0022400561"

    found = landed(world, changed(world, V3, other))
    assert found["team_boxscore"].rejected == {"team does not play in the game": 2}


@needs_samples
@pytest.mark.parametrize(
    ("path", "nba_game_id", "players", "out"),
    [
        (V2, "0022400561", 25, 8),
        (PBPSTATS / "game_details__stats_boxscore_0021600270.json", "0021600270", 19, 0),
        (PBPSTATS / "game_details__stats_boxscore_0022100732.json", "0022100732", 22, 0),
    ],
    ids=str,
)
def test_a_box_score_v2_lands_its_players_and_its_teams(world, path, nba_game_id, players, out):
    with_schedule(world, nba_game_id)
    found = landed(world, path)
    assert {table: (of.rows, of.published) for table, of in found.items()} == {
        "gamebook_player_stats": (players, (listed(nba_game_id),)),
        "team_boxscore": (2, (listed(nba_game_id),)),
    }
    row = one(
        world,
        "SELECT count(*) AS n FROM gamebook_player_stats WHERE status = 'dnp' AND pts IS NULL",
    )
    assert row == {"n": out}
    totals = {r["TEAM_ABBREVIATION"]: r for r in result_rows(path, "TeamStats")}
    for row in world.public("FROM team_boxscore"):
        assert row["pts"] == totals[row["team"]]["PTS"]
        assert row["tov"] == totals[row["team"]]["TO"]
        assert row["minutes"] == int(totals[row["team"]]["MIN"].split(":")[0])


def result_rows(path, name):
    (found,) = (one for one in opened(path)["resultSets"] if one["name"] == name)
    return [dict(zip(found["headers"], row, strict=True)) for row in found["rowSet"]]


@needs_samples
def test_a_live_box_score_says_its_own_date_and_lands_everyone_listed(world):
    found = landed(world, LIVE)
    game = listed("0022000001")
    assert {table: (of.rows, of.published) for table, of in found.items()} == {
        "player_boxscore": (34, (game,)),
        "team_boxscore": (2, (game,)),
    }
    assert world.public(
        "SELECT status, count(*) AS n FROM player_boxscore GROUP BY 1 ORDER BY 1"
    ) == [{"status": "active", "n": 28}, {"status": "inactive", "n": 6}]
    assert one(
        world,
        "SELECT team, status, dnp_reason, pts FROM player_boxscore WHERE player_lookup ="
        " 'klaythompson'",
    ) == {"team": "GSW", "status": "inactive", "dnp_reason": "Right Achillies", "pts": None}


@needs_samples
def test_a_game_that_begins_at_ten_in_the_pacific_belongs_to_its_eastern_date(world):
    def late(box):
        box["game"]["gameTimeUTC"] = "2020-12-23T06:00:00Z"

    found = landed(world, changed(world, LIVE, late))
    assert found["team_boxscore"].published == ("2020-12-23/GSW@BKN",)

    def later(box):
        box["game"]["gameTimeUTC"] = "2020-12-23T04:59:00Z"

    found = landed(world, changed(world, LIVE, later))
    assert found["team_boxscore"].published == ("2020-12-22/GSW@BKN",)


def renamed(box):
    for side in ("homeTeam", "awayTeam"):
        for player in box["boxScoreTraditional"][side]["players"]:
            player["statistics"]["pointsScored"] = player["statistics"].pop("points")


def retyped(box):
    player = box["boxScoreTraditional"]["homeTeam"]["players"][0]
    player["statistics"]["points"] = "thirteen"


def nulled(box):
    player = box["boxScoreTraditional"]["homeTeam"]["players"][0]
    player["statistics"]["points"] = None


def nameless(box):
    player = box["boxScoreTraditional"]["homeTeam"]["players"][0]
    player["familyName"] = None


def timeless(box):
    player = box["boxScoreTraditional"]["homeTeam"]["players"][0]
    player["statistics"]["minutes"] = "half an hour"


@needs_samples
def test_a_field_that_was_renamed_refuses_the_whole_file_and_is_named(world):
    with_schedule(world, "0022500165")
    path = changed(world, V3, renamed)
    reader = world.readers["box_score_v3_players"]
    with pytest.raises(Withheld, match=r"columns are missing:\n  statistics\.points"):
        land(world.engine, path, reader)


@needs_samples
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (retyped, "pts is not of type int64"),
        (nameless, "player name is missing"),
        (timeless, "minutes is not of type float64"),
    ],
)
def test_a_player_with_a_bad_value_is_set_aside_with_his_line(world, change, reason):
    with_schedule(world, "0022500165")
    found = landed(world, changed(world, V3, change))["gamebook_player_stats"]
    assert found.rejected == {reason: 1}
    assert len(found.lines[reason]) == 1
    assert found.rows == 28


@needs_samples
def test_a_stat_of_somebody_who_played_that_is_null_withholds_the_game(world):
    with_schedule(world, "0022500165")
    found = landed(world, changed(world, V3, nulled))["gamebook_player_stats"]
    assert found.withheld == (listed("0022500165"),)


@needs_samples
@pytest.mark.parametrize("path", [V3, V2, LIVE], ids=str)
def test_a_box_score_that_was_cut_off_is_refused_whole(world, path):
    cut = world.folder / "cut.json"
    cut.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(Withheld, match="refused whole, it cannot be read: JSONDecodeError"):
        find_readers(world.project.pipeline, cut, "")


@needs_samples
@pytest.mark.parametrize(
    "path",
    [
        LEAGUE / "boxscoreadvancedv3.json",
        LEAGUE / "boxscoreusagev3.json",
        OLDER / "boxscoreadvanced.json",
    ],
    ids=str,
)
def test_derived_figures_are_nobodys_to_land(world, path):
    with pytest.raises(Withheld, match="no reader knows what is in it"):
        find_readers(world.project.pipeline, path, "")
