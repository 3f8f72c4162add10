"""The profile of a version: statistics of its rows by partition, from one read of its columns.

Nothing here asks a store. Rows are brought in the order of their partitions once; sums are taken
over the runs, quantiles after sorting each column inside each run.
"""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from boxout.deferred import deferred
from boxout.model import Column, Profile, Table

np = deferred("numpy")

COUNTED: Final = frozenset({"int64", "float64", "boolean"})
QUANTILES: Final = {"p10": 0.1, "p50": 0.5, "p90": 0.9, "max": 1.0}
ROWS: Final = ": rows"
EXPOSURE: Final = ": exposure"
_CELLS_MAX: Final = 8_000_000
"""Cells that are sorted at once, so that one long partition does not fill the memory."""


class Measured(NamedTuple):
    """What was measured: a row of `values` per partition, a column per name; NaN is not known.

    A name is `column: statistic`; what is of no one column has nothing before the colon.
    """

    partitions: Sequence[str]
    names: tuple[str, ...]
    values: Any


def columns_of(table: Table, profile: Profile) -> list[Column]:
    """The columns that have statistics; the partition's own name is none of them."""
    skipped = {*profile.leaves_out, table.scheme.column}
    read = (c for c in table.columns if c.dtype in COUNTED or c.dtype == "string")
    return [column for column in read if column.name not in skipped]


def measure(table: Table, profile: Profile, rows: Any) -> Measured:
    """The statistics of every partition in an Arrow table of a version's columns."""
    runs = _Runs(rows.column(table.scheme.column))
    columns = columns_of(table, profile)
    numeric = [column for column in columns if column.dtype in COUNTED]
    found: dict[str, Any] = {ROWS: runs.lengths.astype(float)}
    if numeric and runs.partitions:
        matrix = np.column_stack([_floats(rows.column(c.name)) for c in numeric])[runs.order]
        found |= _of_numbers(runs, numeric, profile, matrix)
    for column in columns:
        if column.dtype == "string":
            found |= _of_texts(runs, column, profile, rows.column(column.name))
    return Measured(runs.partitions, tuple(found), np.column_stack(list(found.values())))


class _Runs:
    """The rows of each partition, one after the other."""

    def __init__(self, partitions: Any) -> None:
        coded = partitions.combine_chunks().dictionary_encode()
        codes = coded.indices.to_numpy(zero_copy_only=False)
        names = coded.dictionary.to_pylist()
        rank = np.argsort(np.array(names, dtype=object)) if names else np.array([], dtype=int)
        place = np.empty(len(names), dtype=int)
        place[rank] = np.arange(len(names))
        self.codes = place[codes] if len(codes) else np.array([], dtype=int)
        self.order = np.argsort(self.codes, kind="stable")
        self.partitions: list[str] = [names[at] for at in rank]
        self.lengths = np.bincount(self.codes, minlength=len(names))
        self.starts = np.cumsum(self.lengths) - self.lengths

    def sums(self, matrix: Any) -> Any:
        """By partition, of a matrix in this order."""
        return np.add.reduceat(matrix, self.starts, axis=0)


def _floats(column: Any) -> Any:
    """A column as numbers, NaN where it is null; false is 0 and true is 1."""
    return column.cast("double" if str(column.type) != "bool" else "int8").to_numpy().astype(float)


def _of_numbers(
    runs: _Runs, columns: Sequence[Column], profile: Profile, matrix: Any
) -> dict[str, Any]:
    is_null = np.isnan(matrix)
    filled = np.where(is_null, 0.0, matrix)
    rows = runs.lengths[:, None]
    there = rows - runs.sums(is_null.astype(float))
    sums = runs.sums(filled)
    known = np.where(there > 0, there, np.nan)
    mean = sums / known
    spread = np.sqrt(np.maximum(runs.sums(filled * filled) / known - mean * mean, 0))
    zero = (there - runs.sums((filled != 0).astype(float))) / known
    by_column = {c.name: sums[:, at] for at, c in enumerate(columns)}
    of = {"null share": 1 - there / rows, "zero share": zero, "mean": mean, "spread": spread}
    of |= _quantiles(runs, matrix, there)
    found: dict[str, Any] = {}
    if profile.exposure is not None:
        found[EXPOSURE] = by_column[profile.exposure]
        units = np.where(found[EXPOSURE] > 0, found[EXPOSURE], np.nan)[:, None]
        of[f"per {profile.exposure}"] = np.where(there > 0, sums, np.nan) / units
    for at, column in enumerate(columns):
        found |= {f"{column.name}: {name}": of[name][:, at] for name in _named(column, profile)}
    with np.errstate(divide="ignore", invalid="ignore"):
        for one in profile.statistics:
            value = np.asarray(one.of(SimpleNamespace(**by_column)), dtype=float)
            found[f": {one.name}"] = np.where(np.isfinite(value), value, np.nan)
    return found


def _named(column: Column, profile: Profile) -> Iterator[str]:
    """The statistics that a column of numbers has; the exposure is what others are measured by."""
    if column.name == profile.exposure:
        return
    if column.null is not None and column.name not in profile.comes_late:
        yield "null share"
    if column.dtype == "boolean":
        yield "mean"
        return
    if column.name in profile.far_out:
        yield from ("zero share", "p50", "p90")
        return
    is_per_unit = profile.exposure not in {None, column.name} and column.dtype == "int64"
    yield from ("zero share", f"per {profile.exposure}" if is_per_unit else "mean", "spread")
    yield from QUANTILES


def _quantiles(runs: _Runs, matrix: Any, there: Any) -> dict[str, Any]:
    """The values at fixed shares of the known rows of each partition, without interpolation."""
    parts = len(runs.partitions)
    found = {name: np.full((parts, matrix.shape[1]), np.nan) for name in QUANTILES}
    longest = max(int(runs.lengths.max(initial=1)), 1)
    step = max(1, _CELLS_MAX // (longest * matrix.shape[1]))
    for first in range(0, parts, step):
        part = slice(first, first + step)
        _quantiles_of(runs, matrix, there, part, found)
    return found


def _quantiles_of(runs: _Runs, matrix: Any, there: Any, part: slice, found: dict[str, Any]) -> None:
    lengths, starts = runs.lengths[part], runs.starts[part]
    begin, end = int(starts[0]), int(starts[-1] + lengths[-1])
    row = np.arange(begin, end) - np.repeat(starts, lengths)
    at = np.repeat(np.arange(len(lengths)), lengths)
    cells = np.full((len(lengths), matrix.shape[1], int(lengths.max())), np.nan)
    cells[at, :, row] = matrix[begin:end]
    cells.sort(axis=2)
    for name, share in QUANTILES.items():
        nth = np.maximum(np.ceil(share * there[part]) - 1, 0).astype(int)
        found[name][part] = np.take_along_axis(cells, nth[:, :, None], axis=2)[:, :, 0]


def _of_texts(runs: _Runs, column: Column, profile: Profile, values: Any) -> dict[str, Any]:
    """How many different values there are, and the share of nulls where there may be some."""
    codes = values.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    codes = codes.astype(float)
    is_null = np.isnan(codes)
    pairs = runs.codes[~is_null] * (len(codes) + 1) + codes[~is_null].astype(int)
    owners = np.unique(pairs) // (len(codes) + 1)
    parts = len(runs.partitions)
    found = {f"{column.name}: distinct": np.bincount(owners, minlength=parts).astype(float)}
    if column.null is not None and column.name not in profile.comes_late:
        nulls = np.bincount(runs.codes[is_null], minlength=parts)
        found[f"{column.name}: null share"] = nulls / runs.lengths
    return found
