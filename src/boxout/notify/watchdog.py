"""The dead man's switch: where games are expected and nothing was examined, silence is the alert.

A date is looked at once, `silence_after_h` hours after it began. Whatever cannot be known about it
is an alert too: a calendar that says nothing of the date never means that there was nothing to do.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from boxout.graph import Graph
from boxout.ledger import CALENDAR, Cursor, Entry, Ledger
from boxout.ledger.outbox import WATCHDOG
from boxout.model import Pipeline
from boxout.model.partitions import day_range

DAYS_MAX: Final = 31
"""A notifier that was away longer looks at the latest of the dates that it missed."""

UNEXAMINED: Final = "no check was evaluated"


def watch(ledger: Ledger, pipeline: Pipeline, graph: Graph, silence_after_h: float) -> list[Entry]:
    """Write an alert to the outbox for every fault of the dates that are due; what was written."""
    due = _due(ledger, silence_after_h)
    told: list[Entry] = []
    for day in due:
        entries = [
            Entry(
                0, "", "silence", "", table, day, day, 1, None, None, cause, {"partitions": [day]}
            )
            for table, cause in silent(ledger, pipeline, graph, day)
        ]
        if entries:
            ledger.tell(entries)
        # A crash here tells them again, and a channel does not repeat what has not changed.
        ledger.advance(WATCHDOG, Cursor(date.fromisoformat(day).toordinal(), ""))
        told += entries
    return told


def _due(ledger: Ledger, silence_after_h: float) -> list[str]:
    now = datetime.fromisoformat(ledger.now())
    last = (now - timedelta(hours=silence_after_h)).date().toordinal()
    seen = ledger.cursor(WATCHDOG).entry
    first = max(seen + 1, last - DAYS_MAX + 1) if seen else last
    return [date.fromordinal(number).isoformat() for number in range(first, last + 1)]


def silent(ledger: Ledger, pipeline: Pipeline, graph: Graph, day: str) -> Iterator[tuple[str, str]]:
    """What nobody looked at on a date, as (table, cause)."""
    calendar, head = pipeline.calendar.table.name, ledger.head()
    first, last = day_range(day, day)
    said = ledger.pointers([calendar], day, day, head)
    if not any(one.version is not None for one in said):
        yield calendar, f"{calendar} says nothing of the date: whether there are games is not known"
        return
    expected = [o.partition for o in ledger.expectations(first, last, head) if o.is_expected]
    if not expected:
        return
    count = f"{len(expected)} expected on the date"
    sources = [name for name, one in graph.tables.items() if one.is_source and name != calendar]
    is_told = any(ledger.latest_events([name], first, last) for name in sources)
    if sources and not is_told and not ledger.pointers(sources, first, last, head):
        yield CALENDAR, f"nothing was landed, {count}"
    faults = {
        name: list(_faults(ledger, name, asked))
        for name in graph.processors
        for asked in [expected if _is_like(graph, name, pipeline) else [day]]
    }
    if faults and all(UNEXAMINED in of for of in faults.values()):
        yield CALENDAR, f"no run evaluated any check, {count}"
        return
    yield from ((name, f"{one}, {count}") for name, of in faults.items() for one in of)


def _is_like(graph: Graph, table: str, pipeline: Pipeline) -> bool:
    return graph.tables[table].scheme.name == pipeline.calendar.scheme.name


def _faults(ledger: Ledger, table: str, asked: Sequence[str]) -> Iterator[str]:
    """That no check was evaluated for any of the partitions, or that one judged nothing."""
    found = {n for one in asked for n in ledger.latest_versions(table, one, 1)}
    counts = [one for number in sorted(found) for one in ledger.counts(number)]
    judged: dict[str, int] = {}
    for one in counts:
        judged[one.check] = judged.get(one.check, 0) + one.passed + one.failed + one.unknown
    events = ledger.latest_events([table], min(asked), max(asked))
    is_withheld = any(one.kind == "withheld" and one.partition in asked for one in events)
    if not any(judged.values()) and not is_withheld:
        yield UNEXAMINED
        return
    yield from (f"check {check} judged nothing" for check, many in judged.items() if not many)
