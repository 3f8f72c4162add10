"""The few lines of `boxout report`."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from boxout.cli import show
from boxout.cli.status_view import MARKS, symbol
from boxout.report import STATES, Report, headline
from boxout.report.quality import TableSeen

REASONS_MAX = 8


def show_report(found: Report, title: str, page: Path | None) -> None:
    """What a reader wants to know first, the tables, what is held back, and where the page is."""
    show.say(f"{title}, pipeline {found.pipeline}, publication {found.publication}", style="bold")
    for line in headline(found):
        show.say(line)
    if found.days:
        show.say("")
        show.out().print(_tables(found))
    for line in (*_held(found), *_not_passed(found), *_told(found)):
        show.say(line)
    if page is not None:
        show.say(f"\nPage: {page}")


def _tables(found: Report) -> Table:
    is_plain = show.out().options.ascii_only
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    grid.add_column("table", no_wrap=True)
    grid.add_column("partitions")
    grid.add_column("public rows", justify="right")
    for one in found.tables:
        if one.states:
            grid.add_row(one.table, _states(one, is_plain=is_plain), f"{one.rows:,}")
    return grid


def _states(one: TableSeen, *, is_plain: bool) -> Text:
    known = [state for state in (*STATES, "not needed") if one.states.get(state)]
    parts = [
        Text(
            f"{symbol(state, is_plain=is_plain)} {one.states[state]:,} {state}", MARKS[state].style
        )
        for state in known
    ]
    return Text("  ").join(parts)


def _held(found: Report) -> Iterator[str]:
    return _listed(
        "Not public, and why:",
        [
            f"{one.unit}: {show.many(len(one.partitions), 'partition')} {one.kind},"
            f" {one.partitions[0]}: {show.listed([show.shortened(t) for t in one.reasons], 2)}"
            for one in found.held
        ],
    )


def _not_passed(found: Report) -> Iterator[str]:
    return _listed(
        "Checks that did not pass:",
        [
            f"{one.table}: {show.listed([show.shortened(c) for c in one.checks], 1)},"
            f" {one.severity}, {show.many(len(one.partitions), 'partition')}, {one.now}"
            for one in found.not_passing
        ],
    )


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    """The first lines under their title, and how many more there are; nothing when there is none."""
    if lines:
        yield f"\n{title}"
    yield from (f"  {line}" for line in lines[:REASONS_MAX])
    if len(lines) > REASONS_MAX:
        yield f"  and {len(lines) - REASONS_MAX} more"


def _told(found: Report) -> Iterator[str]:
    waiting = sum(one.waiting for one in found.quarantine)
    yield (
        f"\nSources: {len(found.late)} late, {len(found.corrected)} corrected."
        f" Quarantine: {show.many(waiting, 'row')} waiting."
        f" Forced or taken back: {show.many(len(found.decisions), 'publication')}."
    )
    for one in found.far[:3]:
        yield f"Unusual: {one.table} {one.key}: {one.column} {one.value:.4g}"
