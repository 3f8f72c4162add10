"""Quarantine in memory: a list of rows, each of them there once."""

from typing import Final

from boxout.warehouse.port import Row

_OPEN: Final[Row] = {"publication": None, "superseded": None}


def aside(kept: list[Row], key: Row, said: Row, at: str) -> Row:
    """The row of this key, put there when it is not there yet; it waits, again or for the first time.

    `said` is what is true of it now, and `at` the time at which it came, if it is new.
    """
    for one in kept:
        if all(one[name] == value for name, value in key.items()):
            one.update({**said, **_OPEN})
            return one
    made = {**key, **said, "since": at, "value": None, "groups": None, **_OPEN}
    kept.append(made)
    return made


def is_waiting(row: Row) -> bool:
    """Whether no publication took the row in and no later arrival took the place of its own."""
    return row["publication"] is None and row["superseded"] is None
