"""Airflow: a graph of one task for each table and check, run in process by `dag.test`."""

import os
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from work import Work

KEEPS = "per run, which has a date: states of the tasks"
GRAPH = """# Airflow reads files that have the word dag in them.
import sys
sys.path.insert(0, {here!r})
from with_airflow import graph
games = graph({folder!r})
"""


def set_up(work: Work) -> None:
    """The sources, its database, a SQLite file, and the file that has the graph."""
    work.load()
    _settings(work)
    (work.folder / "dags").mkdir()
    told = GRAPH.format(here=str(Path(__file__).parent), folder=str(work.folder))
    (work.folder / "dags" / "games.py").write_text(told)
    airflow = [sys.executable, "-m", "airflow"]
    subprocess.run([*airflow, "db", "migrate"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*airflow, "dags", "reserialize"], check=True, stdout=subprocess.DEVNULL)


def _settings(work: Work) -> None:
    os.environ.update(
        AIRFLOW_HOME=str(work.folder),
        AIRFLOW__CORE__LOAD_EXAMPLES="false",
        AIRFLOW__CORE__DAGS_FOLDER=str(work.folder / "dags"),
        AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
        AIRFLOW__USAGE_DATA_COLLECTION__ENABLED="false",
    )


def graph(folder: str) -> Any:
    """The tasks; a check stands between its table and what is computed from that."""
    from airflow.sdk import Param, dag, task  # noqa: PLC0415  # it reads its settings when imported

    work = Work(Path(folder))

    @task
    def build(name: str, params: dict[str, str]) -> None:
        with work.connect() as connection:
            work.build(connection, name, params["first"], params["last"])

    @task
    def check(name: str, params: dict[str, str]) -> None:
        with work.connect() as connection:
            work.check(connection, name, params["first"], params["last"])

    @dag(dag_id="games", schedule=None, params={"first": Param(""), "last": Param("")})
    def games() -> None:
        ready: dict[str, list[Any]] = {}
        for name in work.told["tables"]:
            built = build.override(task_id=name)(name)
            for read in work.told["reads"][name]:
                ready.get(read, []) >> built if read in ready else None
            ready[name] = [check.override(task_id=one)(one) for one in work.checks_of(name)]
            built >> ready[name]

    return games()


@contextmanager
def opened(work: Work) -> Generator[Callable[[str, str], None], None, None]:
    """Runs the graph for the dates from first to last."""
    _settings(work)
    games = graph(str(work.folder))
    # Its tasks open the database for themselves; held open here, that costs little.
    with work.connect():

        def go(first: str, last: str) -> None:
            at = datetime.fromisoformat(last).replace(tzinfo=UTC)
            run = games.test(logical_date=at, run_conf={"first": first, "last": last})
            if run.state != "success":
                raise RuntimeError(f"Airflow: {run.state} for {first} to {last}")

        yield go
