"""`boxout expect`."""

from contextlib import closing

from boxout.asked import span
from boxout.cli import show
from boxout.cli.asking import latest
from boxout.cli.expect_view import Asked, show_expected
from boxout.cli.options import HERE, AsJson, Folder, Range
from boxout.project import open_project
from boxout.report import expected, look_at_arrivals, only


def expect_(asked: Range = None, project: Folder = HERE, json: AsJson = False) -> None:
    """What is expected on a date, what is there of it, and what is missing, moved or waived.

    One line per game: what the schedule says, and how each source stands. Without a date: the
    latest seven, up to today, that have a schedule. It only reports: it ends with 0 also when
    something is missing. `boxout run` is what ends with 3 then.
    """
    opened = open_project(project)
    with closing(opened.ledger()) as ledger:
        first, last, game = span(asked) if asked else (*latest(opened, ledger), None)
        seen = look_at_arrivals(ledger, opened.pipeline, opened.graph, first, last)
        found = expected(seen, first, last)
    if game is not None:
        found = only(found, game)
    calendar = opened.pipeline.calendar
    words = Asked(first, last, game, calendar.table.name, calendar.scheme.name)
    show.as_json(found) if json else show_expected(found, words)
