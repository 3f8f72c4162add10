"""`boxout gate`: what dbt built, landed only when all that it rests on was built and tested."""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from boxout.cli import show
from boxout.cli.landing import How, Outcome, landed_all, show_landed
from boxout.cli.options import HERE, AsJson, Folder, Wait
from boxout.deferred import deferred
from boxout.errors import BoxoutError, DefinitionError, NotReady, StoreUnavailable
from boxout.integrations.dbt import UNTOUCHED, Built, digest_of, judge_build
from boxout.ledger.records import Entry
from boxout.model import Reader
from boxout.opening import unreadable
from boxout.project import CACHE, Project, open_project
from boxout.run import find_readers

duckdb = deferred("duckdb")

FOLDER: Final = "gated"
MARK: Final = "boxout_invocation"
"""The table into which dbt writes its invocation when it begins, so that nothing it did goes unnoticed."""

RELATION: Final = re.compile(r'"[^"]+"(\."[^"]+"){1,2}')

MARKS: Final = """
-- The schemas that have the table into which dbt writes its invocation.
SELECT table_schema FROM information_schema.tables WHERE table_name = ?
"""


def gate(
    target: Annotated[Path, typer.Argument(help="dbt's target folder, after dbt build.")],
    model: Annotated[
        list[str], typer.Option("--model", help="reader=model: which reader lands which model.")
    ],
    database: Annotated[
        Path | None, typer.Option(help="The DuckDB file that dbt built in; without it, judge only.")
    ] = None,
    accept: Annotated[
        str, typer.Option(help="Why rows are meant that are not like those before; on record.")
    ] = "",
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Land what dbt built, when everything that it rests on was built and tested by the same dbt build.

    Refused whole, for all models together: a model, seed or snapshot upstream that failed, was
    skipped or was not part of this build; a test on any of them that failed or was not evaluated; a
    model without a test of its own; files of two invocations. 3 when something is missing, 4 when
    something failed. What passes is landed as files are, with the checks and exit codes of land.
    """
    opened = open_project(project)
    wanted = _wanted(opened, model)
    with _telling(opened, target, wanted):
        built = judge_build(target, list(wanted))
        files = list(_files(opened, target, database, wanted, built)) if database else []
    if database is None:
        show.finish(_told(built), None, is_json=json)
        return
    done = landed_all(
        opened, _calendar_first(opened, files), (), How({}, accept=accept), wait_s_max=wait
    )
    _finish(built, done, is_json=json)


def _wanted(opened: Project, pairs: Sequence[str]) -> dict[str, Reader]:
    """The reader of each model, by the model's name."""
    wanted: dict[str, Reader] = {}
    for pair in pairs:
        reader, equals, name = pair.partition("=")
        if not reader or not equals or not name or name in wanted:
            raise DefinitionError(
                f"--model {pair}: write reader=model, each model once. {UNTOUCHED}"
            )
        (wanted[name],) = find_readers(opened.pipeline, opened.folder, reader)
    return wanted


@contextmanager
def _telling(opened: Project, target: Path, wanted: Mapping[str, Reader]) -> Generator[None]:
    """Tell of a refusal in the outbox too, once for each table that it keeps back."""
    try:
        yield
    except BoxoutError as refusal:
        _tell(opened, target, wanted, refusal)
        raise


def _tell(
    opened: Project, target: Path, wanted: Mapping[str, Reader], refusal: BoxoutError
) -> None:
    told = str(refusal)
    cause = told.splitlines()[0].rstrip(":")
    details = {"file": str(target), "message": told}
    with closing(opened.ledger()) as ledger:
        ledger.tell(
            [
                Entry(0, "", "refused", "", reader.table.name, "", "", 0, None, None, cause,
                      details | {"reader": reader.name})
                for reader in wanted.values()
            ]
        )  # fmt: skip


def _files(
    opened: Project, target: Path, database: Path, wanted: Mapping[str, Reader], built: Built
) -> Iterator[tuple[Path, Reader]]:
    """The rows of every model, read in one transaction, as files that name the invocation."""
    folder = opened.folder / CACHE / FOLDER / built.invocation
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{reader.name}.parquet" for name, reader in wanted.items()}
    with closing(_opened(database)) as connection:
        connection.execute("BEGIN")
        _refuse_another(connection, database, built)
        for name, path in paths.items():
            _copy(connection, built.models[name].relation, path)
        connection.execute("COMMIT")
    if digest_of(target) != built.digest:
        raise NotReady(f"{target}: dbt ran meanwhile. {UNTOUCHED} Next: boxout gate, again")
    yield from ((path, wanted[name]) for name, path in paths.items())


def _refuse_another(connection: Any, database: Path, built: Built) -> None:
    """The rows are those of the build that was judged: no other invocation has begun since."""
    tables = connection.execute(MARKS, [MARK]).fetchall()
    if len(tables) != 1:
        raise NotReady(
            f"{database}: {len(tables)} tables {MARK} found, 1 needed: it says which invocation of dbt"
            f" wrote here last. {UNTOUCHED} Next: put the line on-run-start of docs/how-to/dbt.md into"
            " dbt_project.yml, then dbt build"
        )
    schema = str(tables[0][0]).replace('"', '""')
    marks = connection.table(f'"{schema}"."{MARK}"').fetchall()
    if marks != [(built.invocation,)]:
        written = ", ".join(str(mark[0]) for mark in marks) or "none"
        raise NotReady(
            f"{database}: invocation {written} began there last, {built.invocation} is what was judged:"
            f" dbt ran again, or is at work. {UNTOUCHED} Next: dbt build"
        )


def _copy(connection: Any, relation: str, path: Path) -> None:
    """Write the rows of a relation, named as dbt quotes it."""
    if not RELATION.fullmatch(relation):
        raise DefinitionError(
            f"{relation}: not a table's name as dbt-duckdb writes it. {UNTOUCHED}"
        )
    try:
        connection.table(relation).write_parquet(str(path))
    except duckdb.Error as error:
        raise DefinitionError(f"{relation}: {str(error).splitlines()[0]}. {UNTOUCHED}") from error


def _opened(database: Path) -> Any:
    if not database.is_file():
        raise DefinitionError(f"{database}: no such file. {UNTOUCHED}")
    try:
        return duckdb.connect(str(database), read_only=True)
    except duckdb.Error as error:
        raise StoreUnavailable(f"{unreadable(database, str(error))} {UNTOUCHED}") from error


def _calendar_first(
    opened: Project, files: Sequence[tuple[Path, Reader]]
) -> list[tuple[Path, Reader]]:
    calendar = opened.pipeline.calendar.table
    return sorted(files, key=lambda of: of[1].table != calendar)


def _told(built: Built) -> dict[str, Any]:
    return {
        "invocation": built.invocation,
        "models": [one._asdict() for one in built.models.values()],
    }


def _finish(built: Built, done: Outcome, *, is_json: bool) -> None:
    if not is_json:
        show.say(
            f"dbt invocation {built.invocation}: {show.many(len(built.models), 'model')} whole."
        )
        show_landed(done.landed)
    show.finish({**_told(built), **done.answer()}, done.error(), is_json=is_json)
