"""`boxout docs`: the declarations as pages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from boxout.cli import show
from boxout.cli.options import HERE, AsJson, Folder
from boxout.compiled import compile_all
from boxout.errors import DefinitionError
from boxout.graph import build
from boxout.project import find_pipeline, open_project
from boxout.report import MARK, reference
from boxout.warehouse import DuckdbWarehouse

DOCS: Final = Path("docs")

Into = Annotated[Path, typer.Option("--into", help="The folder of the pages.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; say which pages differ.")]
Named = Annotated[str, typer.Option(help="A pipeline by its entry point, without a project.")]


def docs_(
    into: Into = DOCS,
    is_checked: Check = False,
    pipeline: Named = "",
    project: Folder = HERE,
    json: AsJson = False,
) -> None:
    """Write the pipeline's documentation: a page per table, an index with the graph, all checks.

    It is made from the declarations alone. With --check nothing is written, and exit code 2 says
    that the pages are not those of the declarations.
    """
    chosen = find_pipeline(pipeline) if pipeline else open_project(project).pipeline
    graph = build(chosen)
    pages = reference(chosen, graph, compile_all(chosen, graph.tables, DuckdbWarehouse.dialect))
    apart = differing(into, pages)
    if is_checked:
        show.finish({"differ": apart}, _refusal(into, apart), is_json=json)
        told = f"{show.many(len(pages), 'page')} in {into}, as the declarations say"
    else:
        _write(into, pages, apart)
        told = f"{show.many(len(pages), 'page')} in {into}: {len(apart)} written or removed"
        show.finish({"pages": list(pages), "changed": apart}, None, is_json=json)
    if not json:
        show.say(told)


def differing(into: Path, pages: Mapping[str, str]) -> dict[str, str]:
    """The pages that are not as they should be: missing, different, or left over.

    Left over is only what this command once wrote, by its first line.
    """
    found = {
        path: "different" if (into / path).is_file() else "missing"
        for path, text in pages.items()
        if not (into / path).is_file() or (into / path).read_text("utf-8") != text
    }
    folders = sorted({(into / path).parent for path in pages})
    there = (file for folder in folders for file in sorted(folder.glob("*.md")))
    for file in there:
        path = file.relative_to(into).as_posix()
        if path not in pages and file.read_text("utf-8").startswith(MARK):
            found[path] = "left over"
    return found


def _write(into: Path, pages: Mapping[str, str], apart: Mapping[str, str]) -> None:
    for path, how in apart.items():
        if how == "left over":
            (into / path).unlink()
            continue
        (into / path).parent.mkdir(parents=True, exist_ok=True)
        (into / path).write_text(pages[path], "utf-8")


def _refusal(into: Path, apart: Mapping[str, str]) -> DefinitionError | None:
    if not apart:
        return None
    named = show.listed([f"{path} ({how})" for path, how in apart.items()])
    return DefinitionError(
        f"{into}: {show.many(len(apart), 'page')} not as the declarations say: {named}."
        " Next: boxout docs"
    )
