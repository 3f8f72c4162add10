"""The commands. Results on stdout, logs on stderr, exit codes as in --help."""

import re
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from boxout.cli import show
from boxout.errors import BoxoutError, DefinitionError, NotReady, StoreUnavailable, Withheld
from boxout.graph import mermaid, select, tree
from boxout.model import Reader
from boxout.model.outcomes import Waiting, WithheldOutcome
from boxout.model.partitions import date_of, is_partition
from boxout.project import Project, init, open_project
from boxout.report import history, status, why
from boxout.run import RunResult, land, make_plan, run

EXIT_CODES = "\n\n".join(
    ["Exit codes: 0 done; 1 a bug, with its traceback"]
    + [
        f"{e.exit_code} {e.__name__}: {e.next_step}"
        for e in (DefinitionError, NotReady, Withheld, StoreUnavailable)
    ]
    + ["130 interrupted: nothing half-public"]
)
SENTENCE = "Boxout publishes a number only when every input it was computed from was complete, checked, current and public at that very moment."
app = typer.Typer(help=f"{SENTENCE}\n\n{EXIT_CODES}", no_args_is_help=True, add_completion=False)

Folder = Annotated[Path, typer.Option("--project", "-p", help="The project's folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Wait = Annotated[
    float, typer.Option("--wait", help="Seconds to wait for a warehouse that is held.")
]
Select = Annotated[
    str, typer.Option("--select", "-s", help="Tables, in dbt's grammar: +name, name+, a,b.")
]
Range = Annotated[list[str] | None, typer.Argument(help="A date, two dates (a range), or a game.")]
HERE = Path()


def main() -> None:
    """Run the command line; errors made on purpose end with their own exit code."""
    try:
        app(standalone_mode=True)
    except BoxoutError as error:
        show.ERR.print(f"[bold]{type(error).__name__}[/bold]: ", end="")
        show.ERR.print(str(error), markup=False, highlight=False)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        show.ERR.print("Interrupted. What was not published stays invisible; run it again.")
        sys.exit(130)


@app.command("init")
def init_(folder: Annotated[Path, typer.Argument()] = HERE, pipeline: str = "nba") -> None:
    """Write a project file into a folder."""
    show.OUT.print(f"{init(folder, pipeline)} written. Next: boxout land FILE")


@app.command("land")
def land_(  # noqa: PLR0917
    paths: Annotated[list[Path], typer.Argument(help="CSV or Parquet files, or folders of them.")],
    reader: Annotated[str, typer.Option(help="The reader; otherwise by file name.")] = "",
    column: Annotated[
        list[str] | None, typer.Option("--map", help="needed=found, a column by another name.")
    ] = None,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Land files: rows in as a new version, bad rows in quarantine with their reason."""
    opened = open_project(project)
    files = [(path, find_reader(opened, path, reader)) for path in expanded(opened, paths)]
    engine = opened.engine(wait)
    columns = dict(pair.split("=", 1) for pair in column or ())
    done = [land(engine, path, one, columns) for path, one in files]
    rows = [show.landed(one) for one in done]
    show.as_json(rows) if json else show.grid("landed", rows)
    if any(one.withheld for one in done):
        raise Withheld(
            "Some partitions did not pass and are not public; see: boxout why TABLE PARTITION"
        )


def expanded(project: Project, paths: list[Path]) -> list[Path]:
    """The files, and those of the folders that some reader knows, sources of the calendar first."""
    files: list[Path] = []
    for path in paths:
        known = (
            {f for r in project.pipeline.readers for g in r.file_patterns for f in path.glob(g)}
            if path.is_dir()
            else {path}
        )
        if not known:
            raise DefinitionError(f"{path}: no file here that a reader knows. Nothing was landed.")
        first = project.pipeline.calendar.table
        files += sorted(
            known,
            key=lambda f: (path.is_dir() and find_reader(project, f, "").table != first, str(f)),
        )
    return files


def find_reader(project: Project, path: Path, name: str) -> Reader:
    """The reader of this name, or the first whose pattern the file matches."""
    for one in project.pipeline.readers:
        if one.name == name or (
            not name and any(path.match(pattern) for pattern in one.file_patterns)
        ):
            return one
    names = ", ".join(one.name for one in project.pipeline.readers)
    raise DefinitionError(
        f"{path}: no reader {name or 'knows this file name'}. Choose one with --reader: {names}"
    )


def span(asked: list[str] | None) -> tuple[str, str, str | None]:
    """First and last date, and the game when one is asked for."""
    asked = [part for one in asked or [] for part in re.split(r"\.\.|:", one)]
    if not asked or len(asked) > 2 or not all(is_partition(one) for one in asked):
        raise DefinitionError(
            f"{' '.join(asked) or 'nothing'}: say a date (2026-02-03), two dates, or a game (2026-02-03/BOS@LAL)"
        )
    game = asked[0] if "/" in asked[0] else None
    return date_of(asked[0]), date_of(asked[-1]), game


def chosen(project: Project, text: str) -> set[str]:
    """The tables that --select names; all of them without it."""
    return select(project.graph, text) if text else set(project.graph.tables)


@app.command("plan")
def plan_(
    asked: Range = None,
    selected: Select = "",
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Say what would run, wait or be kept, and why. Changes nothing."""
    opened = open_project(project)
    first, last, game = span(asked)
    plan = make_plan(opened.engine(wait), first, last, chosen(opened, selected), game)
    show.as_json(show.steps(plan)) if json else show.grid(
        f"plan at publication {plan.snapshot}", show.steps(plan)
    )


@app.command("run")
def run_(
    asked: Range = None,
    selected: Select = "",
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Bring a date, a range or a game up to date."""
    opened = open_project(project)
    first, last, game = span(asked)
    report(run(opened.engine(wait), first, last, chosen(opened, selected), game=game), json)


@app.command("backfill")
def backfill(
    asked: Range = None,
    selected: Select = "",
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Bring a long range up to date, with a progress bar that counts finished partitions."""
    opened = open_project(project)
    first, last, game = span(asked)
    engine = opened.engine(wait)
    with Progress(console=show.ERR, transient=True) as bar:
        task = bar.add_task("partitions", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        result = run(engine, first, last, chosen(opened, selected), game=game, progress=progress)
    report(result, json)


def report(result: RunResult, is_json: bool) -> None:
    """Show a run; NotReady or Withheld when something asked for is not public."""
    said = show.outcomes(result)
    if is_json:
        show.as_json(said)
    else:
        show.grid(
            f"run {result.run}",
            [{"outcome": k, "partitions": n} for k, n in said["outcomes"].items()],
        )
        for name, reasons in list(said["not public"].items())[:20]:
            show.OUT.print(f"{name}\n  " + "\n  ".join(reasons), markup=False, highlight=False)
    if not result.outcomes:
        raise NotReady(
            "No schedule for these dates has arrived, or no game in them is final. Nothing was computed."
        )
    if result.count(WithheldOutcome):
        raise Withheld(
            f"{result.count(WithheldOutcome)} partitions failed their checks; what was public stays."
        )
    if result.count(Waiting):
        raise NotReady(
            f"{result.count(Waiting)} partitions wait for their inputs; nothing was written for them."
        )


@app.command("status")
def status_(asked: Range = None, project: Folder = HERE, json: AsJson = False) -> None:
    """Dates by tables: how many partitions are fresh, stale, waiting, withheld, missing."""
    opened = open_project(project)
    first, last, _ = span(asked)
    days = status(opened.ledger(), opened.graph, opened.pipeline.calendar.scheme.name, first, last)
    show.as_json(days) if json else show.grid(
        "status", show.status_rows(days, list(opened.graph.tables))
    )


@app.command("why")
def why_(table: str, partition: str, project: Folder = HERE, json: AsJson = False) -> None:
    """Why a table's partition is as it is, with both sides of every comparison."""
    opened = open_project(project)
    known(opened, table, partition)
    answer = why(opened.ledger(), opened.graph, opened.pipeline, table, partition)
    show.as_json(answer) if json else show.grid(
        "why",
        [
            {"what": k, "answer": v if not isinstance(v, list) else "\n".join(v)}
            for k, v in answer.items()
        ],
    )


@app.command("history")
def history_(table: str, partition: str, project: Folder = HERE, json: AsJson = False) -> None:
    """Every version of a table's partition that was ever public."""
    opened = open_project(project)
    known(opened, table, partition)
    rows = history(opened.ledger(), table, partition)
    show.as_json(rows) if json else show.grid(f"{table} {partition}", rows)


def known(project: Project, table: str, partition: str) -> None:
    """Refuse a table or a partition that cannot exist."""
    if table not in project.graph.tables:
        raise DefinitionError(
            f"{table}: no such table; there are {', '.join(project.graph.tables)}"
        )
    if not is_partition(partition):
        raise DefinitionError(
            f"{partition}: not a partition; write 2026-02-03 or 2026-02-03/BOS@LAL"
        )


@app.command("query")
def query(sql: str, project: Folder = HERE, wait: Wait = 0, json: AsJson = False) -> None:
    """Ask the public tables in SQL."""
    rows = open_project(project).warehouse(wait).query(sql)
    show.as_json(rows) if json else show.grid("", rows)


@app.command("graph")
def graph(
    is_mermaid: Annotated[bool, typer.Option("--mermaid")] = False,
    project: Folder = HERE,
    json: AsJson = False,
) -> None:
    """The tables and what they are computed from."""
    opened = open_project(project)
    if json:
        show.as_json({name: sorted(opened.graph.parents(name)) for name in opened.graph.tables})
    else:
        show.OUT.print(
            mermaid(opened.graph) if is_mermaid else tree(opened.graph),
            markup=False,
            highlight=False,
            end="",
        )
