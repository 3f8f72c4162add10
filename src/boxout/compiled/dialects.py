"""Expressions as the SQL of one store: with exact medians and quantiles where it has none."""

from math import pi
from typing import Any, Final

from boxout.deferred import deferred
from boxout.model import ibis

sqlglot = deferred("sqlglot")

WITHOUT_QUANTILES: Final = frozenset({"bigquery"})
"""Stores whose own quantiles, asked of groups, are estimates."""

_MARK: Final = "boxout_quantile"
_SORTED: Final = "ARRAY_AGG({x} IGNORE NULLS ORDER BY {x})[SAFE_ORDINAL(CAST({nth} AS INT64) + 1)]"
_BETWEEN: Final = "({low} + ({high} - {low}) * ({place} - FLOOR({place})))"


def sql_text(expression: Any, dialect: str) -> str:
    """An expression as SQL."""
    if dialect not in WITHOUT_QUANTILES:
        return str(ibis.to_sql(expression, dialect=dialect))
    marked = expression.op().replace(_marked).to_expr()
    tree = sqlglot.parse_one(str(ibis.to_sql(marked, dialect=dialect)), read=dialect)
    return tree.transform(_written).sql(dialect, pretty=True)


def quantile_sql(x: str, share: str) -> str:
    """The value below which a share of those of a group lies; between two, as far as the share is."""
    place = f"((COUNT({x}) - 1) * {share})"
    low = _SORTED.format(x=x, nth=f"FLOOR({place})")
    high = _SORTED.format(x=x, nth=f"CEIL({place})")
    return _BETWEEN.format(low=low, high=high, place=place)


def _marked(node: Any, kwargs: dict[str, Any] | None) -> Any:
    """Medians and quantiles under a name of ours, by which they are found in the SQL."""
    ops = ibis.expr.operations
    made = node.__recreate__(kwargs) if kwargs else node
    match made:
        case ops.Median():
            return _quantile(made, 0.5)
        case ops.Quantile():
            return _quantile(made, made.quantile.value)
        case ops.MultiQuantile():
            shares = [_quantile(made, float(share)) for share in made.quantile.value]
            return ibis.array([one.to_expr() for one in shares]).op()
        case ops.Radians():  # Ibis would ask a function that only one region has
            return (made.arg.to_expr() * ibis.literal(pi / 180)).op()
        case _:
            return made


def _quantile(node: Any, share: float) -> Any:
    of = node.arg.to_expr().cast("float64")
    if node.where is not None:
        of = ibis.ifelse(node.where.to_expr(), of, ibis.null("float64"))
    return _mark()(of, ibis.literal(share, "float64")).op()


def _mark() -> Any:
    """A function that stands for the quantile until the SQL is written."""

    def boxout_quantile(x: float, share: float) -> float: ...

    return ibis.udf.agg.builtin(boxout_quantile)


def _written(node: Any) -> Any:
    if not isinstance(node, sqlglot.exp.Anonymous) or node.name.lower() != _MARK:
        return node
    x, share = (one.transform(_written).sql("bigquery") for one in node.expressions)
    return sqlglot.parse_one(quantile_sql(x, share), read="bigquery")
