"""`boxout init`."""

from pathlib import Path
from typing import Annotated

import typer

from boxout.cli import show
from boxout.cli.options import HERE, AsJson
from boxout.project import init


def init_(
    folder: Annotated[Path, typer.Argument(help="Where; it is made when it is not there.")] = HERE,
    pipeline: Annotated[str, typer.Option(help="The pipeline, by its entry point.")] = "nba",
    json: AsJson = False,
) -> None:
    """Write a project file into a folder."""
    path = init(folder, pipeline)
    if json:
        show.as_json({"project": path, "pipeline": pipeline, "next_step": "boxout land FILE"})
    else:
        show.say(f"{path} written. Next: boxout land FILE")
