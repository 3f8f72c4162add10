"""The few lines of `boxout report`."""

from collections.abc import Iterator
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
    if found.held:
        yield "\nNot public, and why:"
    for one in found.held[:REASONS_MAX]:
        reasons = show.listed([show.shortened(text) for text in one.reasons], 2)
        many = show.many(len(one.partitions), "partition")
        yield f"  {one.unit}: {many} {one.kind}, {one.partitions[0]}: {reasons}"
    if len(found.held) > REASONS_MAX:
        yield f"  and {show.many(len(found.held) - REASONS_MAX, 'other reason')}"


def _not_passed(found: Report) -> Iterator[str]:
    if found.not_passing:
        yield "\nChecks that did not pass:"
    for one in found.not_passing[:REASONS_MAX]:
        checks = show.listed([show.shortened(check) for check in one.checks], 1)
        many = show.many(len(one.partitions), "partition")
        yield f"  {one.table}: {checks}, {one.severity}, {many}, {one.now}"
    if len(found.not_passing) > REASONS_MAX:
        yield f"  and {len(found.not_passing) - REASONS_MAX} more"


def _told(found: Report) -> Iterator[str]:
    waiting = sum(one.waiting for one in found.quarantine)
    yield (
        f"\nSources: {len(found.late)} late, {len(found.corrected)} corrected."
        f" Quarantine: {show.many(waiting, 'row')} waiting."
        f" Forced or taken back: {show.many(len(found.decisions), 'publication')}."
    )
    for one in found.far[:3]:
        yield f"Unusual: {one.table} {one.key}: {one.column} {one.value:.4g}"
