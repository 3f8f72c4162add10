"""Numbers, moments and states as a reader sees them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from boxout.ledger import Event

SYMBOLS: Final = {
    "fresh": "●",
    "running": "▶",
    "stale": "◐",
    "withheld": "✕",
    "withdrawn": "⊘",
    "waiting": "…",
    "missing": "○",
    "not needed": "–",
}
"""A state has a sign beside its colour, for whoever does not tell colours apart."""

LOOK_FIRST: Final = (
    "withheld",
    "withdrawn",
    "stale",
    "missing",
    "waiting",
    "running",
    "fresh",
    "not needed",
)
"""The states, the one to look at first."""

FILTERS: Final = (
    "amount",
    "clock",
    "count",
    "day",
    "days",
    "many",
    "moment",
    "moment_after",
    "percent",
    "plain",
    "slug",
    "together",
    "took",
    "worst",
)
"""What templates may call."""

SHOWN_MAX: Final = 4
"""Partitions and reasons of one entry that stand in a list; the page of a partition has them all."""

THIN: Final = "\N{NARROW NO-BREAK SPACE}"


def count(number: float) -> str:
    """A whole number, its thousands apart."""
    return f"{int(number):,}".replace(",", THIN)


def many(number: int, one: str, more: str = "") -> str:
    """A number of things: 1 partition, 2 partitions."""
    return f"{count(number)} {one if number == 1 else more or one + 's'}"


def amount(value: float | None) -> str:
    """A measured number to three significant places; a dash where there is none."""
    if value is None or value != value:  # noqa: PLR0124 - only what is no number differs from itself
        return "–"
    size = abs(value)
    if size >= 1000:
        return count(round(value))
    places = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
    return f"{value:.{places}f}".rstrip("0").rstrip(".") if places else f"{value:.0f}"


def percent(part: float, whole: float) -> str:
    """A share of a whole; a dash of nothing. What is there is never 0 %, what lacks never 100 %."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < 0.1:
        return "< 0.1 %"
    return "> 99.9 %" if 99.9 < share < 100 else f"{share:.1f}".removesuffix(".0") + " %"


def day(text: str) -> str:
    """A date as people write it: 15 January 2024."""
    return f"{date.fromisoformat(text[:10]):%-d %B %Y}"


def days(first: str, last: str) -> str:
    """A range of dates: 15 January 2024, 15 to 21 January 2024."""
    if first == last:
        return day(first)
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    if begin.year != end.year:
        return f"{day(first)} to {day(last)}"
    return f"{begin:%-d %B} to {day(last)}" if begin.month != end.month else (
        f"{begin:%-d} to {day(last)}")  # fmt: skip


def moment(at: str) -> str:
    """A moment of the ledger, to the minute."""
    return f"{datetime.fromisoformat(at):%-d %b %Y, %H:%M} UTC"


def worst(states: dict[str, int]) -> str:
    """The state to look at first; empty when there is none."""
    return next((one for one in LOOK_FIRST if states.get(one)), "")


def plain(name: str) -> str:
    """The name of a table in words."""
    return name.replace("_", " ")


def moment_after(at: str, now: str) -> str:
    """A moment of the ledger: the time alone when it is of the same day as now."""
    return clock(at) if at[:10] == now[:10] else moment(at)


class Told(NamedTuple):
    """What was told of several partitions of a table at one moment, for the same reasons."""

    at: str
    kind: str
    table: str
    partitions: tuple[str, ...]
    reasons: tuple[str, ...]


def together(events: Sequence[Event]) -> list[Told]:
    """Events by what they have in common, in their order: a fault breaks many checks, of many games."""
    reasons: dict[tuple[str, str, str, str], list[str]] = {}
    for one in events:
        said = f"{one.subject}: {one.found}" + (f", {one.needed}" if one.needed else "")
        reasons.setdefault((one.at, one.kind, one.table, one.partition), []).append(said)
    told: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = {}
    for (*shared, partition), of in reasons.items():
        at, kind, table = shared
        told.setdefault((at, kind, table, tuple(of)), []).append(partition)
    return [Told(*key[:3], tuple(names), key[3]) for key, names in told.items()]


def clock(at: str) -> str:
    """The time of a moment of the ledger, to the second."""
    return f"{datetime.fromisoformat(at):%H:%M:%S}"


def took(seconds: float) -> str:
    """How long something took."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def slug(text: str) -> str:
    """A name that an element of a page can have."""
    return "".join(letter if letter.isalnum() else "-" for letter in text)
