"""What cannot be established is null, and null is no answer: no shortcut of SQL makes it one."""

from pathlib import Path

import duckdb
import pytest

import boxout_nba
from boxout import ibis
from boxout_nba import formulas
from boxout_nba.predicates import lesser_of, minutes_off
from boxout_nba.travel import Spot, miles

NOTHING = ibis.null("float64")


def value(expression):
    return duckdb.sql(str(ibis.to_sql(expression.name("x"), dialect="duckdb"))).fetchall()[0][0]


def test_no_rate_of_a_player_without_minutes_is_a_number():
    one = ibis.literal(1.0)
    rates = (
        formulas.rebound_pct(one, one, NOTHING, one),
        formulas.assist_pct(one, one, NOTHING, one, one),
        formulas.steal_pct(one, NOTHING, one, one),
        formulas.block_pct(one, NOTHING, one, one),
        formulas.turnover_pct(NOTHING, one, one),
    )
    assert [value(rate) for rate in rates] == [None] * len(rates)


def test_the_way_to_a_place_that_is_not_known_has_no_length():
    here = Spot(ibis.literal(40.0), ibis.literal(-74.0), ibis.literal(-5.0))
    assert value(miles(here, Spot(NOTHING, NOTHING, NOTHING))) is None
    assert value(miles(here, here)) == 0


def test_the_way_from_boston_to_los_angeles_is_as_long_as_it_is():
    boston = Spot(ibis.literal(42.3662), ibis.literal(-71.0621), NOTHING)
    los_angeles = Spot(ibis.literal(34.0430), ibis.literal(-118.2673), NOTHING)
    assert value(miles(boston, los_angeles)) == pytest.approx(2592, abs=5)


def test_the_lesser_of_a_number_and_nothing_is_nothing():
    assert value(lesser_of(ibis.literal(3.0), NOTHING)) is None
    assert value(lesser_of(NOTHING, ibis.literal(3.0))) is None
    assert value(lesser_of(ibis.literal(2.0), ibis.literal(3.0))) == 2


def test_minutes_of_a_game_with_one_team_alone_are_not_known_to_be_right():
    rows = ibis.table({"game_id": "string", "team": "string", "minutes": "float64"}, name="rows")
    sql = str(ibis.to_sql(rows.aggregate(x=minutes_off(rows)), dialect="duckdb"))
    given = "WITH rows AS (SELECT '2026-02-03/BOS@LAL' game_id, 'BOS' team, 240.0 AS minutes) "
    assert duckdb.sql(given + sql).fetchall() == [(None,)]


def off(minutes: float) -> float:
    """By how much the minutes of two teams with so many each are off."""
    rows = ibis.table({"game_id": "string", "team": "string", "minutes": "float64"}, name="rows")
    sql = str(ibis.to_sql(rows.aggregate(x=minutes_off(rows)), dialect="duckdb"))
    teams = ", ".join(
        f"('2026-02-03/BOS@LAL', '{team}', {minutes}::DOUBLE)" for team in ("BOS", "LAL")
    )
    given = f"WITH rows AS (SELECT * FROM (VALUES {teams}) t(game_id, team, minutes)) "
    return duckdb.sql(given + sql).fetchall()[0][0]


@pytest.mark.parametrize("overtimes", range(7))
def test_the_minutes_of_a_game_with_up_to_six_overtimes_are_right(overtimes):
    assert off(240 + 25 * overtimes) == 0


@pytest.mark.parametrize("overtimes", range(7))
@pytest.mark.parametrize("scale", [60, 1 / 60, 2, 1000])
def test_minutes_on_another_scale_are_off_by_far_more_than_is_let_pass(overtimes, scale):
    assert off((240 + 25 * overtimes) * scale) > 40


def test_a_seventh_overtime_is_a_person_s_word_and_not_a_rounding():
    assert off(240 + 25 * 7) == 25


def test_the_domain_does_not_use_what_passes_over_nulls():
    files = sorted(Path(boxout_nba.__file__).parent.rglob("*.py"))
    assert len(files) > 20
    assert [
        f.name for f in files if "ibis.least" in f.read_text() or "ibis.greatest" in f.read_text()
    ] == []
