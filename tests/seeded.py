"""A pipeline compiled once in a test process, and lent to every project that is made."""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from boxout.project import CACHE, init, open_project


def seed(folder: Path, pipeline: str) -> None:
    """Give a project what it would keep of its compiled pipeline; to make it takes seconds."""
    shutil.copytree(_compiled_once(pipeline), folder / CACHE, dirs_exist_ok=True)


@cache
def _compiled_once(pipeline: str) -> Path:
    folder = Path(mkdtemp(prefix="boxout-compiled-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    init(folder, pipeline)
    open_project(folder).compiled()
    return folder / CACHE
