"""The project speaks of itself alone: it works on any machine and with any package index."""

import re
import subprocess
from pathlib import Path

import pytest

from tidy.source import ROOT

# One letter of each stands in brackets, so that this file does not find itself.
FOREIGN = {
    r"/wor[k]/|/tm[p]/venv|/roo[t]/|/hom[e]/\w": "a path of one machine",
    r"py[p]i\.|pythonhoste[d]\.|npmj[s]\.|crate[s]\.io|--(extra-)?inde[x]-url|--find-link[s]": (
        "where packages come from, which each machine decides"
    ),
}


def foreign_words(text: str, path: str) -> list[str]:
    """Lines that name a place outside the project."""
    return [
        f"{path}:{number}: {found.group()} is {reason}"
        for number, line in enumerate(text.splitlines(), start=1)
        for pattern, reason in FOREIGN.items()
        if (found := re.search(pattern, line))
    ]


def project_files() -> list[Path]:
    """Every file that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    named = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in named if file.is_file()]


@pytest.mark.parametrize(
    "words",
    [
        "/wor" + "k/main/src",
        "/tm" + "p/venv/bin/python",
        "/roo" + "t/.cache",
        "/hom" + "e/someone",
        "https://py" + "pi.org/simple",
        "--index" + "-url https://example.org",
    ],
)
def test_a_foreign_place_is_found(words: str) -> None:
    assert len(foreign_words(f"first line\nsee {words}\n", "README.md")) == 1


@pytest.mark.parametrize("words", ["a network/working set", "pip install -e .", "./homework/x"])
def test_a_plain_line_is_fine(words: str) -> None:
    assert foreign_words(words, "README.md") == []


def test_no_file_names_a_foreign_place() -> None:
    faults: list[str] = []
    for file in project_files():
        name = file.relative_to(ROOT).as_posix()
        faults += foreign_words(file.read_text("utf-8", errors="ignore"), name)
    assert faults == []
