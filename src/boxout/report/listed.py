"""Partitions that the calendar does not list, and those that were meant."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

from boxout.ledger import Ledger
from boxout.model import Calendar
from boxout.model.partitions import AFTER, date_of

_UNLISTED: Final = "unlisted"
"""The state of a partition that the calendar used to list."""


def meant(partition: str, listed: Iterable[str]) -> str | None:
    """The listed partition of this date with the same words in another order, or nearly the same."""
    day = date_of(partition)
    known = [key for key in listed if date_of(key) == day]
    words = sorted(re.findall(r"\w+", partition))
    same = (key for key in known if sorted(re.findall(r"\w+", key)) == words)
    close = get_close_matches(partition[11:], [key[11:] for key in known], n=1)
    return next(same, None) or (f"{day}/{close[0]}" if close else None)


def unlisted(
    ledger: Ledger, calendar: Calendar, partitions: Sequence[str]
) -> dict[str, str | None]:
    """Those that the calendar does not list though it has rows for their date, and what was meant."""
    if not partitions:
        return {}
    first, last = date_of(min(partitions)), date_of(max(partitions)) + AFTER
    head = ledger.head()
    said = ledger.expectations(first, last, head)
    listed = {one.partition for one in said if one.state != _UNLISTED}
    days = {date_of(p.partition) for p in ledger.pointers([calendar.table.name], first, last, head)}
    stray = [p for p in partitions if p not in listed and date_of(p) in days]
    return {partition: meant(partition, listed) for partition in stray}
