"""A project with a night of files, for a host to run."""

import re
import textwrap
from pathlib import Path

from boxout.project import init, open_project
from boxout.run import find_readers, land
from cli.night import Night
from seeded import seed

HOW_TO = Path(__file__).parents[2] / "docs/how-to"


def example(page: str, language: str = "python") -> str:
    """The code of a page of documentation."""
    text = (HOW_TO / page).read_text("utf-8")
    (code,) = re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    return textwrap.dedent(code)


def project_of(folder: Path) -> Night:
    """A night whose folder is a project; nothing is landed yet."""
    night = Night(folder)
    init(folder, "nba-games")
    seed(folder, "nba-games")
    return night


def landed(night: Night, *names: str) -> None:
    """These files of the night, landed."""
    project = open_project(night.folder)
    with project.working(wait_s_max=60) as engine:
        for name in names:
            (reader,) = find_readers(project.pipeline, night.folder / name, "")
            land(engine, night.folder / name, reader)
