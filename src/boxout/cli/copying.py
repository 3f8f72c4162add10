"""`boxout copy`: a project into other stores."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from boxout.cli import show
from boxout.cli.options import HERE, AsJson, Folder, Wait
from boxout.errors import DefinitionError
from boxout.project import Project, open_project
from boxout.run.copying import Copied, Side, copy

To = Annotated[Path, typer.Argument(help="The folder of a project whose stores are empty.")]


def copy_(
    to: To,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Copy a whole project into other stores: every version, every publication, the ledger.

    The other folder's boxout.toml names the stores, which are empty; the pipeline is the same.
    Every row is read back and compared before the copy counts. The source is only read.
    """
    source, target = open_project(project), open_project(to)
    _refuse_other(source, target)
    with _reading(source, wait) as here, _writing(target, wait) as there:
        done = copy(source.graph, here, there)
    if not json:
        _show(done, to)
    show.finish(done._asdict(), None, is_json=json)


def _refuse_other(source: Project, target: Project) -> None:
    """Rows of one pipeline mean nothing to another; a store cannot be copied onto itself."""
    names = (source.pipeline.name, target.pipeline.name)
    if names[0] != names[1]:
        raise DefinitionError(
            f"{target.folder} is a project of pipeline {names[1]}, {names[0]} expected."
            " Nothing was copied."
        )
    if source.stores & target.stores:
        raise DefinitionError(
            f"{target.folder} uses a store of {source.folder}: {', '.join(source.stores & target.stores)}."
            " Nothing was copied. Next: name an empty ledger and an empty warehouse there."
        )


@contextmanager
def _reading(project: Project, wait_s: float) -> Generator[Side]:
    with project.rows(wait_s) as warehouse, closing(project.ledger()) as ledger:
        yield Side(project.compiled(), ledger, warehouse)


@contextmanager
def _writing(project: Project, wait_s: float) -> Generator[Side]:
    warehouse: Any = project.warehouse(wait_s)
    with closing(warehouse), closing(project.ledger()) as ledger:
        yield Side(project.compiled(), ledger, warehouse)


def _show(done: Copied, to: Path) -> None:
    show.grid([(name, rows) for name, rows in done.rows.items() if rows], ("table", "rows"))
    show.say(
        f"{show.many(done.versions, 'version')} and {show.many(done.publication, 'publication')}"
        f" are in {to} as they are here; {show.many(done.set_aside, 'row')} in quarantine."
        f" Every row was read back. Next: boxout audit -p {to}"
    )
