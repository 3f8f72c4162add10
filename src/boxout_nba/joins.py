"""Joins that keep the rows of the left side as they are, one for one."""

from boxout import Rows


def beside(rows: Rows, other: Rows, *keys: str) -> Rows:
    """The rows, with the other columns of `other` beside them; null where it has none.

    `other` has at most one row per key, and no column of the rows but the keys.
    """
    joined = rows.left_join(other, list(keys), rname="{name}_other")
    return joined.select(*rows.columns, *[name for name in other.columns if name not in keys])


def of_date(rows: Rows) -> Rows:
    """Rows by the date that they were looked back at from: `as_of` becomes `game_date`."""
    kept = [name for name in rows.columns if name not in {"as_of", "game_date"}]
    return rows.select(*kept, game_date=rows.as_of)
