"""The contracts of pyproject.toml hold, and each of them bites: a planted import breaks it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tidy.source import ROOT, SRC


class Plant(NamedTuple):
    """A line added to a file, and the contract it breaks."""

    contract: str
    path: str
    line: str


DOWN = "imports inside boxout point down"
DOOR = "boxout_nba knows boxout by its front door only"

PLANTS = [
    Plant(DOWN, "boxout/errors.py", "import boxout.model"),
    Plant(DOWN, "boxout/model/planted.py", "import boxout.graph"),
    Plant(DOWN, "boxout/graph/planted.py", "import boxout.ledger"),
    Plant(DOWN, "boxout/checks/planted.py", "import boxout.warehouse"),
    Plant(DOWN, "boxout/ledger/planted.py", "import boxout.run"),
    Plant(DOWN, "boxout/run/planted.py", "import boxout.report"),
    Plant(DOWN, "boxout/report/planted.py", "import boxout.cli"),
    Plant(DOWN, "boxout/elsewhere.py", "NOT_IN_ANY_LAYER = 1"),
    Plant(DOOR, "boxout_nba/planted.py", "import boxout.model"),
    Plant("boxout knows no domain", "boxout/errors.py", "import boxout_nba"),
]


def copy_of_the_source(folder: Path) -> Path:
    shutil.copytree(SRC, folder, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for layer in ("graph", "checks", "ledger", "warehouse", "run", "report", "cli"):
        (folder / "boxout" / layer).mkdir(exist_ok=True)
        (folder / "boxout" / layer / "__init__.py").touch()
    (folder / "boxout_nba" / "__init__.py").touch()
    return folder


def add(source: Path, path: str, line: str) -> None:
    file = source / path
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as text:
        text.write(f"\n{line}\n")


def linted(source: Path) -> subprocess.CompletedProcess[str]:
    """The verdict of import-linter, under the project's contracts, on a source folder."""
    command = "from importlinter.cli import lint_imports_command as lint; lint()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        cwd=source,
        env=os.environ | {"PYTHONPATH": str(source), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_layers_hold() -> None:
    verdict = linted(SRC)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.path}: {plant.line}")
def test_a_planted_import_breaks_its_contract(plant: Plant, tmp_path: Path) -> None:
    source = copy_of_the_source(tmp_path / "src")
    add(source, plant.path, plant.line)
    verdict = linted(source)
    assert verdict.returncode == 1, verdict.stdout + verdict.stderr
    assert f"{plant.contract} BROKEN" in verdict.stdout


def test_two_modules_that_need_each_other_are_refused(tmp_path: Path) -> None:
    source = copy_of_the_source(tmp_path / "src")
    add(source, "boxout/model/one.py", "import boxout.model.two")
    add(source, "boxout/model/two.py", "import boxout.model.one")
    assert "no two modules need each other BROKEN" in linted(source).stdout
