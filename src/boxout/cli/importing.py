"""`boxout import`: a season from a source on the network, kept as files, then landed."""

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Annotated, Any, NamedTuple, TypeAlias

import typer

from boxout.asked import span
from boxout.cli import landing, show
from boxout.cli.options import HERE, AsJson, Folder, Wait
from boxout.cli.progress import counting
from boxout.errors import BoxoutError, DefinitionError, SourceUnavailable
from boxout.graph.order import near
from boxout.importing import Brought, Polite, bring
from boxout.importing import Folder as Kept
from boxout.installed import provided
from boxout.model import Ask, Importer, Wanted
from boxout.model.partitions import AFTER
from boxout.project import Project, open_project
from boxout.run import Landed
from boxout.run.land import digest

IMPORTED = "imported"

Again: TypeAlias = Annotated[bool, typer.Option(help="Ask again for what is in the folder, too.")]
Land: TypeAlias = Annotated[bool, typer.Option("--land/--no-land", help="Land what is there.")]
Skip: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="A kind of answer that is not asked for, as play-by-play.")
]
Into: TypeAlias = Annotated[
    Path | None, typer.Option(help="The folder; imported/NAME/SEASON in the project without it.")
]


class _Asked(NamedTuple):
    importer: Importer
    wanted: Wanted
    skip: list[str]
    into: Path


def import_(
    name: Annotated[str, typer.Argument(help="The importer, as nba-api.")],
    season: Annotated[str, typer.Option(help="The season, as 2025-26.")],
    first: Annotated[str, typer.Option("--from", help="The first date; else the season's.")] = "",
    last: Annotated[str, typer.Option("--to", help="The last date; else the season's.")] = "",
    into: Into = None,
    skip: Skip = None,
    again: Again = False,
    land: Land = True,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Fetch a season into a folder, one file per answer as it came, and land what is new.

    What is in the folder and whole is not asked for again, so an import that was interrupted goes
    on where it stopped. Exit code 5 when the source cannot be reached or refuses: what was
    fetched stays in the folder, nothing is landed. An answer that could not be had after several
    tries does not hold up the others: they are landed, it is named, with exit code 5.
    """
    opened = open_project(project) if land or into is None else None
    folder = into or project / IMPORTED / name / season
    asked = _checked(name, Wanted(season, first, last), skip or [], folder)
    began = datetime.now(UTC) if again else None
    brought, requests = _fetched(asked, began, is_json=json)
    answer: dict[str, Any] = {
        "folder": asked.into,
        "requests": requests,
        "kept": brought.kept,
        "files": len(brought.files),
        "lacking": brought.lacking,
    }
    error: BoxoutError | None = None
    if opened is not None and land:
        done = _landed(opened, brought.files, wait)
        if not json:
            _show(done.landed)
        answer |= done.answer()
        error = done.error()
    show.finish(answer, _also_lacking(brought, error, is_landed=land), is_json=json)


def _checked(name: str, wanted: Wanted, skip: list[str], into: Path) -> _Asked:
    """What was asked for, refused where it cannot be: nothing is asked of anybody yet."""
    importer = provided("importer", name, Importer)
    dates = [one for one in (wanted.first, wanted.last) if one]
    if dates and ("/" in "".join(dates) or span(["..".join(dates)]).game):
        raise DefinitionError(f"{' '.join(dates)}: say a date, as 2026-02-03")
    refusal = importer.refuses(wanted)
    if refusal:
        raise DefinitionError(f"{refusal}. Nothing was fetched.")
    first, *others = importer.rounds
    for one in skip:
        if one not in others:
            slip = near(one, others) or f"; there are {', '.join(others)}"
            told = "the others are asked for by it" if one == first else f"no such kind{slip}"
            raise DefinitionError(f"--skip {one}: {told}. Nothing was fetched.")
    return _Asked(importer, wanted, skip, into)


def _fetched(asked: _Asked, since: datetime | None, *, is_json: bool) -> tuple[Brought, int]:
    kept = Kept(asked.into, lambda: datetime.now(UTC))
    ask = _connected(asked.importer)
    polite = Polite(asked.importer, ask, monotonic, sleep, random.random, show.tell)
    brought = bring(polite, asked.wanted, kept, counting, skip=asked.skip, since=since)
    if not is_json:
        show.say(
            f"{show.many(polite.requests, 'request')}, {brought.kept} answers were there already:"
            f" {show.many(len(brought.files), 'file')} in {asked.into}"
        )
    return brought, polite.requests


def _connected(importer: Importer) -> Ask:
    try:
        return importer.connect()
    except ImportError as error:
        raise DefinitionError(f"{importer.name}: {error}. Nothing was fetched.") from error


def _landed(project: Project, files: Iterable[Path], wait_s_max: float) -> landing.Outcome:
    """Land the calendar's file, and of the others those that have not been public yet.

    A file that was public and is no more gave way to a later arrival: landed again, it would
    displace it.
    """
    chosen, unknown = landing.chosen_files(project, files, "")
    known, calendar = _once_public(project), project.pipeline.calendar.table
    new = [
        (path, reader)
        for path, reader in chosen
        if reader.table == calendar or (digest(path), reader.name) not in known
    ]
    return landing.landed_all(project, new, unknown, wait_s_max=wait_s_max)


def _show(landed: Sequence[Landed]) -> None:
    """A line per table, for there may be thousands of files; and what was set aside or withheld."""
    if not landed:
        return
    names = ("table", "files", "rows", "public", "unchanged", "withheld", "set aside")
    tables = dict.fromkeys(one.table for one in landed)
    show.grid([_totals(t, [one for one in landed if one.table == t]) for t in tables], names)
    for line in (line for one in landed for line in landing.notes(one)):
        show.say(line)


def _totals(table: str, landed: Sequence[Landed]) -> tuple[str | int, ...]:
    partitions = ([len(o.published), len(o.unchanged), len(o.withheld)] for o in landed)
    aside = sum(sum(one.rejected.values()) for one in landed)
    counts = [sum(of) for of in zip(*partitions, strict=True)]
    return (table, len(landed), sum(one.rows for one in landed), *counts, aside)


def _once_public(project: Project) -> set[tuple[str, str]]:
    """The digest and reader of each file of which every row is public, or was."""
    sources = {one.name for one in project.pipeline.sources}
    with project.planning() as engine:
        ledger, head = engine.ledger, engine.ledger.head()
        pointers = [*ledger.moves(0, head), *ledger.pointers(sources, "", AFTER, head)]
        mine = [one for one in pointers if one.table in sources]
        versions = {n for one in mine for n in (one.version, one.basis) if n is not None}
        arrivals = ledger.arrivals(versions)
    return {(one.digest, one.reader) for one in arrivals if not one.rejected}


def _also_lacking(
    brought: Brought, error: BoxoutError | None, *, is_landed: bool
) -> BoxoutError | None:
    if not brought.lacking:
        return error
    told = show.listed([f"{file} ({reason})" for file, reason in brought.lacking.items()])
    rest = "the others are landed" if is_landed else "the others are in the folder"
    lines = [
        f"{show.many(len(brought.lacking), 'answer')} could not be had; {rest}: {told}\n"
        "Run it again later: only what is missing is asked."
    ]
    return SourceUnavailable("\n\n".join([*lines, *([str(error)] if error else [])]))
