"""The tutorial, executed. Run as a script, it writes the answers of its commands into the page."""

import io
import re
import runpy
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import pytest

from boxout.cli.main import answer

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"
BLOCK = re.compile(r"```(console|python)\n(.*?)```", re.DOTALL)
SAVED = re.compile(r"[Ss]ave\s+this as `(\w+\.py)`")
CODE = "; echo $?"
CHANGING = {
    r"\b[0-9a-f]{12}\b": "RUN",
    r"content \d+": "content FINGERPRINT",
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( UTC|\+00:00)": "TIME",
}


def blocks(page: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each block of code, and the name under which the text before it says to save it."""
    for found in BLOCK.finditer(page):
        names = SAVED.findall(page, 0, found.start())
        yield found, names[-1] if names else ""


def perform(line: str) -> str:
    """What a command says, on both streams, and its exit code when it is asked for."""
    program, *words = shlex.split(line.removesuffix(CODE))
    said, code = io.StringIO(), 0
    with redirect_stdout(said), redirect_stderr(said):
        if program == "boxout":
            code = answer(words)
        elif program == "cp":
            shutil.copy(*words)
        else:
            assert program == "python", line
            with mock.patch.object(sys, "argv", words):
                runpy.run_path(words[0], run_name="__main__")
    asked = f"{code}\n" if line.endswith(CODE) else ""
    text = said.getvalue()
    return text + ("\n" if text and not text.endswith("\n") else "") + asked


def performed(page: str) -> str:
    """The page with what its commands say now, in the folder where this runs."""
    parts, end = [], 0
    for found, name in blocks(page):
        if found[1] == "python":
            Path(name).write_text(found[2])
            continue
        lines = [line for line in found[2].splitlines() if line.startswith("$ ")]
        said = "".join(f"{line}\n{perform(line[2:])}" for line in lines)
        parts += [page[end : found.start(2)], said]
        end = found.end(2)
    return "".join(parts) + page[end:]


def settled(page: str) -> str:
    """The page without what differs each time; columns that it moved are one blank apart."""
    for pattern, word in CHANGING.items():
        page = re.sub(pattern, word, page)
    page = re.sub(r"(?m) +$", "", re.sub(r"(?<=\S) {2,}", "  ", page))
    return re.sub(r"(?<=TIME  )\d+", "VERSION", page)


@pytest.mark.slow
def test_every_command_of_the_tutorial_says_what_the_page_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    page = PAGE.read_text("utf-8")
    assert settled(performed(page)) == settled(page), "make docs writes the answers"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        PAGE.write_text(performed(PAGE.read_text("utf-8")), "utf-8")
