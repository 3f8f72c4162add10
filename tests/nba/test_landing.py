import pytest

from boxout.model.outcomes import Waiting
from boxout.run import run
from boxout_nba.names import game_id
from boxout_nba.simulator import gamebook_rows, schedule_rows, team_rows
from boxout_nba.teams import ALIASES

DAY = "2026-02-03"


def schedule_row(world, **changed):
    return schedule_rows(world.games[:1])[0] | changed


def test_bad_rows_are_set_aside_with_their_reason_and_the_rest_lands(world):
    good = schedule_row(world)
    day = good["game_date"]
    atlanta = {"game_id": f"{day}/ATL@MIA", "away_team": "ATL", "home_team": "MIA"}
    landed = world.land(
        "schedule",
        [
            good,
            good | {"game_id": f"{day}/XXX@LAL", "away_team": "XXX", "home_team": "LAL"},
            good | {"game_id": "LAL@BOS"},
            good | {"game_id": "2026-02-30/LAL@BOS", "game_date": "2026-02-30"},
            good | {"game_id": ""},
            good | atlanta | {"season": ""},
            good | atlanta | {"nba_game_id": "22500001"},
            good | atlanta | {"away_team": "MIA", "home_team": "ATL"},
            good | atlanta | {"game_date": "2026-02-05"},
        ],
    )
    assert landed.rows == 1
    assert landed.rejected == {
        "unknown team": 1,
        "game id is not YYYY-MM-DD/AWY@HOM": 2,
        "game id is missing": 1,
        "season is missing": 1,
        "nba game id is not ten digits of a known kind": 1,
        "game id is reversed": 1,
        "game id is not that of date and teams": 1,
    }
    assert len(world.public("FROM boxout.quarantine")) == 8


def test_a_reversed_game_is_set_aside_and_the_rest_of_the_night_lands(world):
    rows = schedule_rows(world.games)
    rows[0]["home_team"], rows[0]["away_team"] = rows[0]["away_team"], rows[0]["home_team"]
    landed = world.land("schedule", rows)
    assert landed.rejected == {"game id is reversed": 1}
    assert landed.rows == len(rows) - 1


def test_box_scores_under_a_reversed_id_are_never_joined_to_the_game(world):
    world.schedule()
    turned = [g._replace(away=g.home, home=g.away) for g in world.games]
    rows = world.rows(gamebook_rows, world.games, None)
    reversed_ids = {a.game_id: b.game_id for a, b in zip(world.games, turned, strict=True)}
    world.land("gamebook_player_stats", [r | {"game_id": reversed_ids[r["game_id"]]} for r in rows])
    world.team_box()
    outcomes = run(world.engine, DAY, DAY, set(world.engine.graph.processors)).outcomes
    assert {type(one) for one in outcomes.values()} == {Waiting}
    assert world.public("FROM player_game_summary") == []


@pytest.mark.parametrize("alias", ALIASES)
def test_a_team_is_known_by_its_aliases(world, alias):
    official = ALIASES[alias]
    rival = "BOS" if official != "BOS" else "LAL"
    row = schedule_row(world) | {
        "game_id": game_id(DAY, official, rival),
        "away_team": alias.lower(),
        "home_team": rival,
    }
    assert world.land("schedule", [row]).rejected == {}
    assert [r["away_team"] for r in world.public("FROM schedule")] == [official]


def test_a_player_whose_name_is_not_in_latin_letters_is_set_aside(world):
    rows = world.rows(gamebook_rows, world.games[:1], None)
    rows[0]["player_name"] = "Иван"
    rows[1]["player_name"] = ""
    assert world.land("gamebook_player_stats", rows).rejected == {
        "player name has a letter that is not Latin": 1,
        "player name is missing": 1,
    }


def test_of_two_rows_with_one_key_neither_is_chosen(world):
    row = schedule_row(world)
    assert world.land("schedule", [row, row]).rejected == {"key is there twice": 2}


def test_text_where_a_number_belongs_is_set_aside(world):
    rows = world.rows(team_rows, world.games[:1], None)
    rows[0]["pts"] = "many"
    assert world.land("team_boxscore", rows).rejected == {"pts is not of type int64": 1}


@pytest.mark.parametrize("given", ["17.5", "1e3", "0x10", "17.0.0"])
def test_a_count_that_is_no_whole_number_is_set_aside_and_never_rounded(world, given):
    rows = world.rows(team_rows, world.games[:1], None)
    rows[0]["ast"] = given
    assert world.land("team_boxscore", rows).rejected == {"ast is not of type int64": 1}


def test_a_whole_number_with_a_point_is_one(world):
    rows = world.rows(team_rows, world.games[:1], None)
    rows[0]["ast"] = "17.0"
    assert world.land("team_boxscore", rows).rejected == {}
    assert {"ast": 17} in world.public("SELECT ast FROM team_boxscore")
