"""`boxout schema` and `boxout check`: the declarations as one file, and what changed since."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from boxout.cli import show
from boxout.cli.options import HERE, AsJson, Folder, Wait
from boxout.errors import DefinitionError
from boxout.graph import build
from boxout.model import Pipeline
from boxout.project import find_pipeline, open_project
from boxout.report import NOT_IN_A_WAREHOUSE, Change, as_text, changes, declared

SCHEMAS: Final = Path("docs/schema")

Into = Annotated[Path, typer.Option("--into", help="The folder of the snapshots.")]
Look = Annotated[bool, typer.Option("--check", help="Write nothing; say whether it is current.")]
Named = Annotated[str, typer.Option(help="A pipeline by its entry point, without a project.")]
Against = Annotated[
    Path, typer.Option("--against", help="A project's folder, or a snapshot of `boxout schema`.")
]


def schema_(
    into: Into = SCHEMAS,
    is_checked: Look = False,
    pipeline: Named = "",
    project: Folder = HERE,
    json: AsJson = False,
) -> None:
    """Write the declarations as one JSON file, to be committed: tables, readers, who reads what.

    `boxout check --against` that file says what a later change would break. With --check nothing
    is written, and exit code 2 says that the file is not what the code declares.
    """
    chosen = find_pipeline(pipeline) if pipeline else open_project(project).pipeline
    path, text = into / f"{chosen.name}.json", as_text(_built(chosen))
    is_current = path.is_file() and path.read_text("utf-8") == text
    if is_checked:
        error = None if is_current else DefinitionError(_stale(path))
        show.finish({"path": path, "is_current": is_current}, error, is_json=json)
    else:
        into.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        show.finish({"path": path, "was_current": is_current}, None, is_json=json)
    if not json:
        show.say(f"{path}: {'as declared' if is_current else 'written'}")


def _stale(path: Path) -> str:
    how = "is not what the code declares" if path.is_file() else "no such file"
    return f"{path}: {how}. Next: boxout check --against {path}, then boxout schema"


def _built(pipeline: Pipeline) -> Mapping[str, Any]:
    found = declared(pipeline, build(pipeline))
    if found.faults:
        raise DefinitionError(
            [f"{name}: cannot be built: {why}" for name, why in found.faults.items()]
        )
    return found.snapshot


def check_(against: Against, pipeline: Named = "", wait: Wait = 0, json: AsJson = False) -> None:
    """Say what the code's declarations would change of what is deployed, or of a snapshot.

    Of each breaking change, what it would break: which columns, joins and filters of which
    processors. Exit code 2 when there is one. Reads, and writes nothing.
    """
    before, chosen, aside = _before(against, pipeline, wait)
    after = declared(chosen, build(chosen))
    found = changes(before, after.snapshot)
    faults = [
        Change("breaking", name, "", f"cannot be built: {why}")
        for name, why in after.faults.items()
    ]
    found += faults
    error = _refusal(against, found)
    answer = {"against": against, "not_compared": aside, "changes": found}
    if not json:
        _show(against, found, aside)
    show.finish(answer, error, is_json=json)


def _before(
    against: Path, pipeline: str, wait_s_max: float
) -> tuple[Mapping[str, Any], Pipeline, str]:
    """What there was so far, the pipeline that is to follow, and what cannot be compared."""
    if against.is_dir():
        project = open_project(against)
        chosen = find_pipeline(pipeline) if pipeline else project.pipeline
        return project.deployed(wait_s_max), chosen, NOT_IN_A_WAREHOUSE
    snapshot = _snapshot(against)
    return snapshot, find_pipeline(pipeline or snapshot["pipeline"]), ""


def _snapshot(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DefinitionError(f"{path}: cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise DefinitionError(
            f"{path}: no snapshot: {error}. Make one with: boxout schema"
        ) from error
    if not isinstance(found, dict) or not {"pipeline", "tables"} <= found.keys():
        raise DefinitionError(f"{path}: no snapshot of a pipeline. Make one with: boxout schema")
    return found


def _show(against: Path, found: Sequence[Change], aside: str) -> None:
    if not found:
        show.say(f"No change against {against}.")
    for weight, told in _HEADS.items():
        mine = [one for one in found if one.weight == weight]
        if mine:
            show.say(f"{weight}: {told}")
        for one in mine:
            show.say(f"  {one}")
            for line in one.breaks:
                show.say(f"      {line}")
    if aside:
        show.say(f"Not compared, because a warehouse does not say: {aside}.")


_HEADS: Final = {
    "breaking": "what reads it would break",
    "additive": "follows by itself when the project is opened",
    "recomputed": "the rows are stale, and computed again",
}


def _refusal(against: Path, found: Sequence[Change]) -> DefinitionError | None:
    count = sum(one.weight == "breaking" for one in found)
    if not count:
        return None
    first = next(one for one in found if one.weight == "breaking")
    what = "give the new column or table another name, and leave the old one"
    is_project = against.is_dir()
    then = (
        "" if is_project else f", or make it the new normal: boxout schema --into {against.parent}"
    )
    return DefinitionError(
        f"{show.many(count, 'breaking change')} against {against}; the first: {first}. Nothing was"
        f" read of the rows, and nothing written. Next: {what}{then}"
    )
