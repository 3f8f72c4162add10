"""Runs as OpenLineage events: on stdout, or to a collector."""

import os
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any, Final

from boxout.cli import show
from boxout.errors import DefinitionError
from boxout.ledger import Cursor
from boxout.project import Project
from boxout.telemetry import as_line, poster, run_events

READER: Final = "openlineage"
URL: Final = "OPENLINEAGE_URL"


def lineage_events(project: Project, after: int, *, is_posted: bool) -> None:
    """Print the events told after an entry; or send those that the collector has not taken yet."""
    namespace = project.notify.source.strip("/")
    with closing(project.ledger()) as ledger:
        events = run_events(ledger, project.graph, namespace)
        if not is_posted:
            sys.stdout.writelines(as_line(made) + "\n" for at, made in events if at > after)
            return
        post, seen, sent = _post(), ledger.cursor(READER).entry, 0
        for at, made in events:
            if at > seen:
                post(made)
                sent += 1
                # A landing has two events at one entry: the cursor goes on with the second.
                is_whole = made.eventType.value != "START" or made.job.name == "run"
                if is_whole:
                    ledger.advance(READER, Cursor(at, ""))
    show.say(f"{READER}: {show.many(sent, 'event')} sent")


def _post() -> Callable[[Any], None]:
    url = os.environ.get(URL, "")
    if not url:
        raise DefinitionError(f"the environment has no {URL}; it says where events are sent to")
    return poster(url, os.environ.get("OPENLINEAGE_API_KEY", ""))
