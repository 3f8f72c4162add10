"""`boxout audit`: whether anybody went round the checks."""

from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

import typer

from boxout.asked import EVERYTHING, span
from boxout.cli import show
from boxout.cli.options import HERE, AsJson, Folder, Range, Wait
from boxout.errors import Withheld
from boxout.project import Project, open_project
from boxout.run import Engine
from boxout.run.audit import KINDS, Audited, Oddity, audit, mend

Mend = Annotated[
    bool, typer.Option("--mend", help="First let the warehouse show what the ledger says.")
]
HEADS = ("what", "where", "partition", "version", "found", "needed")


def audit_(
    asked: Range = None,
    is_mended: Mend = False,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Recompute everything that is public and compare: nobody wrote, edited or published past us.

    It only reads. With --mend the pointers and views of the warehouse are first set as the ledger
    says; rows are never touched.
    """
    opened, where = open_project(project), span(asked) if asked else EVERYTHING
    if is_mended:
        with opened.working(wait) as engine:
            mend(engine)
    with looking(opened, wait) as engine:
        found = audit(engine, where.first, where.last)
    if not json:
        _show(found)
    error = Withheld(
        f"{show.many(len(found.faults), 'fault')} found. Nothing was changed. Next:\n"
        + "\n".join(f"  {step}" for step in _steps(found.faults))
    )
    show.finish({**found._asdict(), "kinds": KINDS}, error if found.faults else None, is_json=json)


@contextmanager
def looking(project: Project, wait_s: float) -> Generator[Engine]:
    """An engine on stores that it cannot write to: the ledger is asked, the warehouse is read."""
    with project.planning() as engine, project.rows(wait_s) as warehouse:
        yield replace(engine, warehouse=warehouse)


def _show(found: Audited) -> None:
    rows = [one[:-1] for one in (*found.faults, *found.told)]
    if rows:
        show.grid(rows, HEADS)
    kinds = Counter(one.kind for one in found.told)
    told = "".join(f", {count} {kind}" for kind, count in kinds.items())
    show.say(
        f"{show.many(found.partitions, 'public partition')} with {show.many(found.rows, 'row')}"
        f" compared up to publication {found.publication}:"
        f" {show.many(len(found.faults), 'fault')}{told}"
    )


def _steps(faults: Sequence[Oddity]) -> list[str]:
    """What to type next, each once."""
    return list(dict.fromkeys(one.next_step for one in faults))
