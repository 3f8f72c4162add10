"""Simulated nights look like basketball, add up to the last second, and are the same every time."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from statistics import mean, median

import pytest

from boxout.model.outcomes import Done
from boxout.run import run
from boxout_nba.predicates import COUNTED
from boxout_nba.simulator import (
    gamebook_rows,
    late_games,
    play,
    schedule_rows,
    simulate_night,
    simulate_season,
    team_rows,
)
from boxout_nba.simulator.season import BREAK_DAYS, BREAK_FROM

SEED = 7
FIRST = "2025-10-21"
DAY = "2026-02-03"
REGULATION_S = 48 * 60


def simulated(game, seed=SEED, **stop):
    return play(seed, game.away, game.home, game.game_id, **stop)


@pytest.fixture(scope="module")
def season():
    return simulate_season(SEED, FIRST)


@pytest.fixture(scope="module")
def final(season):
    return [game for game in season if game.status == "final"]


@pytest.fixture(scope="module")
def boxes(final):
    return [simulated(game) for game in final[:400]]


@pytest.fixture(scope="module")
def sides(boxes):
    return [(box, side) for box in boxes for side in (box.away, box.home)]


@pytest.fixture(scope="module")
def lines(sides):
    return [(box, side, line) for box, side in sides for line in side.lines if line.is_used]


def test_a_night_with_overtime_goes_public_whole(world):
    nights = (simulate_night(SEED, f"2026-02-{day:02}") for day in range(1, 29))
    night = next(n for n in nights if any(simulated(g).seconds > REGULATION_S for g in n))
    world.schedule(night)
    world.gamebook(night)
    world.team_box(night)
    asked = set(world.engine.graph.processors)
    outcomes = run(world.engine, night[0].game_date, night[0].game_date, asked).outcomes
    assert len(outcomes) == len(night)
    assert {type(one) for one in outcomes.values()} == {Done}
    played = world.public("SELECT max(overtime_periods) AS most FROM team_offense_game_summary")
    assert played[0]["most"] >= 1


def test_a_game_is_the_same_every_time_and_another_one_from_another_seed(final):
    first, again, other = simulated(final[0]), simulated(final[0]), simulated(final[0], seed=8)
    assert gamebook_rows("g", first) == gamebook_rows("g", again)
    assert team_rows("g", first) != team_rows("g", other)


def test_a_season_is_the_same_every_time_and_another_one_from_another_seed(season):
    assert simulate_season(SEED, FIRST) == season
    assert simulate_season(8, FIRST) != season


def test_a_capture_shows_what_the_whole_game_had_shown_until_then(final):
    whole = [simulated(final[0], periods_max=n) for n in (0, 1, 2, 3, 4)]
    assert [box.seconds for box in whole] == [0, 720, 1440, 2160, 2880]
    totals = [[box.home.total(stat) for stat in COUNTED] for box in (*whole, simulated(final[0]))]
    for earlier, later in pairwise(totals):
        assert all(a <= b for a, b in zip(earlier, later, strict=True))


def test_a_capture_within_a_period_is_a_game_so_far(final):
    early, half = simulated(final[0], seconds_max=90), simulated(final[0], periods_max=2)
    assert 90 <= early.seconds < 120
    assert early.home.total("fga") < half.home.total("fga")
    assert sum(line.seconds for line in early.home.lines) == 5 * early.seconds


def test_at_tip_off_nobody_has_played(final):
    rows = gamebook_rows("g", simulated(final[0], periods_max=0))
    assert {row["status"] for row in rows} <= {"dnp", "inactive"}
    assert {row["pts"] for row in team_rows("g", simulated(final[0], periods_max=0))} == {0}


def test_the_five_on_court_share_every_second_and_every_point(sides):
    for box, side in sides:
        assert sum(line.seconds for line in side.lines) == 5 * box.seconds
        assert sum(line.plus_minus for line in side.lines) == 5 * side.margin


def test_every_line_adds_up(lines):
    for _, _, line in lines:
        assert line.pts == 2 * line.fgm + line.fg3m + line.ftm
        assert line.fg3m <= line.fgm <= line.fga
        assert line.fg3m <= line.fg3a <= line.fga
        assert line.ftm <= line.fta


def test_a_game_has_a_winner_after_four_periods_and_as_many_overtimes_as_it_takes(boxes):
    assert {(box.seconds - REGULATION_S) % 300 for box in boxes} == {0}
    assert all(box.home.margin == -box.away.margin != 0 for box in boxes)
    assert 0.01 < mean(box.seconds > REGULATION_S for box in boxes) < 0.1


def test_starters_play_28_to_38_minutes_as_a_rule(sides):
    minutes = [
        line.seconds / 60
        for box, side in sides
        if box.seconds == REGULATION_S
        for line in side.starters
    ]
    assert 31 < median(minutes) < 35
    assert mean(27 <= one <= 38.5 for one in minutes) > 0.9
    assert max(minutes) < 45


def test_eight_to_ten_players_are_used_as_a_rule(sides):
    used = [sum(line.is_used for line in side.lines) for _, side in sides]
    assert min(used) >= 8
    assert mean(8 <= one <= 10 for one in used) > 0.85


def test_nobody_has_an_absurd_usage_and_short_stints_are_rare(lines):
    usages = [
        100 * (x.fga + 0.44 * x.fta + x.tov) * box.seconds / (x.seconds * plays(side))
        for box, side, x in lines
        if x.seconds >= 300
    ]
    assert max(usages) < 70
    assert 18 < median(usages) < 21
    assert mean(line.seconds < 120 for _, _, line in lines) < 0.02


def plays(side):
    return side.total("fga") + 0.44 * side.total("fta") + side.total("tov")


def test_nobody_has_more_than_six_fouls_and_some_foul_out(lines):
    fouls = Counter(line.pf for _, _, line in lines)
    assert max(fouls) == 6


@pytest.mark.parametrize(
    ("stat", "low", "high"),
    [("pts", 105, 122), ("fga", 84, 93), ("fg3a", 31, 40), ("fta", 18, 26), ("oreb", 8, 13),
     ("dreb", 30, 37), ("ast", 22, 29), ("stl", 6, 9), ("blk", 4, 6), ("tov", 11, 16), ("pf", 17, 23)],
)  # fmt: skip
def test_a_team_does_in_a_game_about_what_teams_do(sides, stat, low, high):
    assert low < mean(side.total(stat) for _, side in sides) < high


def test_who_did_not_play_has_a_reason_and_no_numbers(final, boxes):
    rows = [row for box in boxes[:60] for row in gamebook_rows("g", box)]
    absent = [row for row in rows if row["status"] != "active"]
    assert all(row["dnp_reason"] for row in absent)
    assert {row[stat] for row in absent for stat in (*COUNTED, "minutes", "plus_minus")} == {None}
    reasons = " ".join({row["dnp_reason"] for row in absent})
    for reason in ("Injury", "Rest", "Personal", "Suspension", "Coach's Decision"):
        assert reason in reasons


def test_five_start_and_all_of_them_have_played(boxes):
    for box in boxes[:60]:
        starters = [row for row in gamebook_rows("g", box) if row["starter"] == "true"]
        assert len(starters) == 10
        assert {row["status"] for row in starters} == {"active"}


@pytest.mark.parametrize("seed", range(3))
def test_every_team_plays_about_as_often_as_the_others_and_as_often_at_home(seed):
    games = [g for g in simulate_season(seed, FIRST) if g.status == "final"]
    assert len(games) == 1230
    played = Counter(team for game in games for team in (game.away, game.home))
    at_home = Counter(game.home for game in games)
    assert len(played) == 30
    assert all(80 <= number <= 84 for number in played.values())
    assert all(38 <= number <= 44 for number in at_home.values())


def test_no_team_plays_twice_on_a_date(final):
    for day in {game.game_date for game in final}:
        night = [game for game in final if game.game_date == day]
        assert len({team for g in night for team in (g.away, g.home)}) == 2 * len(night)


def test_a_postponed_game_is_played_later_with_its_teams_and_its_league_id(season):
    postponed = [game for game in season if game.status == "postponed"]
    assert postponed
    for game in postponed:
        (again,) = [g for g in season if g.number == game.number and g.status == "final"]
        assert again.game_date > game.game_date
        assert (again.away, again.home) == (game.away, game.home)
        before, after = schedule_rows([game, again])
        assert before["nba_game_id"] == after["nba_game_id"]
        assert before["game_id"] != after["game_id"]


def test_final_games_have_a_league_id_each(final):
    assert len({row["nba_game_id"] for row in schedule_rows(final)}) == len(final)


def test_games_of_two_nights_have_different_league_ids():
    rows = schedule_rows([*simulate_night(SEED, DAY), *simulate_night(SEED, "2026-02-04")])
    assert len({row["nba_game_id"] for row in rows}) == len(rows)


def test_nobody_plays_in_the_all_star_break(season):
    begins = date.fromisoformat(FIRST) + timedelta(BREAK_FROM)
    empty = {(begins + timedelta(n)).isoformat() for n in range(BREAK_DAYS)}
    assert empty & {game.game_date for game in season} == set()
    assert max(game.game_date for game in season) > max(empty)


def test_some_games_come_late_and_they_are_the_same_ones_every_time(season, final):
    late = late_games(SEED, season)
    assert late == late_games(SEED, final)
    assert 0 < len(late) < len(final) / 5
    assert late_games(SEED, final, share=0) == []
    assert late_games(SEED, final, share=1) == final


def test_a_late_game_in_the_west_belongs_to_the_date_of_its_tip_off_in_new_york(final):
    games = [game for game in final if game.home == "LAL"]
    for game, row in zip(games, schedule_rows(games), strict=True):
        assert row["game_date"] == game.game_date
        assert row["tipoff_utc"][:10] > game.game_date


def test_a_small_season_has_as_many_games_as_asked_for():
    assert len([g for g in simulate_season(3, FIRST, games=40) if g.status == "final"]) == 40
