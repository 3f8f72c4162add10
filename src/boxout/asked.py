"""What was asked for: dates, games, tables; refused where it cannot be."""

import re
from datetime import date, timedelta
from typing import Final, NamedTuple

from boxout.errors import DefinitionError
from boxout.graph import select
from boxout.graph.order import near
from boxout.ledger import Ledger
from boxout.model import Calendar
from boxout.model.partitions import date_of, day_range, is_partition
from boxout.project import Project


class Span(NamedTuple):
    """First and last date, and the game when one is asked for."""

    first: str
    last: str
    game: str | None


EVERYTHING: Final = Span("1000-01-01", "9999-12-31", None)
"""Every date that a partition can have."""

SEASON: Final = re.compile(r"([0-9]{4})-([0-9]{2})")


def span(asked: list[str] | None) -> Span:
    """The dates or the game that the words name; DefinitionError when they name neither."""
    words = [part for one in asked or [] for part in re.split(r"\.\.|:", one)]
    games = [one for one in words if "/" in one]
    is_one_game = bool(games) and len(words) == 1
    if (
        not words
        or len(words) > 2
        or not all(map(is_partition, words))
        or (games and not is_one_game)
    ):
        raise DefinitionError(
            f"{' '.join(words) or 'nothing'}: say a date (2026-02-03), two dates, or one game"
            " (2026-02-03/BOS@LAL)"
        )
    if words[-1] < words[0]:
        raise DefinitionError(
            f"{words[0]} {words[-1]}: the range ends before it begins; say {words[-1]} {words[0]}"
        )
    return Span(date_of(words[0]), date_of(words[-1]), words[0] if is_one_game else None)


def season_of(calendar: Calendar, text: str) -> Span:
    """The dates of a season (2023-24): those that count from where 1 January of 2024 does."""
    found = SEASON.fullmatch(text)
    year = int(found[1]) + 1 if found else 0
    if not found or year % 100 != int(found[2]):
        raise DefinitionError(f"--season {text}: write it as 2023-24")
    first, following = calendar.since(f"{year}-01-01"), calendar.since(f"{year + 1}-01-01")
    if not first:
        raise DefinitionError(
            f"--season {text}: this pipeline's calendar counts by no seasons; say --from and --to"
        )
    return Span(first, (date.fromisoformat(following) - timedelta(1)).isoformat(), None)


def chosen(project: Project, text: str) -> set[str]:
    """The derived tables that --select names, all of them without it; refused when it names none."""
    tables = select(project.graph, text) if text else set(project.graph.tables)
    derived = tables & set(project.graph.processors)
    if not derived:
        named = ", ".join(sorted(tables)) or "nothing"
        is_one = len(tables) == 1
        raise DefinitionError(
            f"--select {text}: names {named}, {'a source' if is_one else 'sources'}, landed from"
            " outside; there is nothing to compute. Nothing was written."
            + (f" Did you mean {named}+?" if is_one else "")
        )
    return derived


def known_table(project: Project, table: str) -> None:
    """Refuse a table that is not in the pipeline."""
    if table not in project.graph.tables:
        slip = near(table, project.graph.tables)
        there = f"; there are {', '.join(project.graph.tables)}"
        raise DefinitionError(f"{table}: no such table{slip or there}")


def known(project: Project, ledger: Ledger, table: str, partition: str) -> None:
    """Refuse a table or a partition that cannot exist."""
    known_table(project, table)
    if not is_partition(partition):
        raise DefinitionError(
            f"{partition}: not a partition; write 2026-02-03 or 2026-02-03/BOS@LAL"
        )
    scheme, day = project.graph.tables[table].scheme, date_of(partition)
    if scheme.name != project.pipeline.calendar.scheme.name:
        if partition != day:
            raise DefinitionError(
                f"{partition}: {table} is cut by {scheme.name}. Did you mean {day}?"
            )
    elif partition == day:
        _refuse_bare_date(ledger, table, scheme.name, day)


def _refuse_bare_date(ledger: Ledger, table: str, scheme: str, day: str) -> None:
    listed = [one.partition for one in ledger.expectations(*day_range(day, day), ledger.head())]
    if listed and day not in listed:
        raise DefinitionError(f"{day}: {table} is cut by {scheme}; name one of {', '.join(listed)}")
