"""`boxout status`, `boxout why`, `boxout history`."""

from contextlib import closing

from boxout.asked import known, span
from boxout.cli import show
from boxout.cli.options import HERE, AsJson, Folder, OnePartition, OneTable, Range
from boxout.cli.status_view import show_status
from boxout.cli.why_view import show_why
from boxout.errors import NotReady, StoreUnavailable
from boxout.ledger import Ledger
from boxout.model.partitions import AFTER, date_of
from boxout.project import Project, open_project
from boxout.report import Seen, Shown, Why, examples, history, look, status, why

LATEST_DAYS = 7


def status_(asked: Range = None, project: Folder = HERE, json: AsJson = False) -> None:
    """Dates by tables: how many partitions are fresh, stale, waiting, withheld, missing.

    Without a date: the latest seven, up to today, that have a schedule.
    """
    opened = open_project(project)
    with closing(opened.ledger()) as ledger:
        first, last = span(asked)[:2] if asked else latest(opened, ledger)
        found = status(_seen(opened, ledger, first, last), first, last)
    show.as_json(found) if json else show_status(found, tuple(opened.graph.tables), first, last)


def latest(project: Project, ledger: Ledger) -> tuple[str, str]:
    """The first and the last of the latest dates, up to today, that the calendar has spoken of.

    A schedule is published months ahead: what is to come counts only where nothing has been yet.
    """
    table = project.pipeline.calendar.table.name
    today, head = date_of(ledger.now()), ledger.head()
    days = ledger.keys_before(table, today + AFTER, head, LATEST_DAYS)
    days = days[::-1] or ledger.keys_after(table, today, head, LATEST_DAYS)
    if not days:
        raise NotReady(
            f"no {table} has been landed yet, so there is no date to tell of."
            " Next: boxout land FILE"
        )
    return date_of(days[0]), date_of(days[-1])


def why_(
    table: OneTable, partition: OnePartition, project: Folder = HERE, json: AsJson = False
) -> None:
    """Why a table's partition is as it is, with both sides of every comparison."""
    opened = open_project(project)
    with closing(opened.ledger()) as ledger:
        known(opened, ledger, table, partition)
        day = date_of(partition)
        answer = why(_seen(opened, ledger, day, day), table, partition)
    rows, lacking = _examples(opened, answer)
    if json:
        show.as_json({**show.plain(answer), "examples": rows, "examples_lacking": lacking})
    else:
        show_why(answer, rows, lacking)


def _examples(project: Project, answer: Why) -> tuple[dict[str, list[dict[str, object]]], str]:
    """Rows of what was withheld, by check; or why they cannot be shown."""
    if answer.state != "withheld":
        return {}, ""
    written = {project.graph.tables[table]: version for table, version in answer.written}
    try:
        with project.rows() as warehouse:
            return {
                one.check: examples(warehouse, project.pipeline, one, answer.partition, written)
                for one in answer.not_passed
            }, ""
    except (StoreUnavailable, NotReady) as error:
        return {}, str(error)


def _seen(project: Project, ledger: Ledger, first: str, last: str) -> Seen:
    return look(ledger, project.pipeline, project.graph, project.fingerprints(), first, last)


def history_(
    table: OneTable, partition: OnePartition, project: Folder = HERE, json: AsJson = False
) -> None:
    """Every version of a table's partition that was ever public, newest first."""
    opened = open_project(project)
    with closing(opened.ledger()) as ledger:
        known(opened, ledger, table, partition)
        rows = history(ledger, table, partition)
    if json:
        show.as_json(rows)
    elif not rows:
        show.say(f"{table} {partition} was never public. See: boxout why {table} {partition}")
    else:
        names = ("publication", "at", "version", "rows", "unit", "attempt", "readers see it", "")
        show.grid([_row(row) for row in rows], names)


def _row(one: Shown) -> tuple[object, ...]:
    version = "withdrawn" if one.version is None else one.version
    public = "yes" if one.is_public else ""
    at = show.moment(one.at)
    told = "" if one.kind == "normal" else f"{one.kind.upper()}: {one.reason}"
    return (one.publication, at, version, one.rows, one.unit, one.attempt, public, told)
