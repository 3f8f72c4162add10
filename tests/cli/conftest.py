"""A scratch project with a night of files, and the command line in this process."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from boxout.cli.main import answer
from cli import night as of_a_night
from cli.night import Night, Said, answering
from notify.posting import Served, serving


@pytest.fixture
def boxout(monkeypatch, capsys) -> Callable[..., Said]:
    """The command line in this process, in the folder the test is in."""
    monkeypatch.setenv("COLUMNS", "200")
    return answering(capsys)


@pytest.fixture(scope="session")
def landed_once(tmp_path_factory) -> Night:
    """A project with a night landed; made once, and copied for every test."""
    made = Night(tmp_path_factory.mktemp("landed") / "project")
    assert answer(["init", str(made.folder), "--pipeline", "nba-games"]) == 0
    before = Path.cwd()
    os.chdir(made.folder)
    try:
        assert answer(["land", *made.files()]) == 0
    finally:
        os.chdir(before)
    return made


@pytest.fixture
def night(tmp_path, monkeypatch, landed_once) -> Night:
    """An empty project, with its pipeline compiled; the test is in its folder."""
    made = Night(tmp_path / "project")
    for kept in (".boxout", "boxout.toml"):
        source = landed_once.folder / kept
        (shutil.copytree if source.is_dir() else shutil.copy)(source, made.folder / kept)
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def landed(tmp_path, monkeypatch, landed_once) -> Night:
    """A project with everything landed and nothing computed; the test is in its folder."""
    made = landed_once.copied(tmp_path / "project")
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def held():
    """Lets another process hold a project's warehouse."""
    return of_a_night.held


@pytest.fixture
def posted() -> Iterator[Served]:
    """A server that remembers what was posted to it."""
    with serving() as server:
        yield server
