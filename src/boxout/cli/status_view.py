"""The grid of `boxout status`."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from rich.table import Table
from rich.text import Text

from boxout.cli import show
from boxout.report import STATES, Status


class Mark(NamedTuple):
    """How a state looks: a symbol, one for terminals that know no other letters, a colour."""

    symbol: str
    plain: str
    style: str


MARKS: Final = {
    "fresh": Mark("●", "+", "green"),
    "running": Mark("▶", ">", "cyan"),
    "stale": Mark("◐", "~", "yellow"),
    "withheld": Mark("✗", "x", "bold red"),
    "withdrawn": Mark("⊘", "o", "magenta"),
    "waiting": Mark("…", "?", "blue"),
    "missing": Mark("·", ".", "dim"),
    "not needed": Mark("–", "-", "dim"),
}


def show_status(found: Status, tables: Sequence[str], first: str, last: str) -> None:
    """Dates by tables, a legend with totals, and where to look next."""
    asked = first if first == last else f"{first}..{last}"
    if not found.days:
        show.say(f"{asked}: nothing has arrived, and nothing is expected.")
        return
    console = show.out()
    is_plain = console.options.ascii_only
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    grid.add_column("date", no_wrap=True)
    for name in tables:
        grid.add_column(name.replace("_", "\n"), no_wrap=True, vertical="bottom")
    for day, cells in found.days.items():
        grid.add_row(day, *(_cell(cells.get(name, {}), is_plain=is_plain) for name in tables))
    console.print(grid)
    console.print(Text("\n") + _legend(found.totals, is_plain=is_plain), soft_wrap=True)
    if found.forced:
        one = found.forced[0]
        show.say(
            f"{show.many(len(found.forced), 'partition')} FORCED past failed checks:"
            f" boxout why {one.table} {one.partition}"
        )
    if found.retired:
        show.say(
            f"not in the pipeline any more, so not shown: {show.listed(found.retired)}"
            " (the rows are kept)"
        )
    if found.look_at:
        one = found.look_at[0]
        show.say(f"See: boxout why {one.table} {one.partition}")


def _cell(states: Mapping[str, int], *, is_plain: bool) -> Text:
    parts = [
        Text(f"{symbol(state, is_plain=is_plain)}{states[state]}", MARKS[state].style)
        for state in STATES
        if states.get(state)
    ]
    return Text(" ").join(parts)


def _legend(totals: Mapping[str, int], *, is_plain: bool) -> Text:
    parts = [
        Text(f"{symbol(state, is_plain=is_plain)} {count} {state}", MARKS[state].style)
        for state, count in totals.items()
    ]
    return Text("   ").join(parts)


def symbol(state: str, *, is_plain: bool) -> str:
    """How a state looks in a grid."""
    return MARKS[state].plain if is_plain else MARKS[state].symbol
