"""`boxout events` and `boxout notify`: what happened, and whoever is told of it."""

import json as to_text
import os
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import closing
from time import sleep
from typing import Annotated, Final

import typer

from boxout.asked import EVERYTHING, Span, known_table, span
from boxout.cli import show
from boxout.cli.lineage_out import lineage_events
from boxout.cli.options import HERE, AsJson, Folder, Range
from boxout.errors import ChannelUnavailable, DefinitionError, StoreUnavailable
from boxout.ledger import Entry, Ledger
from boxout.notify import (
    SEVERITIES,
    Delivery,
    Senders,
    cloud_event,
    deliver,
    senders,
    severity,
    watch,
)
from boxout.project import Project, open_project

PAGE: Final = 1000
AWAY_S_MAX: Final = 300
"""Seconds between two tries of a channel or a ledger that is away."""

Kind = Annotated[list[str] | None, typer.Option("--kind", "-k", help="Only these kinds.")]
OfTable = Annotated[str, typer.Option("--table", "-t", help="Only of this table.")]
AtLeast = Annotated[str, typer.Option("--severity", help="info, warning or error, and worse.")]
After = Annotated[
    int | None, typer.Option("--after", min=0, help="All that follow this entry, oldest first.")
]
Most = Annotated[int, typer.Option("--limit", min=1, help="The latest so many, without --after.")]
Lines = Annotated[
    bool, typer.Option("--json", help="CloudEvents 1.0 on stdout, each on a line of its own.")
]
AsLineage = Annotated[
    bool,
    typer.Option(
        "--openlineage", help="Runs as OpenLineage events, each on a line; only --after chooses."
    ),
]
Post = Annotated[
    bool, typer.Option("--post", help="Send them to $OPENLINEAGE_URL, each once, and in order.")
]
Watch = Annotated[bool, typer.Option("--watch", help="Go on for ever; end it with Ctrl-C.")]
Every = Annotated[float, typer.Option("--every", min=0.1, help="Seconds between two looks.")]


def events_(
    asked: Range = None,
    kind: Kind = None,
    table: OfTable = "",
    at_least: AtLeast = "info",
    after: After = None,
    limit: Most = 50,
    is_lineage: AsLineage = False,
    is_posted: Post = False,
    project: Folder = HERE,
    json: Lines = False,
) -> None:
    """What happened, in order: publications, rollbacks, what was withheld or refused, runs."""
    opened, where = open_project(project), span(asked) if asked else EVERYTHING
    if is_lineage or is_posted:
        lineage_events(opened, after or 0, is_posted=is_posted)
        return
    if table:
        known_table(opened, table)
    if at_least not in SEVERITIES:
        raise DefinitionError(f"--severity {at_least}: say one of {', '.join(SEVERITIES)}")
    with closing(opened.ledger()) as ledger:
        found = (
            one
            for one in _following(ledger, after or 0)
            if (not kind or one.kind in kind)
            and table in {"", one.table}
            and SEVERITIES.index(severity(one)) >= SEVERITIES.index(at_least)
            and (not asked or _is_within(one, where))
        )
        kept = list(found if after is not None else deque(found, limit))
    if json:
        sys.stdout.writelines(_line(opened, one) for one in kept)
    else:
        names = ("entry", "at", "", "kind", "table", "partitions", "publication", "cause")
        show.grid([_row(one) for one in kept], names)


def _following(ledger: Ledger, after: int) -> Iterator[Entry]:
    while page := ledger.outbox(after, PAGE):
        yield from page
        after = page[-1].entry


def _is_within(one: Entry, where: Span) -> bool:
    """Whether an entry speaks of a date or a game that was asked for; a run speaks of none."""
    if where.game is not None:
        return one.first <= where.game <= one.last
    return bool(one.first) and one.first[:10] <= where.last and one.last[:10] >= where.first


def _line(project: Project, one: Entry) -> str:
    return to_text.dumps(cloud_event(one, project.notify.source), ensure_ascii=False) + "\n"


def _row(one: Entry) -> tuple[object, ...]:
    reach = one.first if one.partitions == 1 else f"{one.first} .. {one.last}" if one.first else ""
    many = f" ({one.partitions})" if one.partitions > 1 else ""
    cause = (one.cause or str(one.details.get("file", ""))).partition("\n")[0]
    table = one.table or one.run
    return (one.entry, show.moment(one.at), severity(one), one.kind, table, reach + many,
            one.publication, cause)  # fmt: skip


def notify_(
    is_watching: Watch = False,
    every: Every = 10.0,
    project: Folder = HERE,
    json: AsJson = False,
) -> None:
    """Tell the channels of boxout.toml what happened, and that nothing did where something should.

    What a channel does not take is kept, and sent at the next try. With --watch it goes on.
    """
    opened = open_project(project)
    if not opened.notify.channels:
        raise DefinitionError(
            f"{opened.folder / 'boxout.toml'}: nobody is told, there is no channel. Write"
            " [notify.channels.NAME] with an url; see docs/how-to/notifications.md"
        )
    send = senders(os.environ)
    if is_watching:
        _watch(opened, send, every)
    silent, done = _look(opened, send)
    if not json:
        for one in done:
            show.say(_told(one))
    lacking = [one.error for one in done if one.error is not None]
    error = ChannelUnavailable(f"{'; '.join(lacking)}. It is kept, and sent at the next try.")
    answer = {"channels": done, "silent": [one.cause for one in silent]}
    show.finish(answer, error if lacking else None, is_json=json)


def _look(project: Project, send: Senders) -> tuple[list[Entry], list[Delivery]]:
    """First whether something is too quiet, then every channel, whatever the others take."""
    settings = project.notify
    with closing(project.ledger()) as ledger:
        silent = watch(ledger, project.pipeline, project.graph, settings.silence_after_h)
        done = [deliver(ledger, one, settings, send) for one in settings.channels]
    return silent, done


def _watch(project: Project, send: Senders, every_s: float) -> None:
    """Look for ever; what is away is tried again later, and later each time."""
    failures = 0
    while True:
        try:
            _, done = _look(project, send)
            lacking = [one for one in done if one.error is not None]
            for one in done:
                if one.sent or one.error is not None:
                    show.say(_told(one))
            failures = failures + 1 if lacking else 0
        except StoreUnavailable as error:
            failures += 1
            show.tell(f"{error} It is asked again.")
        sleep(min(every_s * 2**failures, AWAY_S_MAX))


def _told(one: Delivery) -> str:
    again = f", {one.repeated} told before" if one.repeated else ""
    failed = f"; {one.error}" if one.error else ""
    return f"{one.channel}: {one.sent} sent{again}, up to entry {one.upto}{failed}"
