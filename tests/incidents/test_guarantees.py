"""The guarantees name tests; each of them is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUARANTEES = ROOT / "docs" / "guarantees.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def faults(text: str) -> list[str]:
    """What a text names that is not there."""
    found = NAMED.findall(text)
    return [f"{path}::{name}" for path, name in found if not _is_there(ROOT / path, name)]


def _is_there(path: Path, name: str) -> bool:
    if not path.is_file():
        return False
    tree = ast.parse(path.read_text("utf-8"))
    return not name or name in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}


@pytest.mark.parametrize(
    "named", ["tests/incidents/test_nowhere.py", "tests/incidents/test_guarantees.py::test_no_such"]
)
def test_a_test_that_is_not_there_is_found(named):
    assert len(faults(f"see `{named}`")) == 1


def test_every_test_that_the_guarantees_name_is_there():
    assert faults(GUARANTEES.read_text("utf-8")) == []


@pytest.mark.parametrize("name", [f"I{n}" for n in range(1, 8)])
def test_every_invariant_names_tests(name):
    text = GUARANTEES.read_text("utf-8")
    section = text.split(f"## {name} ")[1].split("\n## ")[0]
    assert len(NAMED.findall(section)) >= 3
    assert "Assumes:" in section
    assert "Not promised:" in section


def test_every_how_to_that_another_links_to_is_there():
    pages = sorted((ROOT / "docs" / "how-to").glob("*.md"))
    lacking = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([\w.-]+\.md)\)", page.read_text("utf-8"))
        if not (page.parent / target).is_file()
    ]
    assert lacking == []
    assert len(pages) >= 4
