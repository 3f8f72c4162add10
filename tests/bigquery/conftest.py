import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from bigquery.emulator import PROJECT, serving
from bigquery.kit import BigqueryKit
from boxout.project import init
from cli.night import Night, answering


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture
def kit(tmp_path: Path, endpoint: str) -> Iterator[BigqueryKit]:
    made = BigqueryKit(tmp_path, endpoint)
    yield made
    made.warehouse.close()


@pytest.fixture
def night(tmp_path, monkeypatch, endpoint) -> Night:
    """An empty project whose warehouse is in BigQuery; the test is in its folder."""
    made = Night(tmp_path / "project")
    file = init(made.folder, "nba-games")
    where = f"bigquery://{PROJECT}/c{uuid.uuid4().hex[:8]}?endpoint={endpoint}"
    file.write_text(file.read_text("utf-8").replace("warehouse.duckdb", where), "utf-8")
    monkeypatch.chdir(made.folder)
    monkeypatch.setenv("COLUMNS", "200")
    return made


@pytest.fixture
def boxout(capsys):
    return answering(capsys)
