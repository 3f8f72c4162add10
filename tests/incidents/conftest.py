"""Worlds that open fast: what every test would land first is landed once and copied."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from boxout.run import run
from incidents.scene import ALL, DAY, World, close, copy_of
from incidents.small import Small


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which nothing has arrived."""
    made = World(tmp_path_factory.mktemp("empty") / "project")
    close(made)
    return made.folder


@pytest.fixture(scope="session")
def landed_folder(empty_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night of four games, landed and complete."""
    made = copy_of(empty_folder, tmp_path_factory.mktemp("landed") / "project")
    made.schedule()
    made.gamebook()
    made.team_box()
    close(made)
    return made.folder


@pytest.fixture(scope="session")
def public_folder(landed_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same night, public."""
    made = copy_of(landed_folder, tmp_path_factory.mktemp("public") / "project")
    run(made.engine, DAY, DAY, ALL)
    close(made)
    return made.folder


@pytest.fixture
def world(empty_folder: Path, tmp_path: Path) -> Iterator[World]:
    """A project in which nothing has arrived."""
    made = copy_of(empty_folder, tmp_path / "project")
    yield made
    close(made)


@pytest.fixture
def night(landed_folder: Path, tmp_path: Path) -> Iterator[World]:
    """Four games, landed and complete, nothing computed."""
    made = copy_of(landed_folder, tmp_path / "night")
    yield made
    close(made)


@pytest.fixture
def published(public_folder: Path, tmp_path: Path) -> Iterator[World]:
    """Four games, landed, complete and public."""
    made = copy_of(public_folder, tmp_path / "published")
    yield made
    close(made)


@pytest.fixture
def wide(tmp_path: Path) -> Iterator[Small]:
    """The small pipeline with tables that look back at what may be absent, and at dates."""
    made = Small(tmp_path, "wide")
    yield made
    made.close()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    """The small pipeline, in which nothing has arrived."""
    made = Small(tmp_path)
    yield made
    made.close()
