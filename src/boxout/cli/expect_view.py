"""The grid of `boxout expect`, its totals, and what to do next."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rich.table import Table
from rich.text import Text

from boxout.cli import show
from boxout.cli.status_view import MARKS, symbol
from boxout.report import Expectations, Expected, SourceSeen, Totals

SPANS_NAMED_MAX: Final = 6


class Asked(NamedTuple):
    """What was asked for, and what the calendar's table and its partitions are called."""

    first: str
    last: str
    game: str | None
    calendar: str
    scheme: str


def show_expected(found: Expectations, asked: Asked) -> None:
    """One line per partition, the totals, the dates without any, and the next step."""
    if found.partitions:
        _show_grid(found.partitions, asked.scheme)
        show.say("")
        for line in _totals(found):
            show.say(line)
    elif asked.game is not None:
        show.say(f"{asked.game}: {asked.calendar} does not list it.")
    for line in (*_quiet(found, asked), *_unknown(found)):
        show.say(line)
    for line in _next_steps(found, asked):
        show.say(line)


def _show_grid(partitions: Sequence[Expected], scheme: str) -> None:
    console = show.out()
    is_plain = console.options.ascii_only
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    tables = [one.table for one in partitions[0].sources]
    has_phases = any(one.phase is not None for one in partitions)
    for name in (scheme, *(["phase"] if has_phases else []), "is"):
        grid.add_column(name, no_wrap=True, vertical="bottom")
    for name in tables:
        grid.add_column(name.replace("_", "\n"), no_wrap=True, vertical="bottom")
    grid.add_column("", overflow="fold")
    for one in partitions:
        phase = [one.phase or ""] if has_phases else []
        marks = [_mark(source, is_plain=is_plain) for source in one.sources]
        grid.add_row(one.partition, *phase, one.state, *marks, Text("; ".join(_notes(one))))
    console.print(grid)


def _mark(source: SourceSeen, *, is_plain: bool) -> Text:
    return Text(symbol(source.state, is_plain=is_plain), MARKS[source.state].style)


def _notes(one: Expected) -> Iterator[str]:
    """What is worth a word: where it went, who waived it, what is lacking and until when."""
    if one.moved_to:
        yield f"moved to {' and '.join(one.moved_to)}"
    if one.moved_from:
        yield f"moved from {' and '.join(one.moved_from)}"
    if one.also_at:
        yield f"listed at {' and '.join(one.also_at)} too"
    if one.waiver is not None:
        yield f"waived by {one.waiver.by}: {one.waiver.reason}"
    for source in one.sources if one.outlook == "expected" else ():
        yield from _lacking(one, source)


def _lacking(one: Expected, source: SourceSeen) -> Iterator[str]:
    if source.version is not None and source.reasons:
        text = ", ".join(str(reason) for reason in source.reasons[:1])
    elif source.version is None and source.role == "required" and one.found != "complete":
        text = f"{source.table} {'was taken back' if source.reasons else 'has not arrived'}"
    else:
        return
    look_at = f", looked at again {show.moment(source.look_at)}" if source.look_at else ""
    yield text + look_at


def _totals(found: Expectations) -> Iterator[str]:
    if len(found.phases) > 1:
        yield from (f"{phase}: {_counted(one)}" for phase, one in found.phases.items())
        yield f"all: {_counted(found.totals)}"
    else:
        phase = "".join(f"{name}: " for name in found.phases)
        yield phase + _counted(found.totals)


def _counted(one: Totals) -> str:
    parts = [f"{one.complete} complete", f"{one.incomplete} incomplete", f"{one.missing} missing"]
    others = [
        f"{count} {words}"
        for count, words in (
            (one.may_come, "may yet come"),
            (one.never, "will not come"),
            (one.moved, "moved"),
            (one.waived, "waived"),
        )
        if count
    ]
    there = f" ({', '.join(parts)})" if one.expected else ""
    return "; ".join((f"{one.expected} expected{there}", *others))


def _quiet(found: Expectations, asked: Asked) -> Iterator[str]:
    empty = [one for one in found.dates if not one.listed]
    if not empty or asked.game is not None:
        return
    if asked.first == asked.last:
        since = f"{asked.calendar} says so since publication {empty[0].since}"
        yield f"{asked.first}: nothing is on; {since}."
        return
    yield f"{show.many(len(empty), 'date')} with nothing on, as {asked.calendar} says."


def _unknown(found: Expectations) -> Iterator[str]:
    if not found.unknown:
        return
    spans = [first if first == last else f"{first}..{last}" for first, last in found.unknown]
    yield f"{show.listed(spans, SPANS_NAMED_MAX)}: nobody has said anything about it."


def _next_steps(found: Expectations, asked: Asked) -> Iterator[str]:
    calendar = asked.calendar
    for day in found.held_back[:1]:
        yield f"Next: boxout why {calendar} {day}   # what arrived for it was not believed"
    if found.unknown and not found.held_back:
        day = found.unknown[0][0]
        yield f"Next: boxout land FILE   # one that holds {calendar} of {day}, or with --covers {day}"
        yield f"                         # one of {calendar} that says there is nothing on it"
