"""How the numbers of a range are spread, against what else is public of the same season."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from boxout.compiled import sql_text, unbound
from boxout.deferred import deferred
from boxout.model import Column, Table, ibis
from boxout.warehouse import Warehouse

selectors = deferred("ibis.selectors")

BINS: Final = 24
FAR_IQR: Final = 3
"""Interquartile ranges beyond the quartiles; what lies further out is far."""

FAR_MAX: Final = 12
FAR_OF_COLUMN_MAX: Final = 3
USUAL_MIN: Final = 30
"""Values without which nothing is called usual."""

SHARES: Final = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)
MINE, USUAL = "mine", "usual"
VALUES: Final = "measured_values"
BETWEEN: Final = " · "
"""Between the parts of a key, as people read it."""


class Span(NamedTuple):
    """The dates asked about, and those of the season they belong to; all ends included.

    With a `partition` only that one is asked about, and the others of its date are of the rest.
    """

    first: str
    last: str
    since: str
    until: str
    partition: str = ""


class Side(NamedTuple):
    """The values of one column: rows, how many null and zero, the mean, and quantiles at SHARES."""

    rows: int
    nulls: int
    zeros: int
    mean: float | None
    quantiles: tuple[float | None, ...]

    def at(self, share: float) -> float | None:
        """The value below which this share of the values lies; None when there are none."""
        return self.quantiles[SHARES.index(share)] if self.quantiles else None

    @property
    def values(self) -> int:
        """How many are not null."""
        return self.rows - self.nulls


@dataclass(frozen=True, slots=True)
class Spread:
    """One column of the dates asked about, beside the rest of its season.

    `mine` is None when no row of these dates is public, `usual` when none of the rest is. The
    `bins` part `low`..`high` evenly, as (share of mine, share of usual); what lies outside is in
    the outermost, and `outside` counts it for mine.
    """

    table: str
    column: str
    doc: str
    unit: str | None
    mine: Side | None
    usual: Side | None
    low: float | None = None
    high: float | None = None
    bins: tuple[tuple[float, float], ...] = ()
    outside: int = 0
    course: tuple["Week", ...] = field(default=())


class Week(NamedTuple):
    """The spread of a column over the seven days that begin with a date."""

    since: str
    values: int
    low: float
    middle: float
    high: float


class Far(NamedTuple):
    """A row, by its key, far from what is usual in one column.

    It lies `beyond_iqr` interquartile ranges outside the quartiles `low` and `high`.
    """

    table: str
    partition: str
    key: str
    column: str
    value: float
    low: float
    high: float
    beyond_iqr: float


def measured(table: Table) -> list[Column]:
    """The columns that hold a number and are no part of the key."""
    return [
        one
        for one in table.columns
        if one.dtype in {"int64", "float64"} and one.name not in table.key
    ]


def plotted(table: Table) -> list[Column]:
    """Those of them that are computed here and are no counts: their spread is worth a plot."""
    return [one for one in measured(table) if one.formula and one.dtype == "float64"]


def spreads(
    warehouse: Warehouse, table: Table, span: Span, refused: Collection[str]
) -> list[Spread]:
    """Every measured column of a table. What is public of `refused` partitions is not usual."""
    if not measured(table):
        return []
    sides = _sides(_asked(warehouse, _values(table, span, refused, measured(table)), "summary"))
    bins: dict[str, list[dict[str, Any]]] = {}
    for row in _of_plotted(warehouse, table, span, refused, "histogram"):
        bins.setdefault(row["column"], []).append(row)
    return [_spread(table, one, sides, bins.get(one.name, ())) for one in measured(table)]


def courses(warehouse: Warehouse, table: Table, span: Span) -> dict[str, tuple[Week, ...]]:
    """The plotted columns of a table, week by week."""
    found: dict[str, list[Week]] = {}
    for row in _of_plotted(warehouse, table, span, (), "weeks"):
        week = Week(row["since"], row["there"], *map(float, row["shares"]))
        found.setdefault(row["column"], []).append(week)
    return {name: tuple(weeks) for name, weeks in found.items()}


def far(warehouse: Warehouse, table: Table, span: Span, refused: Collection[str]) -> list[Far]:
    """The rows of these dates that lie furthest from what is usual, in their plotted columns.

    Of one column no more than a few.
    """
    of: Counter[str] = Counter()
    found: list[Far] = []
    for row in _of_plotted(warehouse, table, span, refused, "furthest"):
        of[row["column"]] += 1
        if of[row["column"]] <= FAR_OF_COLUMN_MAX:
            found.append(Far(table.name, row["part"], *(row[name] for name in Far._fields[2:])))
    return found[:FAR_MAX]


def _of_plotted(
    warehouse: Warehouse, table: Table, span: Span, refused: Collection[str], question: str
) -> list[dict[str, Any]]:
    columns = plotted(table)
    if not columns:
        return []
    return _asked(warehouse, _values(table, span, refused, columns), question)


def _asked(warehouse: Warehouse, values: Any, question: str) -> list[dict[str, Any]]:
    """A question about values; the question itself is compiled once for all tables."""
    dialect = warehouse.dialect
    bound = sql_text(values, dialect)
    return warehouse.query(_question(bound, _compiled(question, dialect)))


def _question(values: str, text: str) -> str:
    return f"WITH {VALUES} AS ({values}) SELECT * FROM ({text}) AS answered"


@lru_cache
def _compiled(question: str, dialect: str) -> str:
    values = ibis.table(
        {"part": "string", "day": "string", "side": "string", "key": "string",
         "column": "string", "value": "float64"},
        name=VALUES,
    )  # fmt: skip
    made = {
        "summary": _summary, "histogram": _histogram, "weeks": _by_week, "furthest": _furthest
    }[question](values)  # fmt: skip
    return sql_text(made, dialect)


def _values(table: Table, span: Span, refused: Collection[str], columns: Sequence[Column]) -> Any:
    """One row per value: of which partition, day, side, row (its key, as text) and column."""
    rows: Any = unbound(table, table.name)
    part = rows[table.scheme.column].cast("string")
    day = part.substr(0, 10)
    is_mine = part == span.partition if span.partition else day.between(span.first, span.last)
    is_usual = day.between(span.since, span.until)
    if refused:
        is_usual &= part.notin(sorted(refused))
    between: Any = ibis.literal(BETWEEN)
    key = between.join([rows[name].cast("string") for name in table.key])
    wide = rows.filter(is_mine | is_usual).select(
        _part=part,
        _day=day,
        _side=ibis.ifelse(is_mine, MINE, USUAL),
        _key=key,
        **{one.name: rows[one.name].cast("float64") for one in columns},
    )
    names = [one.name for one in columns]
    long = wide.pivot_longer(selectors.cols(*names), names_to="_column", values_to="_value")
    return long.rename(
        part="_part", day="_day", side="_side", key="_key", column="_column", value="_value"
    )


def _summary(long: Any) -> Any:
    value = long.value
    return long.group_by("column", "side").aggregate(
        rows=long.count(),
        nulls=value.isnull().sum(),
        zeros=(value == 0).sum(),
        mean=value.mean(),
        shares=value.quantile(list(SHARES)),
    )


def _sides(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Side]:
    return {
        (row["column"], row["side"]): Side(
            row["rows"], row["nulls"], row["zeros"] or 0, row["mean"], tuple(row["shares"] or ())
        )
        for row in rows
    }


def _bounds(long: Any, low: float, high: float) -> Any:
    """Per column the quantiles of what is usual; of all there is, where that is too little."""
    is_usual = long.side == USUAL
    usual = long.value.count(where=is_usual)
    of_usual = [long.value.quantile(share, where=is_usual) for share in (low, high)]
    of_all = [long.value.quantile(share) for share in (low, high)]
    chosen = [
        ibis.ifelse(usual >= USUAL_MIN, mine, whole)
        for mine, whole in zip(of_usual, of_all, strict=True)
    ]
    there = ibis.ifelse(usual >= USUAL_MIN, usual, long.value.count())
    return long.group_by("column").aggregate(low=chosen[0], high=chosen[1], there=there)


def _histogram(long: Any) -> Any:
    of = long.filter(long.value.notnull())
    with_bounds = of.join(_bounds(of, 0.005, 0.995), "column")
    width = with_bounds.high - with_bounds.low
    place = ((with_bounds.value - with_bounds.low) / width.nullif(0) * BINS).floor()
    nth = place.fill_null(0).clip(0, BINS - 1).cast("int64")
    is_outside = (with_bounds.value < with_bounds.low) | (with_bounds.value > with_bounds.high)
    placed = with_bounds.mutate(nth=nth, is_outside=is_outside)
    return placed.group_by("column", "side", "nth", "low", "high").aggregate(
        count=placed.count(), outside=placed.is_outside.sum()
    )


def _by_week(long: Any) -> Any:
    of = long.filter(long.side == MINE, long.value.notnull())
    weeks = of.mutate(since=of.day.cast("date").truncate("W").strftime("%Y-%m-%d"))
    grouped = weeks.group_by("column", "since").aggregate(
        there=weeks.count(), shares=weeks.value.quantile([0.05, 0.5, 0.95])
    )
    return grouped.order_by("column", "since")


def _furthest(long: Any) -> Any:
    of = long.filter(long.value.notnull())
    joined = of.filter(of.side == MINE).join(_bounds(of, 0.25, 0.75), "column")
    wide = joined.high - joined.low
    beyond = ibis.greatest(joined.low - joined.value, joined.value - joined.high) / wide.nullif(0)
    placed = joined.mutate(beyond_iqr=beyond)
    is_far = (placed.beyond_iqr > FAR_IQR) & (placed.there >= USUAL_MIN)
    ranked = placed.filter(is_far).order_by(ibis.desc("beyond_iqr"), "part", "key", "column")
    return ranked.limit(FAR_MAX * 50)


def _spread(
    table: Table,
    column: Column,
    sides: Mapping[tuple[str, str], Side],
    counted: Sequence[Mapping[str, Any]],
) -> Spread:
    mine, usual = (sides.get((column.name, side)) for side in (MINE, USUAL))
    named = (table.name, column.name, column.doc, column.unit)
    if not counted:
        return Spread(*named, mine, usual)
    outside = sum(row["outside"] for row in counted if row["side"] == MINE)
    low, high = counted[0]["low"], counted[0]["high"]
    shares = tuple(zip(_shares(counted, MINE), _shares(counted, USUAL), strict=True))
    return Spread(*named, mine, usual, low, high, shares, outside)


def _shares(counted: Sequence[Mapping[str, Any]], side: str) -> Iterator[float]:
    """Of the values of one side, the share in each bin."""
    found = {row["nth"]: row["count"] for row in counted if row["side"] == side}
    total = sum(found.values())
    return (found.get(nth, 0) / total if total else 0.0 for nth in range(BINS))
