"""Partition keys: they begin with their date, so that a window is a range of keys."""

import re
from datetime import date, timedelta

_KEY = re.compile(r"\d{4}-\d{2}-\d{2}(/.+)?")

AFTER = "~"
"""Sorts after every character of a partition key."""


def date_of(partition: str) -> str:
    """The date a partition key begins with, as text."""
    return partition[:10]


def is_partition(key: str) -> bool:
    """Whether the text is a date, or a date with something after a slash."""
    if not _KEY.fullmatch(key):
        return False
    try:
        date.fromisoformat(date_of(key))
    except ValueError:
        return False
    return True


def day_range(first: str, last: str) -> tuple[str, str]:
    """The first and the last key that the partitions of these dates can have."""
    return first, last + AFTER


def look_back(partition: str, days: int, since: str = "") -> tuple[str, str]:
    """The range of keys of the `days` days that end strictly before the partition's date.

    None of them is before `since`. On that very date the range holds nothing.
    """
    end = date.fromisoformat(date_of(partition))
    first = max((end - timedelta(days)).isoformat(), since)
    return day_range(first, (end - timedelta(1)).isoformat())


def look_ahead(partition: str, days: int) -> str:
    """The date so many days after the partition's; the last there is when it would be later."""
    ordinal = date.fromisoformat(date_of(partition)).toordinal() + days
    return date.fromordinal(min(ordinal, date.max.toordinal())).isoformat()
