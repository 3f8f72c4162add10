import pytest

from boxout_nba.processors import player_context
from nba.given import computed, looked_back_at

TODAY = "2026-01-30"
GAME = f"{TODAY}/BOS@LAL"


def games(days, opponent="NYK", **more):
    return [{"game_id": f"2026-01-{day:02}/BOS@{opponent}", **more} for day in days]


def lines(name, days, team="BOS", opponent="NYK", **more):
    """Earlier lines of one player, 10 points in 30 minutes unless it is said otherwise."""
    usual = {"pts": 10, "minutes": 30.0, "usage_rate_pct": 20.0, "status": "active"}
    return [
        {
            "game_id": f"2026-01-{day:02}/{team}@{opponent}",
            "team": team,
            "player_id": name,
            **usual,
            **more,
        }
        for day in days
    ]


def tonight(players, before=None, **given):
    """By player, what is said before Boston plays in Los Angeles."""
    keys = dict.fromkeys(line["game_id"] for line in players)
    schedule = before if before is not None else [{"game_id": key} for key in keys]
    rows = computed(
        player_context,
        slate=[{"game_id": GAME, "status": "scheduled"}],
        schedule=looked_back_at(TODAY, schedule),
        players=looked_back_at(TODAY, players),
        **given,
    )
    return {row["player_id"]: row for row in rows}


def test_who_dressed_for_the_last_game_is_expected():
    players = [
        *lines("tatum", [20, 25]),
        *lines("hurt", [20]),
        *lines("hurt", [25], status="inactive", minutes=None, pts=None, usage_rate_pct=None),
        *lines("bench", [25], status="dnp", minutes=None, pts=None, usage_rate_pct=None),
        *lines("gone", [20]),
    ]
    said = tonight(players)
    assert set(said) == {"tatum", "bench"}
    assert {row["expected_by"] for row in said.values()} == {"last_game"}


def test_a_roster_says_who_is_expected():
    roster = [{"game_date": TODAY, "team": "BOS", "player_id": n} for n in ("tatum", "new")]
    said = tonight(lines("tatum", [25]) + lines("cut", [25]), rosters=roster)
    assert set(said) == {"tatum", "new"}
    assert said["new"]["expected_by"] == "rosters"
    assert said["new"]["played_5"] == 0
    assert said["new"]["pts_avg_5"] is None
    assert said["new"]["window_state_5"] == "bootstrap"


def test_who_is_reported_out_is_not_expected_and_others_keep_their_word():
    report = [
        {"game_id": GAME, "team": "BOS", "player_id": "a", "status": "out"},
        {"game_id": GAME, "team": "BOS", "player_id": "b", "status": "questionable"},
    ]
    said = tonight(lines("a", [25]) + lines("b", [25]), injuries=report)
    assert set(said) == {"b"}
    assert said["b"]["report_status"] == "questionable"


def test_averages_are_over_games_that_were_played():
    played = [
        line
        for day, pts in zip(range(10, 22), range(12), strict=True)
        for line in lines("a", [day], pts=pts)
    ]
    rested = lines("a", [23], status="dnp", minutes=None, pts=None, usage_rate_pct=None)
    said = tonight(played + rested)["a"]
    assert said["pts_avg_5"] == pytest.approx(9)
    assert said["pts_avg_10"] == pytest.approx(6.5)
    assert (said["played_5"], said["played_10"]) == (5, 10)
    assert (said["window_state_5"], said["window_share_10"]) == ("full", 1.0)
    assert said["days_since_played"] == 8
    assert said["days_rest"] == 6


def test_games_that_do_not_exist_and_games_that_are_missing_differ():
    few = lines("a", [20, 22, 25])
    assert tonight(few)["a"]["window_state_5"] == "bootstrap"
    there = [{"game_id": line["game_id"]} for line in few]
    said = tonight(few, before=[*there, *games([23])])["a"]
    assert said["window_state_5"] == "gap"
    assert said["window_share_5"] == pytest.approx(0.6)


def test_a_game_missing_before_the_window_is_no_gap_of_it():
    many = lines("a", range(10, 16))
    there = [{"game_id": line["game_id"]} for line in many]
    said = tonight(many, before=[*there, *games([5])])["a"]
    assert said["window_state_5"] == "full"
    assert said["window_state_10"] == "gap"


def test_load_counts_games_and_minutes_of_a_week_and_of_two():
    said = tonight(lines("a", [15, 16, 22, 23, 29]))["a"]
    assert (said["games_last_7"], said["minutes_last_7"]) == (2, 60.0)
    assert (said["games_last_14"], said["minutes_last_14"]) == (4, 120.0)


def test_a_traded_player_brings_his_games_and_leaves_his_old_team():
    before = lines("a", [10, 12], team="NYK", opponent="MIA") + lines("old", [25], team="LAL")
    said = tonight(before + lines("a", [25]) + lines("b", [25]))
    assert said["a"]["team"] == "BOS"
    assert said["a"]["played_5"] == 3
    moved = lines("b", [25]) + lines("b", [27], team="CHI", opponent="MIA")
    assert set(tonight(moved + lines("a", [25]))) == {"a"}


def test_stars_out_are_team_mates_with_twenty_points_who_are_reported_out():
    report = [
        {"game_id": GAME, "team": "BOS", "player_id": name, "status": "out"}
        for name in ("star", "other")
    ]
    players = lines("star", [20, 25], pts=30) + lines("other", [25]) + lines("a", [25])
    assert tonight(players, injuries=report)["a"]["stars_out"] == 1
    assert tonight(players)["a"]["stars_out"] is None


def test_the_opponent_is_measured_over_its_last_public_games():
    offense = [
        {
            "game_id": f"2026-01-{day:02}/LAL@DEN",
            "team": "LAL",
            "pace": 90.0 + day,
            "offensive_rating": 110.0,
        }
        for day in range(1, 15)
    ]
    defense = [{"game_id": o["game_id"], "team": "LAL", "defensive_rating": 105.0} for o in offense]
    said = tonight(
        lines("a", [25]),
        offense=looked_back_at(TODAY, offense),
        defense=looked_back_at(TODAY, defense),
    )["a"]
    assert said["opponent_pace_10"] == pytest.approx(99.5)
    assert said["opponent_defensive_rating_10"] == 105.0
    assert tonight(lines("a", [25]))["a"]["opponent_pace_10"] is None


def prop(book, seen_at, line, *, over=-110.0, under=-110.0, market="points"):
    return {
        "game_id": GAME,
        "player_id": "a",
        "market": market,
        "bookmaker": book,
        "seen_at": seen_at,
        "line": line,
        "over_odds": over,
        "under_odds": under,
    }


def test_the_points_line_is_the_middle_of_the_bookmakers_last_balanced_lines():
    props = [
        prop("one", "01", 19.5),
        prop("one", "02", 21.5),
        prop("one", "02", 14.5, over=-900.0, under=600.0),
        prop("two", "02", 22.5),
        prop("three", "02", 20.5),
        prop("three", "02", 40.5, market="rebounds"),
    ]
    assert tonight(lines("a", [25]), props=props)["a"]["points_line"] == 21.5
    assert tonight(lines("a", [25]))["a"]["points_line"] is None


@pytest.mark.parametrize(
    ("margins", "streak"), [((1, 2, 3), 3), ((5, -1, -2), -2), ((3, 0), 0), ((0, 4), 1)]
)
def test_results_over_the_line_in_a_row_are_signed_and_a_push_ends_them(margins, streak):
    before = [
        line
        for day, margin in zip(range(20, 29), margins, strict=False)
        for line in lines("a", [day], points_to_line=float(margin))
    ]
    without = lines("a", [29], points_to_line=None)
    assert tonight(before + without)["a"]["over_streak"] == streak
