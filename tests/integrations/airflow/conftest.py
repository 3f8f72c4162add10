"""An Airflow of the tests' own, with a real metadata database; it reads its settings when imported."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

HOME = TemporaryDirectory(prefix="boxout-airflow-", ignore_cleanup_errors=True)
DAGS = Path(HOME.name) / "dags"
DAGS.mkdir()
os.environ |= {
    "AIRFLOW_HOME": HOME.name,
    "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
}

from airflow.utils.db import initdb  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def metadata_database():
    initdb()
    yield
    HOME.cleanup()


@pytest.fixture
def dags() -> Path:
    """The folder of DAG files, empty."""
    for file in DAGS.glob("*.py"):
        file.unlink()
    return DAGS
