"""A desk on a project with a night landed, and the application on it."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from boxout.cli.main import answer
from boxout.project import open_project
from boxout.service import Desk, Manner, Pace, build, opened
from cli.night import Night
from service.posted import client_of

PACE = Pace(look_s=0.05, settle_s=0.1, away_s=0.05)


@pytest.fixture(scope="session")
def landed_once(tmp_path_factory) -> Night:
    """A project with a night landed and nothing computed; made once."""
    made = Night(tmp_path_factory.mktemp("served") / "project")
    assert answer(["init", str(made.folder), "--pipeline", "nba-games"]) == 0
    made.files()
    assert answer(["land", "-p", str(made.folder), str(made.folder)]) == 0
    return made


@pytest.fixture
def night(tmp_path, landed_once) -> Night:
    """A project with its pipeline compiled and nothing landed, its files beside it."""
    made = Night(tmp_path / "project")
    for kept in landed_once.folder.iterdir():
        if "sqlite" not in kept.name and "duckdb" not in kept.name:
            (shutil.copytree if kept.is_dir() else shutil.copy)(kept, made.folder / kept.name)
    return made


@pytest.fixture
def landed(tmp_path, landed_once) -> Night:
    """A project with a night landed and nothing computed."""
    return landed_once.copied(tmp_path / "project")


@pytest.fixture
def at_work() -> Iterator[Callable[..., TestClient]]:
    """The application of a project, at work until the test is over; `client.desk` is its desk."""
    ends: list[Callable[..., object]] = []

    def start(night: Night, guard=None, pushes=None, **manner) -> TestClient:
        opening = opened(open_project(night.folder), manner=Manner(pace=PACE, **manner))
        desk = opening.__enter__()
        ends.append(opening.__exit__)
        client = client_of(build(desk, guard, pushes))
        client.__enter__()
        ends.append(client.__exit__)
        client.desk = desk
        return client

    yield start
    for end in reversed(ends):
        end(None, None, None)


@pytest.fixture
def client(landed, at_work) -> TestClient:
    """The application on a night that is landed and not computed."""
    return at_work(landed)


@pytest.fixture
def desk(client) -> Desk:
    return client.desk
