"""`boxout repair`, `recheck`, `waiting`, `gc`: what keeps a project fresh, checked and small."""

from contextlib import closing
from time import sleep
from typing import Annotated

import typer

from boxout.asked import EVERYTHING, span
from boxout.cli import show
from boxout.cli.options import HERE, AsJson, Folder, Range, Wait
from boxout.cli.progress import counting
from boxout.cli.running import said, verdict
from boxout.errors import StoreUnavailable, Withheld
from boxout.model.partitions import AFTER
from boxout.project import Project, open_project
from boxout.run import RunResult
from boxout.run.collect import collect
from boxout.run.recheck import recheck, take_back
from boxout.run.repair import has_work, mend, repair

AWAY_S_MAX = 60
"""Seconds between two questions to a store that is away."""

Watch = Annotated[bool, typer.Option("--watch", help="Go on for ever; end it with Ctrl-C.")]
Every = Annotated[float, typer.Option("--every", min=0.1, help="Seconds between two looks.")]
TakeBack = Annotated[
    bool, typer.Option("--take-back", help="Roll back what fails, with all that came from it.")
]
Keep = Annotated[int, typer.Option("--keep", min=0, help="Publications that stay readable.")]
OlderThan = Annotated[
    float, typer.Option("--older-than", min=0, help="Hours that nothing is touched at all.")
]


def repair_(
    asked: Range = None,
    watch: Watch = False,
    every: Every = 1.0,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Compute again whatever is stale, in the order of the graph, until all is fresh.

    With --watch it goes on: what arrives is computed at once, what waits is looked at when its
    time comes. Between two looks the warehouse is free for others.
    """
    opened, where = open_project(project), span(asked) if asked else EVERYTHING
    if watch:
        _watch(opened, every, wait)
    with opened.working(wait) as engine, counting("partitions", 0) as count:
        results = repair(engine, where.first, where.last, lambda done, _: count.reach(done))
    last = results[-1]
    if not json:
        for result in results:
            _tell(result)
    show.finish(said(last, []), verdict(last), is_json=json)


def _watch(project: Project, every_s: float, wait_s: float) -> None:
    """Look for ever; a store that is away is asked again later, and later each time."""
    failures = 0
    while True:
        try:
            _look(project, max(wait_s, every_s))
            failures = 0
        except StoreUnavailable as error:
            failures += 1
            show.tell(f"{error} It is asked again.")
        sleep(min(every_s * 2**failures, AWAY_S_MAX))


def _look(project: Project, wait_s: float) -> None:
    with closing(project.ledger()) as ledger:
        if not has_work(ledger, project.compiled()):
            return
    with project.working(wait_s) as engine:
        mended = mend(engine)
    for result in mended.results:
        _tell(result)


def _tell(result: RunResult) -> None:
    kinds = said(result, [])["outcomes"]
    told = ", ".join(f"{count} {kind}" for kind, count in kinds.items()) or "nothing to do"
    show.say(f"run {result.run}: {told}")


def recheck_(
    asked: Range = None,
    is_taken_back: TakeBack = False,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Ask every check of every public version again; what fails now can be taken back."""
    opened, where = open_project(project), span(asked) if asked else EVERYTHING
    with opened.working(wait) as engine:
        failed = recheck(engine, where.first, where.last)
        taken = take_back(engine, failed) if is_taken_back else None
    rows = [
        {"unit": unit, "partition": partition, "reasons": [str(r) for r in outcome.reasons]}
        for (unit, partition), outcome in failed.items()
    ]
    number = taken[1] if taken else None
    if not json:
        show.grid([(r["unit"], r["partition"], "; ".join(r["reasons"])) for r in rows],
                  ("unit", "partition", "fails"))  # fmt: skip
        show.say(
            f"{show.many(len(rows), 'partition')} fail; publication {number or 'none'} took them back."
        )
    is_left = bool(rows) and number is None
    error = Withheld("Some of what is public fails its checks. See: boxout recheck --take-back")
    show.finish({"failed": rows, "publication": number}, error if is_left else None, is_json=json)


def waiting(project: Folder = HERE, json: AsJson = False) -> None:
    """What was asked for and is not public: since when, the next look, until when, and why."""
    with closing(open_project(project).ledger()) as ledger:
        work = ledger.work("", AFTER)
    if not json:
        rows = [
            (w.partition, w.unit, w.ended or f"looks at {show.moment(w.look_at)}",
             w.looks, show.moment(w.deadline), w.reason)
            for w in work
        ]  # fmt: skip
        show.grid(rows, ("partition", "unit", "", "looks", "until", "because"))
    show.finish({"work": work}, None, is_json=json)


def gc(
    keep: Keep = 100,
    older_than: OlderThan = 24,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Delete rows that nobody can need: not public, not in a kept publication, not in work.

    And what happened over 30 days ago, once everybody who is told of it has been.
    """
    with open_project(project).working(wait) as engine:
        gone = collect(engine, keep, older_than * 3600)
    if not json:
        told = ", ".join(f"{show.many(n, 'version')} of {table}" for table, n in gone.items())
        show.say(f"deleted: {told or 'nothing'}")
    show.finish({"deleted": gone}, None, is_json=json)
