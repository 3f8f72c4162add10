"""The seasons that the calendar has spoken of, by name."""

from boxout.errors import DefinitionError
from boxout.graph.order import near
from boxout.ledger import Ledger
from boxout.model import Calendar
from boxout.model.partitions import AFTER, date_of
from boxout.report.spread import Span


def seasons(ledger: Ledger, calendar: Calendar) -> dict[str, tuple[str, str]]:
    """The first and the last date of every season that the calendar has spoken of, by name.

    2023-24 for one that goes over into another year, 2023 for one that does not.
    """
    last: dict[str, str] = {}
    before, head, source = AFTER, ledger.head(), calendar.table.name
    while found := ledger.keys_before(source, before, head, 1):
        day = date_of(found[0])
        before = calendar.since(day) or day[:4]
        last[before] = day
    return {_season(since, day): (f"{since[:4]}-01-01" if len(since) == 4 else since, day)
            for since, day in sorted(last.items())}  # fmt: skip


def _season(since: str, last: str) -> str:
    year = since[:4]
    return year if last[:4] == year else f"{year}-{last[2:4]}"


def season(ledger: Ledger, calendar: Calendar, name: str) -> tuple[str, str]:
    """The first and the last date of a season; DefinitionError when there is none of this name."""
    known = seasons(ledger, calendar)
    if name not in known:
        there = f"there are {', '.join(known)}" if known else "nothing has been landed yet"
        raise DefinitionError(f"--season {name}: no such season{near(name, known) or f'; {there}'}")
    return known[name]


def span_of(ledger: Ledger, calendar: Calendar, first: str, last: str) -> Span:
    """These dates, within the seasons that they belong to."""
    since = calendar.since(first) or f"{first[:4]}-01-01"
    known = seasons(ledger, calendar).values()
    ends = [end for begin, end in known if begin <= last and since <= end]
    return Span(first, last, min(since, first), max([last, *ends]))
