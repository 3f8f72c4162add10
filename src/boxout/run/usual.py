"""What is usual: centre and spread of accepted partitions, and how far another one lies from them.

The centre is the median. The spread is told on each side of it by quantiles, which a tenth of wrong
members does not move far and which follow a skewed count. It is never less than the step in which
the statistic can move, than what the rows of a partition alone let it waver, nor than a fiftieth of
the centre. NaN is not known, and judges nothing.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from boxout.deferred import deferred
from boxout.run.profiles import EXPOSURE, ROWS

np = deferred("numpy")

OF_CENTRE: Final = 0.02
"""The share of the centre below which no spread is believed."""

OF_NIGHTS: Final = 0.25
"""By how many spreads of single partitions whole dates and seasons lie apart, honestly."""

LEAST: Final = 1e-9

_QUARTER, _TENTH = 0.6745, 1.2816
"""Where a quarter and a tenth of a normal distribution lie beyond, in standard deviations."""

_CLIPPED = 5
_MOMENTS = {"mean", "spread"}
_OF_COUNT = 0.1
"""The share of the rows, or of the different values, by which their number wavers."""

_FAR_OUT = {"p50": 0.2, "p90": 0.6}
"""How far a quantile of a column wavers whose far values are not judged, as a share of its p90.

Of some twenty rows the second highest may be one that honestly is anything.
"""

_OF_ROWS = {"mean": 1, "spread": 1, "p10": 0.5, "p50": 0.5, "p90": 0.5, "max": 1}
"""How far a statistic wavers, in spreads of the rows."""


class Usual(NamedTuple):
    """Of each statistic: the centre, the spread below and above it, and how many members know it.

    `mean` and `deviation` are those of the members after the far ones were brought near: what a
    mean over several partitions is held against.
    """

    centre: Any
    below: Any
    above: Any
    known: Any
    mean: Any
    deviation: Any


class Scored(NamedTuple):
    """One row for each partition or slate that was judged, one column for each statistic."""

    values: Any
    centre: Any
    spread: Any
    scores: Any


def usual(members: Any, names: Sequence[str]) -> Usual:
    """Centre and spread of a matrix with a row for each member; the exposure is not judged."""
    known = (~np.isnan(members)).sum(axis=0) * np.array([name != EXPOSURE for name in names])
    members = np.sort(members, axis=0)
    tenth, quarter, centre, three, nine = (
        _at(members, known, share) for share in (0.1, 0.25, 0.5, 0.75, 0.9)
    )
    below = np.maximum((centre - quarter) / _QUARTER, (centre - tenth) / _TENTH)
    above = np.maximum((three - centre) / _QUARTER, (nine - centre) / _TENTH)
    near = np.clip(members, centre - _CLIPPED * below, centre + _CLIPPED * above)
    count = np.maximum(known, 1)
    mean = np.nansum(near, axis=0) / count
    deviation = np.sqrt(np.nansum((near - mean) ** 2, axis=0) / count)
    return Usual(centre, below, above, known, mean, deviation)


def _at(ordered: Any, known: Any, share: float) -> Any:
    """The value at a share of the known ones, which come first."""
    nth = np.round(share * np.maximum(known - 1, 0)).astype(int)
    return np.take_along_axis(ordered, nth[None, :], axis=0)[0]


class _Steps(NamedTuple):
    """Of each statistic: what one step is divided by, and whose spread it wavers with, how far."""

    per_row: Any
    per_unit: Any
    whole: Any
    spread_at: Any
    times: Any
    is_moment: Any
    is_count: Any


@cache
def _layout(names: tuple[str, ...], whole: frozenset[str]) -> _Steps:
    at = {name: n for n, name in enumerate(names)}
    split = [name.partition(": ")[::2] for name in names]
    per_row = [s.endswith(" share") or (c in whole and s in _MOMENTS) for c, s in split]
    per_unit = [s.startswith("per ") for _, s in split]
    is_whole = [
        (c in whole or s in {"distinct", "rows"}) and s not in _MOMENTS and not s.endswith(" share")
        for c, s in split
    ]
    spread_at = [at.get(f"{c}: spread", at.get(f"{c}: p90", 0)) for c, _ in split]
    is_far_out = [f"{c}: spread" not in at and f"{c}: p90" in at for c, _ in split]
    times = [
        _FAR_OUT.get(s, 0.0) if is_far else _OF_ROWS.get(s, 0.0) * (f"{c}: spread" in at)
        for (c, s), is_far in zip(split, is_far_out, strict=True)
    ]
    moments = [s in _MOMENTS for _, s in split]
    counts = [s in {"distinct", "rows"} for _, s in split]
    kept = (per_row, per_unit, is_whole, spread_at, times, moments, counts)
    return _Steps(*(np.array(of) for of in kept))


def steps(names: tuple[str, ...], whole: frozenset[str], values: Any, centre: Any) -> Any:
    """By how much each statistic of each partition moves for no other reason than its rows.

    One more in one row; or, from how the rows of the members spread, the error of so few of them.
    """
    of = _layout(names, whole)
    rows = np.maximum(values[:, [names.index(ROWS)]], 1)
    exposure = values[:, [names.index(EXPOSURE)]] if EXPOSURE in names else rows
    counts = of.is_count * _OF_COUNT * np.abs(np.nan_to_num(centre))
    one = (
        counts + of.per_row / rows + of.per_unit / np.fmax(exposure, 1) + (of.whole & ~of.per_unit)
    )
    wavers = of.times * np.nan_to_num(centre[of.spread_at])
    return np.maximum(one, np.where(of.is_moment, wavers / np.sqrt(rows), wavers))


def of_each(found: Usual, values: Any, step: Any, members_min: int) -> Scored:
    """Every partition by itself."""
    away = values - found.centre
    spread = np.where(away < 0, found.below, found.above)
    spread = np.maximum(np.maximum(spread, step), OF_CENTRE * np.abs(found.centre))
    return _scored(found, values, found.centre, spread, members_min)


def of_slate(found: Usual, values: Any, step: Any, members_min: int) -> Scored:
    """The mean over the partitions of one date, with the error of so small a sample.

    Only what is known of every one of them: the mean of some is another thing.
    """
    size = len(values)
    mean = values.mean(axis=0, keepdims=True)
    single = np.maximum(found.deviation, step.mean(axis=0))
    spread = single * np.sqrt(1 / size + 1 / np.maximum(found.known, 1) + OF_NIGHTS**2)
    return _scored(found, mean, found.mean, spread[None, :], members_min)


def _scored(found: Usual, values: Any, centre: Any, spread: Any, members_min: int) -> Scored:
    """A statistic that was always the same, to the last digit, still has a spread."""
    spread = np.maximum(spread, LEAST)
    scores = np.where(found.known >= members_min, (values - centre) / spread, np.nan)
    return Scored(values, np.broadcast_to(centre, scores.shape), spread, scores)
