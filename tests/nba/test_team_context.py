import pytest

from boxout_nba.processors import team_context
from nba.given import computed, looked_back_at

TODAY = "2026-01-10"
GAME = f"{TODAY}/BOS@LAL"


def game(day, away, home, **more):
    return {"game_id": f"2026-01-{day:02}/{away}@{home}", **more}


def sides(games):
    """The two results of each game that has a margin, seen from the home team."""
    for one in games:
        if one.get("margin") is not None:
            for team, margin in (
                (one["game_id"][15:], one["margin"]),
                (one["game_id"][11:14], -one["margin"]),
            ):
                yield {
                    "game_id": one["game_id"],
                    "team": team,
                    "margin": margin,
                    "win": margin > 0,
                }


def boston(before, slate=None, **given):
    """What is said of Boston before it plays in Los Angeles."""
    rows = computed(
        team_context,
        slate=[slate or {"game_id": GAME, "status": "scheduled"}],
        schedule=looked_back_at(TODAY, before),
        games=looked_back_at(TODAY, sides(before)),
        **given,
    )
    assert {row["team"] for row in rows} == {"BOS", "LAL"}
    return next(row for row in rows if row["team"] == "BOS")


def test_a_team_without_an_earlier_game_has_no_rest_and_no_form():
    said = boston([])
    assert said["game_number"] == 1
    assert said["games_last_7"] == said["games_last_14"] == said["results_missing"] == 0
    assert not said["back_to_back"]
    for name in ("days_rest", "streak", "last_margin", "travel_miles", "time_zones_crossed"):
        assert said[name] is None


@pytest.mark.parametrize(("day", "rest"), [(9, 0), (8, 1), (3, 6)])
def test_rest_counts_the_whole_days_between(day, rest):
    said = boston([game(day, "BOS", "NYK", margin=3)])
    assert said["days_rest"] == rest
    assert said["back_to_back"] == (rest == 0)


def test_the_seventh_day_before_counts_and_the_eighth_does_not():
    said = boston([game(2, "BOS", "NYK"), game(3, "BOS", "MIA")])
    assert (said["games_last_7"], said["games_last_14"]) == (1, 2)


def test_a_postponed_game_and_one_of_the_pre_season_give_no_rest():
    before = [
        game(9, "BOS", "NYK", status="postponed"),
        game(8, "BOS", "MIA", season_type="pre-season"),
        game(5, "BOS", "ORL", margin=-4),
    ]
    said = boston(before)
    assert said["days_rest"] == 4
    assert said["game_number"] == 2


def test_a_game_that_is_still_running_counts_for_rest_and_its_result_is_missing():
    said = boston([game(7, "BOS", "NYK", margin=-3), game(9, "BOS", "MIA", status="live")])
    assert said["days_rest"] == 0
    assert said["results_missing"] == 1
    assert said["streak"] is None
    assert said["last_margin"] is None


def test_a_streak_is_signed_and_ends_where_it_turned():
    won = [
        game(3, "BOS", "NYK", margin=9),
        game(5, "BOS", "MIA", margin=-2),
        game(7, "BOS", "ORL", margin=-4),
    ]
    assert boston(won)["streak"] == 2
    assert boston([*won, game(9, "BOS", "CHI", margin=1)])["streak"] == -1


def test_a_streak_that_rests_on_a_missing_result_is_not_known():
    before = [game(3, "BOS", "NYK"), game(5, "BOS", "MIA", margin=-2)]
    assert boston(before)["streak"] is None
    before.insert(1, game(4, "BOS", "ORL", margin=8))
    assert boston(before)["streak"] == 1


def test_travel_is_from_where_the_last_game_was_played():
    said = boston([game(8, "CHI", "BOS", margin=1)])
    assert said["travel_miles"] == pytest.approx(2592, abs=5)
    assert said["time_zones_crossed"] == 3
    abroad = game(8, "BOS", "CHI", margin=1, arena="AccorHotels Arena", neutral_site=True)
    assert boston([abroad])["travel_miles"] == pytest.approx(5660, abs=30)
    assert boston([abroad])["time_zones_crossed"] == 9


def test_where_nobody_says_which_neutral_ground_the_way_is_not_known():
    said = boston([game(8, "BOS", "CHI", margin=1, neutral_site=True)])
    assert said["travel_miles"] is None
    assert said["time_zones_crossed"] is None
    assert said["days_rest"] == 1


def test_an_arena_that_nobody_knows_is_no_place():
    assert boston([game(8, "BOS", "CHI", arena="Nowhere Hall")])["travel_miles"] is None


def test_road_games_in_a_row_count_this_one():
    before = [game(2, "MIA", "BOS"), game(4, "BOS", "NYK"), game(6, "BOS", "ORL")]
    assert boston(before)["road_games_in_a_row"] == 3


def test_lines_are_those_of_the_team_and_their_way_since_the_first():
    lines = [
        {"game_id": GAME, "bookmaker": "one", "seen_at": at, "home_spread": spread, "total": total}
        for at, spread, total in (("01", -3.0, 220.0), ("02", -5.5, 224.5))
    ]
    said = boston([], lines=lines)
    assert (said["spread"], said["spread_move"]) == (5.5, 2.5)
    assert (said["total"], said["total_move"]) == (224.5, 4.5)
    assert boston([])["spread"] is None


def player(name, day, **more):
    return {
        "game_id": f"2026-01-{day:02}/BOS@NYK",
        "team": "BOS",
        "player_id": name,
        "starter": True,
        "minutes": 30.0,
        **more,
    }


def out(name, team="BOS", status="out"):
    return {"game_id": GAME, "team": team, "player_id": name, "status": status}


def test_starters_out_are_those_who_started_and_are_reported_out():
    before = [game(8, "BOS", "NYK", margin=1)]
    players = looked_back_at(
        TODAY, [player(n, 8) for n in "abcde"] + [player("f", 8, starter=False)]
    )
    report = [out("a"), out("b", status="questionable"), out("f"), out("c", team="LAL")]
    assert boston(before, players=players, injuries=report)["starters_out"] == 1
    assert boston(before, players=players)["starters_out"] is None
    assert boston(before, players=players, injuries=[out("x")])["starters_out"] == 0


def test_a_postponed_game_has_no_context():
    rows = computed(team_context, slate=[{"game_id": GAME, "status": "postponed"}])
    assert rows == []
