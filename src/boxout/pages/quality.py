"""The quality report as one page that needs nothing else: no network, no script, no other file."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from boxout.pages import heat, words
from boxout.pages.plots import course_plot, spread_plot
from boxout.pages.render import rendered, style
from boxout.report import Report, headline
from boxout.report.asked import Asked, NotPassing
from boxout.report.spread import Spread


class Plotted(NamedTuple):
    """A column with its plots."""

    spread: Spread
    svg: str
    course: str


class Checked(NamedTuple):
    """The checks of one table, and the sums of what they judged and did not pass."""

    table: str
    checks: tuple[Asked, ...]
    rows: int
    not_passed: int
    faults: int


def quality_page(found: Report, title: str) -> str:
    """The whole page."""
    days = heat.calendar(found.span.first, found.span.last)
    days = _played(days, found)
    is_many = found.span.first != found.span.last
    names = [one.table for one in found.tables]
    return rendered(
        "quality.html",
        {
            "title": title,
            "style": style(),
            "found": found,
            "headline": headline(found),
            "is_many": is_many,
            "months": heat.months(days) if is_many else [],
            "strips": heat.strips(found.days, names, days) if is_many else [],
            "checked": list(_checked(found)),
            "failing": [(one, _rows(found, one)) for one in found.not_passing],
            "spreads": _by_table(found, title),
        },
    )


def _played(days: list[str], found: Report) -> list[str]:
    """From the first to the last date of which more is known than what the calendar says."""
    known = sorted(day for day, tables in found.days.items() if len(tables) > 1) or [*found.days]
    return [one for one in days if known and known[0] <= one <= known[-1]]


def _checked(found: Report) -> Iterator[Checked]:
    for table in dict.fromkeys(one.table for one in found.checks):
        mine = tuple(one for one in found.checks if one.table == table)
        asked = [one for one in mine if one.versions]
        rows = max((one.rows for one in asked), default=0)
        not_passed = sum(one.not_passed for one in mine)
        yield Checked(table, mine, rows, not_passed, sum(bool(one.fault) for one in mine))


def _rows(found: Report, one: NotPassing) -> list[dict[str, Any]]:
    mine = (one.table, one.checks[0])
    return [dict(row) for shown in found.examples if shown[:2] == mine for row in shown.rows]


def _by_table(found: Report, title: str) -> dict[str, tuple[list[Plotted], list[Spread]]]:
    """Per table the columns with plots, and all of them."""
    tables: dict[str, list[Spread]] = {}
    for one in found.spreads:
        tables.setdefault(one.table, []).append(one)
    return {name: (list(plotted(every, title)), every) for name, every in tables.items()}


def plotted(spreads: Iterable[Spread], title: str) -> Iterator[Plotted]:
    """The columns that have something to plot, drawn."""
    for one in spreads:
        if one.bins and one.mine is not None:
            said = _said(one, title)
            course = course_plot(one.course, f"{one.column} week by week") if one.course else ""
            yield Plotted(one, spread_plot(one, said), course)


def _said(one: Spread, title: str) -> str:
    """What a plot shows, in words."""
    parts = [f"{one.column}, {title}"]
    for name, side in (("", one.mine), ("the rest of the season ", one.usual)):
        if side is not None and side.values:
            low, middle, high = (words.amount(side.at(share)) for share in (0.05, 0.5, 0.95))
            parts.append(f"{name}median {middle}, nine tenths between {low} and {high}")
    return "; ".join(parts)
