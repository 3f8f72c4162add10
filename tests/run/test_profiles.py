"""The profile of rows, against the same numbers counted one by one."""

import math
import statistics

import pyarrow
from hypothesis import given, settings
from hypothesis import strategies as st

from boxout.model import Profile, Scheme, Statistic, Table, count, every_row, number, source, text
from boxout.run.profiles import measure

TABLE: Table = source(
    "lines",
    one_row_per="player",
    scheme=Scheme("game", "game"),
    key=("game", "who"),
    columns=(
        text("game", "its key"),
        text("who", "the player", null="nobody's"),
        count("blk", "blocks", null="did not play"),
        number("minutes", "on court"),
    ),
    checks=(every_row("there", lambda t: t.game.notnull()),),
)
PROFILE = Profile("minutes", (Statistic("blocks per game", lambda t: 48 * t.blk / t.minutes),))
ROW = st.tuples(
    st.sampled_from(["b", "a", "c"]),
    st.sampled_from(["x", "y", None]),
    st.none() | st.integers(0, 3),
    st.floats(0.5, 48),
)


def profile(rows: list[tuple], declared: Profile = PROFILE) -> dict[str, dict[str, float]]:
    """Statistic to value, by partition."""
    names = ("game", "who", "blk", "minutes")
    types = ("string", "string", "int64", "double")
    columns = [pyarrow.array([row[at] for row in rows], of) for at, of in enumerate(types)]
    found = measure(TABLE, declared, pyarrow.table(dict(zip(names, columns, strict=True))))
    return {
        one: dict(zip(found.names, found.values[at].tolist(), strict=True))
        for at, one in enumerate(found.partitions)
    }


def same(ours: float, slow: float) -> bool:
    return math.isclose(ours, slow, abs_tol=1e-6) or (math.isnan(ours) and math.isnan(slow))


@settings(deadline=None)
@given(st.lists(ROW, min_size=1, max_size=40))
def test_it_is_what_is_counted_the_slow_way(rows: list[tuple]) -> None:
    found = profile(rows)
    assert list(found) == sorted({row[0] for row in rows})
    for game, ours in found.items():
        mine = [row for row in rows if row[0] == game]
        blocks = sorted(row[2] for row in mine if row[2] is not None)
        minutes = sum(row[3] for row in mine)
        slow = {
            ": rows": len(mine),
            ": exposure": minutes,
            "who: distinct": len({row[1] for row in mine} - {None}),
            "who: null share": sum(row[1] is None for row in mine) / len(mine),
            "blk: null share": 1 - len(blocks) / len(mine),
            "blk: zero share": blocks.count(0) / len(blocks) if blocks else math.nan,
            "blk: per minutes": sum(blocks) / minutes if blocks else math.nan,
            "blk: spread": statistics.pstdev(blocks) if blocks else math.nan,
            "blk: max": max(blocks, default=math.nan),
            "blk: p50": blocks[max(0, math.ceil(len(blocks) / 2) - 1)] if blocks else math.nan,
            ": blocks per game": 48 * sum(blocks) / minutes,
        }
        assert [name for name, value in slow.items() if not same(ours[name], value)] == []


def test_nulls_of_what_comes_late_are_not_counted() -> None:
    declared = Profile("minutes", comes_late=frozenset({"blk"}), leaves_out=frozenset({"who"}))
    (found,) = profile([("a", "x", None, 1.0)], declared).values()
    assert "blk: null share" not in found
    assert not any(name.startswith("who") for name in found)
    assert math.isnan(found["blk: per minutes"])


def test_of_a_column_whose_values_may_be_far_out_only_quantiles_are_there() -> None:
    (found,) = profile([("a", "x", 2, 1.0)], Profile(far_out=frozenset({"blk"}))).values()
    mine = {name for name in found if name.startswith("blk")}
    assert mine == {"blk: null share", "blk: zero share", "blk: p50", "blk: p90"}


def test_a_formula_that_divides_by_nothing_is_not_known() -> None:
    (found,) = profile([("a", "x", 2, 0.0)]).values()
    assert math.isnan(found[": blocks per game"])
    assert math.isnan(found["blk: per minutes"])
