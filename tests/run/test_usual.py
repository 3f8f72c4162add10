"""Scores: what far means, for honest values and for the ones that a fault makes."""

import numpy as np
import pytest

from boxout.run.profiles import EXPOSURE, ROWS
from boxout.run.usual import of_each, of_slate, steps, usual

NAMES = ("blk: mean", ROWS)
MIN = 30


def members(*columns: np.ndarray) -> np.ndarray:
    return np.column_stack(columns)


def normal(count: int = 240, seed: int = 7) -> np.ndarray:
    return members(np.random.default_rng(seed).normal(10, 2, count), np.full(count, 24.0))


def score(found, value: float, step: float = 0.0) -> float:
    return of_each(found, np.array([[value, 24.0]]), np.array([[step, 1.0]]), MIN).scores[0, 0]


def test_a_score_is_a_distance_in_standard_deviations() -> None:
    assert score(usual(normal(), NAMES), 30) == pytest.approx(10, abs=1.5)


def test_a_tenth_of_wrong_members_moves_no_score_far() -> None:
    found = normal()
    found[:20, 0] = 500
    assert score(usual(found, NAMES), 30) > 7


def test_one_more_than_always_the_same_is_one_step_and_no_alarm() -> None:
    found = usual(members(np.zeros(240), np.full(240, 24.0)), NAMES)
    assert score(found, 1 / 24, step=1 / 24) == pytest.approx(1)
    assert score(found, 1.0, step=1 / 24) == pytest.approx(24)


def test_another_number_where_it_was_always_the_same_is_far() -> None:
    found = usual(members(np.zeros(240), np.full(240, 24.0)), NAMES)
    assert score(found, 0.5) > 1000
    assert score(found, 0.0) == 0


def test_too_few_members_that_know_it_judge_nothing() -> None:
    found = normal()
    found[MIN - 1 :, 0] = np.nan
    assert np.isnan(score(usual(found, NAMES), 1e6))


def test_a_value_that_is_not_known_is_not_judged() -> None:
    assert np.isnan(score(usual(normal(), NAMES), np.nan))


def test_a_skewed_count_is_farther_below_than_above() -> None:
    skewed = np.random.default_rng(1).exponential(5, 240)
    found = usual(members(skewed, np.full(240, 24.0)), NAMES)
    assert abs(score(found, float(found.centre[0]) - 10)) > score(
        found, float(found.centre[0]) + 10
    )


def test_a_slate_sees_what_no_game_of_it_shows() -> None:
    values = np.column_stack([np.full(10, 4.0), np.full(10, 24.0)])
    found, step = usual(normal(), NAMES), np.zeros((10, 2))
    assert abs(of_each(found, values, step, MIN).scores[0, 0]) < 4
    assert of_slate(found, values, step, MIN).scores[0, 0] < -7


def test_a_statistic_that_one_partition_lacks_is_not_judged_for_the_slate() -> None:
    values = np.array([[4.0, 24.0], [np.nan, 24.0]])
    assert np.isnan(of_slate(usual(normal(), NAMES), values, np.zeros((2, 2)), MIN).scores[0, 0])


def test_a_step_is_one_more_in_one_row() -> None:
    names = (ROWS, EXPOSURE, "blk: null share", "blk: per minutes", "blk: max", "pct: mean")
    values = np.array([[20.0, 480.0, 0, 0, 0, 0]])
    (found,) = steps(names, frozenset({"blk"}), values, np.zeros(6))
    assert found.tolist() == [1, 0, 1 / 20, 1 / 480, 1, 0]
    (found,) = steps(names, frozenset({"blk"}), values, np.full(6, 30.0))
    assert found[0] == 4


def test_a_statistic_wavers_with_the_spread_of_its_rows() -> None:
    names = (ROWS, "pct: mean", "pct: spread", "pct: p50")
    values = np.array([[25.0, 0, 0, 0]])
    (found,) = steps(names, frozenset(), values, np.array([25.0, 0.0, 10.0, 0.0]))
    assert found.tolist() == [3.5, 2, 2, 5]
