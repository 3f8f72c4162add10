"""Is a file like those before it? Every kind of drift, and what is none."""

from random import Random

import pytest

from boxout.run.describe import as_text, describe, from_text, shape
from boxout.run.drift import Drift, compare

NEEDS = ("game", "player", "minutes", "share", "day", "team", "starter")
TEAMS = ("BOS", "NYK", "LAL", "PHX", "DEN", "MIA", "CHI", "GSW", "DAL", "UTA")


def night(seed: int = 1, rows: int = 40) -> dict[str, list[str | None]]:
    """The columns of a night's file."""
    draw = Random(seed)
    return {
        "game": [f"00220{draw.randrange(10**5):05}" for _ in range(rows)],
        "player": [f"Player {'abcdefgh'[: draw.randint(1, 8)]}" for _ in range(rows)],
        "minutes": [f"{draw.uniform(0, 40):.2f}" for _ in range(rows)],
        "share": [f"{draw.uniform(0.1, 0.9):.3f}" for _ in range(rows)],
        "day": ["2026-02-03"] * rows,
        "team": [draw.choice(TEAMS) for _ in range(rows)],
        "starter": [draw.choice(("true", "false")) for _ in range(rows)],
    }


def compared(now, *before, needs=NEEDS) -> Drift:
    return compare(describe(now, {}), [describe(one, {}) for one in before], needs)


def with_values(column: str, change, rows: int = 40):
    """A later night in which every value of a column is changed."""
    made = night(2, rows)
    return made | {column: [change(value) for value in made[column]]}


def breaking(now, *before) -> list[tuple[str, str]]:
    return [(one.column, one.kind) for one in compared(now, *(before or (night(),))).breaking]


def test_a_night_like_those_before_it_has_no_difference():
    drift = compared(night(2), night(1), night(3))
    assert drift == Drift(2, (), "")


def test_without_a_file_before_it_nothing_was_compared_and_that_is_said():
    drift = compared(night())
    assert drift.compared == 0
    assert "nothing to compare with" in drift.not_compared


def test_with_too_few_rows_the_values_are_not_taken_for_compared():
    drift = compared(night(2, rows=4), night())
    assert drift.found == ()
    assert drift.not_compared == "its values: 4 rows found and 40 so far, at least 8 of both needed"


@pytest.mark.parametrize(
    ("column", "change", "kind"),
    [
        ("minutes", lambda v: str(60 * float(v)), "another unit"),
        ("minutes", lambda v: str(float(v) / 60), "another unit"),
        ("share", lambda v: str(100 * float(v)), "another unit"),
        ("minutes", lambda v: str(1000 * float(v)), "another unit"),
        ("minutes", lambda v: f"{int(float(v))}:{7:02}", "retyped"),
        ("player", lambda v: str(len(v)), "retyped"),
        ("starter", lambda v: "starting" if v == "true" else "from the bench", "retyped"),
        ("game", lambda v: v.removeprefix("00"), "another format"),
        ("game", lambda v: f"2026-{v}", "retyped"),
        ("day", lambda v: "02/03/2026", "another format"),
        ("team", lambda v: f"Team {v}", "another format"),
        ("minutes", lambda v: None, "always null"),
        ("team", lambda v: "", "always null"),
    ],
)
def test_what_breaks_a_needed_column_is_named(column, change, kind):
    assert breaking(with_values(column, change)) == [(column, kind)]


def test_both_sides_of_a_unit_are_told_with_the_factor():
    seconds = with_values("minutes", lambda v: str(60 * float(v)), rows=900)
    (one,) = compared(seconds, night(rows=900)).found
    assert one.found.endswith("(60 times as much)")
    assert float(one.needed) == pytest.approx(20, abs=2)


def test_a_column_that_nobody_needs_is_told_and_breaks_nothing():
    before, now = night(), with_values("minutes", lambda v: str(60 * float(v)))
    drift = compared(now, before, needs=("game",))
    assert [(one.column, one.is_breaking) for one in drift.found] == [("minutes", False)]
    assert drift.breaking == ()


def test_a_new_column_is_told_and_breaks_nothing():
    drift = compared(night(2) | {"arena": ["Garden"] * 40}, night())
    assert [(one.column, one.kind) for one in drift.found] == [("arena", "new column")]
    assert drift.breaking == ()


def test_nulls_where_none_were_are_told_and_break_nothing():
    now = night(2)
    now["minutes"][::3] = [None] * len(now["minutes"][::3])
    drift = compared(now, night())
    assert [(one.column, one.kind) for one in drift.found] == [("minutes", "newly null")]
    assert drift.breaking == ()


def test_a_column_that_was_often_null_may_be_null_in_a_short_file():
    before = night()
    before["starter"][::2] = [None] * 20
    assert breaking(with_values("starter", lambda v: None, rows=12), before) == []


def test_a_column_that_was_often_null_and_is_so_in_a_long_file_is_told():
    before = night()
    before["starter"][::2] = [None] * 20
    drift = compared(with_values("starter", lambda v: None), before)
    assert [(one.kind, one.is_breaking) for one in drift.found] == [("always null", False)]


def test_two_rows_without_a_value_are_no_drift():
    assert breaking(with_values("team", lambda v: None, rows=2)) == []


def test_a_column_that_is_gone_is_told_with_the_one_that_looks_like_it():
    now = night(2)
    now["min_played"] = now.pop("minutes")
    drift = compared(now, night(), needs=("game",))
    assert [str(one) for one in drift.found][:1] == ["minutes: renamed, min_played looks like it"]


def test_a_column_that_is_gone_and_like_no_other_is_said_to_be_gone():
    now = night(2)
    del now["player"]
    (one,) = compared(now, night(), needs=("game",)).found
    assert str(one) == "player: gone, no other column looks like it"


def test_a_column_that_not_every_file_had_is_not_missed():
    without = night(3)
    del without["player"]
    assert compared(without, night(), without, needs=("game",)).found == ()


def test_games_that_still_run_have_zeros_and_no_other_unit():
    draw = Random(5)
    now = with_values("minutes", lambda v: v if draw.random() < 0.3 else "0")
    assert compared(now, night()).found == ()


def box(seed: int, so_far: float = 1.0, **changed: float) -> dict[str, list[str | None]]:
    """A file of totals, of games of which that much has been played; some by another factor."""
    draw = Random(seed)
    typical = {"minutes": 240, "pts": 112, "fga": 90, "ast": 25, "reb": 44, "tov": 14}
    return {
        name: [
            f"{draw.gauss(mean, mean / 9) * so_far * changed.get(name, 1):.4f}" for _ in range(20)
        ]
        for name, mean in typical.items()
    }


def test_a_file_of_the_first_minutes_has_less_of_everything_and_no_other_unit():
    drift = compared(box(2, so_far=1 / 28), box(1), needs=tuple(box(1)))
    assert drift.breaking == ()


def test_the_file_after_one_of_the_first_minutes_has_more_of_everything_and_no_other_unit():
    drift = compared(box(2), box(1, so_far=1 / 28), needs=tuple(box(1)))
    assert drift.breaking == ()


@pytest.mark.parametrize("so_far", [1, 1 / 28])
def test_minutes_in_seconds_are_another_unit_however_far_the_games_have_come(so_far):
    drift = compared(box(2, so_far, minutes=60), box(1), needs=tuple(box(1)))
    assert [one.column for one in drift.breaking] == ["minutes"]


def test_zeros_alone_are_no_other_unit():
    assert compared(with_values("minutes", lambda v: "0"), night()).found == ()


def test_numbers_for_true_and_false_are_no_other_type():
    assert breaking(with_values("starter", lambda v: "1" if v == "true" else "0")) == []


def test_a_scale_whose_quartiles_move_apart_is_no_unit():
    now = with_values("minutes", lambda v: str(float(v) ** 3))
    assert breaking(now) == []


def test_a_column_by_another_name_in_the_file_is_told():
    now = describe(night(2), {"minutes": "mins"})
    (one,) = compare(now, [describe(night(), {})], NEEDS).found
    assert str(one) == "minutes: renamed, called mins in the file, so far minutes"
    assert not one.is_breaking


def test_a_description_comes_back_as_it_was_kept_but_for_the_shapes_of_free_text():
    seen = describe(night(), {})
    kept = from_text(as_text(seen))
    assert kept["game"] == seen["game"]
    assert kept["minutes"].quartiles == seen["minutes"].quartiles
    assert compare(describe(night(2), {}), [kept], NEEDS).found == ()


@pytest.mark.parametrize(
    ("value", "form"), [("0022", "9999"), ("Jokić 1", "aaaaa 9"), ("1-a_b", "9-a_a")]
)
def test_a_shape_has_nines_for_digits_and_as_for_letters(value, form):
    assert shape(value) == form


@pytest.mark.parametrize("value", ["nan", "inf", "1_000", "1e999"])
def test_what_is_no_finite_number_is_text(value):
    assert describe({"x": [value]}, {})["x"].numbers == 0
