"""`boxout report`: the quality of dates or of a season, as a page and in a few lines."""

from contextlib import closing
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from boxout.asked import span
from boxout.cli import show
from boxout.cli.asking import latest
from boxout.cli.auditing import looking
from boxout.cli.options import HERE, AsJson, Folder, Range, Wait
from boxout.cli.report_view import show_report
from boxout.errors import DefinitionError
from boxout.pages import prepared, quality_page
from boxout.pages.words import days
from boxout.project import Project, open_project
from boxout.report import Report, report, season

Season = Annotated[str, typer.Option("--season", help="A whole season: 2023-24.")]
Into = Annotated[
    Path | None, typer.Option("--into", help="The file of the page; quality-DATE.html without it.")
]
Brief = Annotated[bool, typer.Option("--summary", help="Only tell; write no page.")]


class Dates(NamedTuple):
    """The dates of a report, how they are called, and the name of its file."""

    first: str
    last: str
    title: str
    file: str


def report_(
    asked: Range = None,
    named: Season = "",
    into: Into = None,
    is_brief: Brief = False,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """The quality of a date, of dates or of a season: a page that needs no network, and a summary.

    What is public and what is not, what was checked and did not pass, how the numbers are spread
    beside the rest of the season, which sources came late or again, what people forced. Without a
    date: the latest one.
    """
    if not is_brief:
        prepared()
    opened = open_project(project)
    dates = _dates(opened, asked, named)
    with looking(opened, wait) as engine:
        found = report(engine, dates.first, dates.last)
    path = None if is_brief else _written(found, dates, into)
    if json:
        show.as_json({**show.plain(found), "title": dates.title, "page": path})
    else:
        show_report(found, dates.title, path)


def _dates(project: Project, asked: list[str] | None, named: str) -> Dates:
    if asked and named:
        raise DefinitionError(f"a date or --season, not both: {' '.join(asked)} and {named}")
    with closing(project.ledger()) as ledger:
        if named:
            dates = season(ledger, project.pipeline.calendar, named)
            return Dates(*dates, f"Season {named}", f"quality-{named}.html")
        first, last = span(asked)[:2] if asked else (latest(project, ledger)[1],) * 2
    name = first if first == last else f"{first}-to-{last}"
    return Dates(first, last, days(first, last), f"quality-{name}.html")


def _written(found: Report, dates: Dates, into: Path | None) -> Path:
    path = into or Path(dates.file)
    page = quality_page(found, dates.title)
    try:
        path.write_text(page, "utf-8")
    except OSError as error:
        raise DefinitionError(
            f"{path}: the page cannot be written: {error.strerror}. Nothing else was changed."
        ) from error
    return path
