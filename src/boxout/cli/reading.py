"""`boxout query` and `boxout graph`."""

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, NamedTuple

import typer

from boxout.cli import show
from boxout.cli.options import HERE, AsJson, Folder, Wait
from boxout.deferred import deferred
from boxout.errors import DefinitionError, StoreUnavailable
from boxout.graph import mermaid, tree
from boxout.project import open_project
from boxout.warehouse.bigquery import BigqueryReading

duckdb = deferred("duckdb")


class Answer(NamedTuple):
    """Rows under the names of their columns, each name once."""

    names: list[str]
    rows: list[tuple[Any, ...]]


def query(
    sql: Annotated[str, typer.Argument(help="One statement in the warehouse's SQL.")],
    at: Annotated[int | None, typer.Option("--at", help="As that publication left them.")] = None,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Ask the public tables in SQL. It cannot write, and all rows are shown."""
    opened = open_project(project)
    with opened.reading(wait, at) as connection:
        answer = _interruptible(connection, sql)
    if json:
        show.as_json([dict(zip(answer.names, row, strict=True)) for row in answer.rows])
        return
    show.grid(answer.rows, answer.names)
    show.tell(show.many(len(answer.rows), "row"))


def _interruptible(connection: Any, sql: str) -> Answer:
    """The answer of a statement; DuckDB does not hear Ctrl-C, so that it is told."""
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(_ask, connection, sql)
        try:
            return asked.result()
        except KeyboardInterrupt:
            connection.interrupt()
            raise


def _ask(connection: Any, sql: str) -> Answer:
    if isinstance(connection, BigqueryReading):
        connection.execute(sql)
        return Answer([name for (name,) in connection.description or ()], connection.fetchall())
    try:
        count = len(duckdb.extract_statements(sql))
        if count != 1:
            raise DefinitionError(f"{show.many(count, 'statement')} found, one expected")
        connection.execute(sql)
        names = _unique([column[0] for column in connection.description or ()])
        return Answer(names, connection.fetchall())
    except (duckdb.IOException, duckdb.FatalException, duckdb.OutOfMemoryException) as error:
        raise StoreUnavailable(f"The warehouse could not be read: {error}") from error
    except duckdb.Error as error:
        raise DefinitionError(f"The query was refused, nothing was changed. {error}") from error


def _unique(names: list[str]) -> list[str]:
    """A column named twice gets a number, so that none is lost."""
    seen: dict[str, int] = {}
    unique: list[str] = []
    for name in names:
        count = seen[name] = seen.get(name, 0) + 1
        unique.append(name if count == 1 else f"{name}_{count}")
    return unique


def graph(
    is_mermaid: Annotated[bool, typer.Option("--mermaid", help="As a Mermaid flow chart.")] = False,
    project: Folder = HERE,
    json: AsJson = False,
) -> None:
    """The tables and what they are computed from."""
    opened = open_project(project)
    if json:
        show.as_json({name: sorted(opened.graph.parents(name)) for name in opened.graph.tables})
    else:
        sys.stdout.write(mermaid(opened.graph) if is_mermaid else tree(opened.graph))
