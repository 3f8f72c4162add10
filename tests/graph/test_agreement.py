"""Two values agree, do not, or it is not known: null and NaN are never a yes."""

from math import inf, nan

import duckdb
import pytest

from boxout import Agreement, exactly_equal, ibis, within


def answer(agreement: Agreement) -> bool | None:
    sql = str(ibis.to_sql(agreement.predicate.name("x"), dialect="duckdb"))
    return duckdb.sql(sql).fetchall()[0][0]


def decimal(value: float | None):
    number = ibis.literal(0.0 if value is None else value, "float64")
    return number.nullif(0.0) if value is None else number


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [(240, 240, True), (240, 242, True), (242, 240, True), (240, 242.1, False),
     (None, 240, None), (240, None, None), (None, None, None),
     (nan, 240, False), (nan, nan, False), (inf, inf, False)],
)  # fmt: skip
def test_numbers_agree_within_a_tolerance_both_ways(one, other, told):
    assert answer(within(decimal(one), decimal(other), 2, "minutes")) is told


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [(100.5, 100, True), (99.6, 100, True), (100.6, 100, False), (-100.5, -100, True),
     (0, 0, None), (1, 0, None), (None, 100, None), (100, None, None), (nan, 100, False)],
)  # fmt: skip
def test_a_tolerance_in_percent_is_a_share_of_the_other_and_of_zero_nothing_is_known(
    one, other, told
):
    assert answer(within(decimal(one), decimal(other), 0.5, "%")) is told


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [(1, 1, True), (1, 1.0000001, False), (None, 1, None), (1, None, None), (None, None, None),
     (nan, nan, False), (nan, 1, False)],
)  # fmt: skip
def test_decimal_numbers_are_equal_to_the_last_digit_and_what_is_no_number_equals_nothing(
    one, other, told
):
    assert answer(exactly_equal(decimal(one), decimal(other))) is told


def test_whole_numbers_and_texts_are_equal_or_not():
    assert answer(exactly_equal(ibis.literal(3), ibis.literal(3))) is True
    assert answer(exactly_equal(ibis.literal(3), ibis.literal(4))) is False
    assert answer(exactly_equal(ibis.literal("a"), ibis.literal("a"))) is True
    assert answer(exactly_equal(ibis.literal("b").nullif("b"), ibis.literal("a"))) is None


@pytest.mark.parametrize(
    ("tolerance", "unit", "told"),
    [(0, "", "all equal expected"), (2, "minutes", "all within 2 minutes expected"),
     (0.5, "%", "all within 0.5 % expected"), (1e-9, "", "all within 1e-09 expected")],
)  # fmt: skip
def test_it_says_how_near_is_near_enough(tolerance, unit, told):
    assert within(decimal(1), decimal(1), tolerance, unit).needed == told
