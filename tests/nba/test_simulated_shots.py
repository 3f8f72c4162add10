"""Simulated shots are those of the box score, belong to their zones, and fall as the league's do."""

import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import median

import duckdb
import pytest

from boxout import ibis
from boxout_nba.simulator import gamebook_rows, play, shots_rows, simulate_season
from boxout_nba.simulator.tables import clock
from boxout_nba.tables import SHOTS
from boxout_nba.zones import LEAGUE_ZONES, ZONES, zone

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import truth

SEED = 7
OVERTIME_S = 48 * 60 + 300
PEOPLE = ("player_id", "assist_player_id", "block_player_id")
REAL = truth.SEASONS / "shots"
needs_shots = pytest.mark.skipif(not REAL.is_dir(), reason="the real shots are not there")


@pytest.fixture(scope="module")
def boxes():
    games = [g for g in simulate_season(SEED, "2025-10-21", games=150) if g.status == "final"]
    return {g.game_id: play(SEED, g.away, g.home, g.game_id) for g in games}


@pytest.fixture(scope="module")
def shots(boxes):
    return [row for key, box in boxes.items() for row in shots_rows(key, box)]


@pytest.fixture(scope="module")
def lines(boxes):
    """The gamebook's line of everybody who played, by game and player."""
    rows = [row for key, box in boxes.items() for row in gamebook_rows(key, box)]
    return {(r["game_id"], r["player_id"]): r for r in rows if r["status"] == "active"}


def of_players(shots, who, **what):
    """How many shots have these values, by game and by the player in the column `who`."""
    return Counter(
        (one["game_id"], one[who])
        for one in shots
        if one[who] and all(one[name] == value for name, value in what.items())
    )


@pytest.mark.parametrize(
    ("stat", "who", "what"),
    [
        ("fga", "player_id", {}),
        ("fgm", "player_id", {"made": True}),
        ("fg3a", "player_id", {"shot_value": 3}),
        ("fg3m", "player_id", {"shot_value": 3, "made": True}),
        ("ast", "assist_player_id", {"made": True, "assisted": True}),
        ("blk", "block_player_id", {"made": False, "blocked": True}),
    ],
)
def test_the_shots_of_every_player_are_those_of_the_box_score(shots, lines, stat, who, what):
    counted = of_players(shots, who, **what)
    assert {key: counted[key] for key in lines} == {key: row[stat] for key, row in lines.items()}
    assert counted.keys() <= lines.keys()


def test_who_shoots_assists_or_blocks_is_of_the_right_team(shots, lines):
    for one in shots:
        team = {who: lines[one["game_id"], one[who]]["team"] for who in PEOPLE if one[who]}
        assert team["player_id"] == team.get("assist_player_id", one["team"]) == one["team"]
        assert team.get("block_player_id") != one["team"]
        assert one["assist_player_id"] != one["player_id"]


def test_a_shot_has_the_columns_of_its_table_in_their_order(shots):
    assert tuple(shots[0]) == SHOTS.column_names


def test_value_distance_and_place_give_the_same_zone_back(shots):
    names = ("zone", "shot_value", "distance_ft", "x_ft", "y_ft")
    rows = ibis.memtable([{name: one[name] for name in names} for one in shots])
    back = rows.select("zone", back=zone(rows.shot_value, rows.distance_ft, rows.x_ft, rows.y_ft))
    pairs = back.distinct().execute()
    assert dict(zip(pairs.zone, pairs.back, strict=True)) == {name: name for name in ZONES}
    assert len(pairs) == len(ZONES)


def test_every_place_is_on_the_court_and_as_far_from_the_basket_as_it_says(shots):
    for one in shots:
        assert abs(one["x_ft"]) < 25
        assert 0 < one["y_ft"] < 47
        apart = (one["x_ft"] ** 2 + (one["y_ft"] - 5.25) ** 2) ** 0.5
        assert abs(apart - one["distance_ft"]) <= 0.05 + 1e-9


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(1, (1, 719)), (720, (1, 0)), (721, (2, 719)), (2880, (4, 0)), (2881, (5, 299)),
     (3180, (5, 0)), (3181, (6, 299))],
)  # fmt: skip
def test_the_buzzer_belongs_to_the_period_that_it_ends(seconds, shown):
    assert clock(seconds) == shown


def test_shots_are_numbered_in_the_order_of_the_game(shots):
    by_game = defaultdict(list)
    for one in shots:
        by_game[one["game_id"]].append(one)
    for game in by_game.values():
        assert [one["shot_number"] for one in game] == list(range(1, len(game) + 1))
        for earlier, later in pairwise(game):
            assert later["period"] >= earlier["period"]
            is_same = later["period"] == earlier["period"]
            assert not is_same or later["seconds_left"] <= earlier["seconds_left"]


def test_shots_of_an_overtime_are_in_period_five(boxes):
    key = next(key for key, box in boxes.items() if box.seconds == OVERTIME_S)
    assert {row["period"] for row in shots_rows(key, boxes[key])} == {1, 2, 3, 4, 5}


def test_a_capture_shows_the_first_shots_of_the_whole_game(boxes):
    key, whole = next(iter(boxes.items()))
    half = shots_rows(key, play(SEED, key[11:14], key[15:], key, periods_max=2))
    assert half == shots_rows(key, whole)[: len(half)]
    assert {row["period"] for row in half} == {1, 2}


def test_before_tip_off_nobody_has_shot(boxes):
    key = next(iter(boxes))
    assert shots_rows(key, play(SEED, key[11:14], key[15:], key, periods_max=0)) == []


def test_shots_are_the_same_every_time_and_others_from_another_seed(boxes):
    key, whole = next(iter(boxes.items()))
    again, other = (play(seed, key[11:14], key[15:], key) for seed in (SEED, 8))
    assert shots_rows(key, again) == shots_rows(key, whole) != shots_rows(key, other)


@pytest.fixture(scope="module")
def league():
    """By zone: share of attempts, share made, and median distance, over the real seasons."""
    pairs = ", ".join(f"('{name}', '{of}')" for name, of in LEAGUE_ZONES.items())
    rows = duckdb.sql(
        f"SELECT z.zone, count(*) / sum(count(*)) OVER (), avg(shot_made::INT), median(shot_distance)"
        f" FROM '{REAL}/*.parquet' s JOIN (VALUES {pairs}) z(name, zone) ON z.name = s.zone_basic"
        " GROUP BY 1"
    ).fetchall()
    return {name: figures for name, *figures in rows}


@needs_shots
@pytest.mark.parametrize("name", ZONES)
def test_a_zone_has_about_the_attempts_makes_and_distance_of_the_league(shots, league, name):
    there = [one for one in shots if one["zone"] == name]
    share, made, far = league[name]
    assert abs(len(there) / len(shots) - share) < 0.015
    assert abs(sum(one["made"] for one in there) / len(there) - made) < 0.03
    assert abs(median(one["distance_ft"] for one in there) - far) < 1.5
