"""`boxout land`: which file goes through which reader, and what became of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

import typer

from boxout.asked import span
from boxout.cli import show
from boxout.cli.deciding import Reason as Because
from boxout.cli.deciding import reason_of
from boxout.cli.held_back import whole_files
from boxout.cli.options import HERE, AsJson, Folder, Force, Wait
from boxout.cli.progress import counting
from boxout.errors import BoxoutError, DefinitionError, StoreUnavailable, Withheld
from boxout.graph.order import near
from boxout.model import Reader
from boxout.project import Project, open_project
from boxout.report import grouped, unlisted
from boxout.run import Drift, Engine, Landed, find_readers, land

QUARANTINE = "SELECT * FROM boxout.quarantine"


class How(NamedTuple):
    """How files are landed: columns by other names, dates they speak for, why they are meant."""

    columns: Mapping[str, str]
    covers: tuple[str, str] | None = None
    accept: str = ""
    forced: str | None = None


AS_IT_IS: Final = How({})


class Refused(NamedTuple):
    """A file of which nothing was landed."""

    path: Path
    error: BoxoutError


def land_(
    paths: Annotated[list[Path], typer.Argument(help="Files a reader knows, or folders of them.")],
    reader: Annotated[str, typer.Option(help="The reader; otherwise all that know the file.")] = "",
    column: Annotated[
        list[str] | None, typer.Option("--map", help="needed=found, a column by another name.")
    ] = None,
    covers: Annotated[
        str, typer.Option(help="FIRST..LAST: the dates of which the calendar's file says all.")
    ] = "",
    accept: Annotated[
        str, typer.Option(help="Why a file is meant that is not like those before it; on record.")
    ] = "",
    force: Force = False,
    reason: Because = "",
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Land files: rows in as a new version, bad rows in quarantine with their reason.

    A file that holds several tables is landed through a reader for each. Each file stands for
    itself: one that is refused does not hold up the others. Exit code 4 when a file was refused,
    rows were set aside, or partitions did not pass or are not on the schedule; the rest is public.
    Rows that speak against nothing, as games whose teams are not decided yet, are told and no
    fault. A file whose columns, types, units or id formats are not those of the files before it is
    refused whole, with what it would break; --accept lands it. With --covers, a date between the two that the file does not name has
    nothing on it, and is known to be empty. --force with a --reason publishes what is left of a file
    past whatever speaks against it, and is marked so for ever; what was set aside stays there.
    """
    forced = reason_of(is_forced=force, reason=reason)
    opened = open_project(project)
    files, unknown = chosen_files(opened, expanded(opened, paths), reader)
    columns = mapped(column or (), [one for _, one in files])
    dates = _dates(opened, covers, files)
    how = How(columns, dates, accept, forced)
    done = landed_all(opened, files, unknown, how, wait_s_max=wait)
    if not json:
        show_landed(done.landed)
    show.finish(done.answer(), done.error(), is_json=json)


class Outcome(NamedTuple):
    """What became of many files: of each, and of the partitions that the calendar does not list."""

    project: Project
    landed: list[Landed]
    refused: list[Refused]
    not_tried: list[Path]
    stray: dict[str, str | None]

    def answer(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "landed": [*map(_said, self.landed)],
            "refused": [*map(_told, self.refused)],
            "not_tried": self.not_tried,
            "not_listed": self.stray,
        }

    def error(self) -> BoxoutError | None:
        """The error to end with; None when all is public."""
        left = _left_open(self.project, self.landed, self.stray)
        return verdict(self.landed, self.refused, [*_lost(self.not_tried), *left])


def landed_all(
    project: Project,
    files: Sequence[tuple[Path, Reader]],
    unknown: Sequence[Refused] = (),
    how: How = AS_IT_IS,
    *,
    wait_s_max: float,
) -> Outcome:
    """Land files, each through its reader; `unknown` are those that no reader knows."""
    with project.working(wait_s_max) as engine, counting("files", len(files)) as count:
        done = [*unknown, *count.each(_all_landed(engine, files, how))]
        landed = [one for one in done if isinstance(one, Landed)]
        stray = _stray(engine, landed)
    refused = [one for one in done if isinstance(one, Refused)]
    not_tried = [path for path, _ in files[len(done) - len(unknown) :]]
    return Outcome(project, landed, refused, not_tried, stray)


def _dates(
    project: Project, covers: str, files: Sequence[tuple[Path, Reader]]
) -> tuple[str, str] | None:
    if not covers:
        return None
    calendar = project.pipeline.calendar.table
    if any(one.table != calendar for _, one in files):
        raise DefinitionError(f"--covers is for files of {calendar} only. Nothing was landed.")
    where = span([covers])
    return where.first, where.last


def _stray(engine: Engine, landed: Sequence[Landed]) -> dict[str, str | None]:
    """What was landed for partitions that the calendar does not list."""
    calendar = engine.pipeline.calendar
    mine = [one for one in landed if engine.graph.tables[one.table].scheme == calendar.scheme]
    there = {p for one in mine for p in (*one.published, *one.unchanged)}
    return unlisted(engine.ledger, calendar, sorted(there))


def _not_listed(project: Project, stray: Mapping[str, str | None]) -> Iterator[str]:
    if stray:
        source = project.pipeline.calendar.table.name
        told = [p + (f" (did you mean {slip}?)" if slip else "") for p, slip in stray.items()]
        yield (
            f"{show.many(len(stray), 'partition')} that {source} does not list, so nothing is"
            f" computed from them: {show.listed(told)}"
        )


def _left_open(
    project: Project, landed: Sequence[Landed], stray: Mapping[str, str | None]
) -> Iterator[str]:
    yield from _not_listed(project, stray)
    reasons = {reason for one in project.pipeline.readers for reason in one.unresolved}
    rows = sum(one.rejected.get(reason, 0) for one in landed for reason in reasons)
    if rows:
        yield f"To be resolved: {show.many(rows, 'row')}. See: boxout resolve"


def _lost(not_tried: Sequence[Path]) -> Iterator[str]:
    if not_tried:
        yield f"Not tried: {show.listed(list(map(str, not_tried)))}"


def _all_landed(
    engine: Engine,
    files: Sequence[tuple[Path, Reader]],
    how: How,
) -> Iterator[Landed | Refused]:
    """Each file in turn, until a store gives out: then no other file would fare better."""
    for path, reader in files:
        needs = {need: found for need, found in how.columns.items() if need in reader.needs}
        try:
            yield land(
                engine, path, reader, needs, how.covers, accept=how.accept, forced=how.forced
            )
        except (Withheld, DefinitionError) as error:
            yield Refused(path, error)
        except StoreUnavailable as error:
            yield Refused(path, error)
            return


def expanded(project: Project, paths: Iterable[Path]) -> list[Path]:
    """The files, each once, and those of the folders that some reader knows by name."""
    found: dict[Path, None] = {}
    for path in paths:
        found |= dict.fromkeys(_in_folder(project, path) if path.is_dir() else (path,))
    return list(found)


def _in_folder(project: Project, folder: Path) -> list[Path]:
    patterns = {pattern for one in project.pipeline.readers for pattern in one.file_patterns}
    files = {file for pattern in patterns for file in folder.glob(pattern) if file.is_file()}
    if not files:
        raise DefinitionError(
            f"{folder}: no file here that a reader knows; they know {', '.join(sorted(patterns))}."
            " Nothing was landed."
        )
    return sorted(files)


def chosen_files(
    project: Project, paths: Iterable[Path], name: str
) -> tuple[list[tuple[Path, Reader]], list[Refused]]:
    """Every file with each of its readers, the calendar's first; and files that none of them knows."""
    files: list[tuple[Path, Reader]] = []
    refused: list[Refused] = []
    for path in paths:
        try:
            files += [(path, one) for one in find_readers(project.pipeline, path, name)]
        except Withheld as error:
            refused.append(Refused(path, error))
    calendar = project.pipeline.calendar.table
    return sorted(files, key=lambda of: of[1].table != calendar), refused


def mapped(pairs: Iterable[str], readers: Sequence[Reader]) -> dict[str, str]:
    """--map as needed column to found column; refused when no reader needs such a column."""
    needs = dict.fromkeys(need for reader in readers for need in reader.needs)
    columns: dict[str, str] = {}
    for pair in pairs:
        need, equals, found = pair.partition("=")
        if not equals or not need or not found:
            raise DefinitionError(f"--map {pair}: write needed=found. Nothing was landed.")
        if need not in needs:
            named = " or ".join(dict.fromkeys(reader.name for reader in readers))
            raise DefinitionError(
                f"--map {pair}: {named} needs no column {need}{near(need, needs)}."
                " Nothing was landed."
            )
        if columns.get(need, found) != found:
            raise DefinitionError(
                f"--map: {need} is to be both {columns[need]} and {found}. Nothing was landed."
            )
        columns[need] = found
    return columns


def verdict(
    landed: Sequence[Landed], refused: Sequence[Refused], others: Sequence[str] = ()
) -> BoxoutError | None:
    """The error to end with: the one whose next step comes first, with all that needs a look."""
    parts = [*(str(one.error) for one in refused), *others]
    rows = sum(one.faults for one in landed)
    back = sum(len(one.withheld) for one in landed)
    if rows:
        files = [one.file for one in landed if one.faults]
        name = files[0].replace("'", "''")
        where = f" WHERE file = '{name}'" if len(files) == 1 else ""
        parts.append(
            f"{show.many(rows, 'row')} set aside, in quarantine; the others are landed.\n"
            f'See: boxout query "{QUARANTINE}{where}"'
        )
    if back:
        one = next(one for one in landed if one.withheld)
        parts.append(
            f"{show.many(back, 'partition')} not public; readers still see what they saw.\n"
            f"See: boxout why {one.table} {one.withheld[0]}"
        )
        parts += whole_files(landed)
    kinds = {type(one.error) for one in refused} | ({Withheld} if parts else set())
    worst = next((k for k in (StoreUnavailable, DefinitionError, Withheld) if k in kinds), None)
    return worst("\n\n".join(parts)) if worst else None


def show_landed(landed: Sequence[Landed]) -> None:
    """What became of each file, and why what stayed back did."""
    if not landed:
        return
    names = (
        *("file", "table", "version", "rows", "public", "unchanged", "withheld", "set aside"),
        "like before",
    )
    show.grid([_row(one) for one in landed], names)
    for one in landed:
        for line in notes(one):
            show.say(line)


def _row(one: Landed) -> tuple[Any, ...]:
    counts = (len(one.published), len(one.unchanged), len(one.withheld))
    aside = sum(one.rejected.values())
    return (one.file, one.table, one.version, one.rows, *counts, aside, _like_before(one.drift))


def _like_before(drift: Drift) -> str:
    """Whether the file is like those before it; what could not be compared is not taken for alike."""
    if not drift.compared:
        return "nothing to compare with"
    told = f"no, {show.many(len(drift.found), 'difference')}" if drift.found else "yes"
    return f"{told}, few rows" if drift.not_compared else told


def notes(one: Landed) -> Iterator[str]:
    """What was set aside or withheld of a file, and how it differs from those before it."""
    if one.rejected or one.withheld or one.drift.found or one.accepted:
        yield f"\n{one.file}"
    if one.accepted:
        yield f"  accepted   {one.accepted}; the next files are compared with this one"
    yield from (f"  drift      {found}" for found in one.drift.found)
    for reason, count in one.rejected.items():
        lines = list(map(str, one.lines.get(reason, ())))
        more = f" and {count - len(lines)} more" if count > len(lines) else ""
        named = f"line {lines[0]}" if count == 1 else f"lines {', '.join(lines)}{more}"
        note = " (no fault)" if reason in one.harmless and one.rows else ""
        yield f"  set aside  {show.many(count, 'row')}: {reason}, {named}{note}"
    told = ((one.table, p, "withheld", one.reasons[p]) for p in one.withheld)
    for group in grouped(told):
        count = show.many(len(group.partitions), "partition")
        yield f"  withheld   {count}: {show.listed(group.partitions)}"
        yield from (f"             {reason}" for reason in group.reasons)


def _said(one: Landed) -> dict[str, Any]:
    return {
        "file": one.file,
        "table": one.table,
        "version": one.version,
        "publication": one.publication,
        "rows": one.rows,
        "public": one.published,
        "unchanged": one.unchanged,
        "withheld": {p: [str(reason) for reason in one.reasons[p]] for p in one.withheld},
        "drift": one.drift,
        "accepted": one.accepted,
        "set_aside": [
            {
                "reason": reason,
                "rows": count,
                "lines": one.lines.get(reason, ()),
                "is_fault": reason not in one.harmless or not one.rows,
            }
            for reason, count in one.rejected.items()
        ],
    }


def _told(one: Refused) -> dict[str, Any]:
    return {"file": one.path, **show.failure_of(one.error)}
