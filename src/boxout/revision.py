"""Which code computed something."""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from boxout.model import Pipeline


def revision(pipeline: Pipeline) -> str:
    """The git revision of the pipeline's code, or its package's version where there is no git."""
    module = sys.modules[pipeline.processors[0].function.__module__]
    package = module.__name__.partition(".")[0]
    folder = Path(str(module.__file__)).parent
    describe = ("git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=12")
    try:
        said = subprocess.run(describe, capture_output=True, text=True, check=False, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        said = None
    if said is not None and said.returncode == 0:
        return f"git {said.stdout.strip()}"
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package}, no version known"
