"""Boxout inside a real Airflow: `dag.test()`, and what is in its metadata database afterwards."""

import os
import runpy
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from airflow.models.asset import AssetDagRunQueue, AssetEvent, AssetModel
from airflow.models.taskinstance import TaskInstance, clear_task_instances
from airflow.utils.session import create_session
from sqlalchemy import select

from boxout.integrations.airflow import run_id_of
from cli.night import DAY, SRC, Night, held
from integrations.hosted import example, landed, project_of

TABLES = ("player_game_summary", "team_defense_game_summary", "team_offense_game_summary")
MOMENTS = (datetime(2026, 2, 4, tzinfo=UTC) + timedelta(minutes=n) for n in count())

NIGHT = """
from airflow.sdk import DAG, task
from boxout.integrations.airflow import BoxoutPublishedSensor, BoxoutRunOperator, boxout_asset

with DAG("{name}", schedule=None) as dag:
    {task}

    @task
    def newsletter():
        return "sent"

    it >> newsletter()

with DAG("{name}_reader", schedule=[boxout_asset("player_game_summary", namespace="{name}")]) as reader:
    newsletter()
"""
OPERATOR = (
    "it = BoxoutRunOperator(task_id='it', project={project!r}, dates='{day}', namespace='{name}',"
    " wait_s={wait_s}{more})"
)
SENSOR = (
    "it = BoxoutPublishedSensor(task_id='it', project={project!r}, dates='{day}',"
    " poke_interval=0.2, timeout=1, mode='poke', soft_fail={more})"
)


class Hosted:
    """A project of a night, and a DAG that runs it before a task of somebody else's."""

    def __init__(self, night: Night, dags: Path, name: str) -> None:
        self.night, self.dags, self.name = night, dags, name

    def run(
        self,
        more: str = "",
        task: str = OPERATOR,
        *,
        day: str = DAY,
        wait_s: int = 0,
    ) -> dict[str, str | None]:
        """Play the DAG once; the state of every task."""
        where = {"project": str(self.night.folder), "name": self.name}
        words = where | {"day": day, "more": more, "wait_s": wait_s}
        file = self.dags / f"{self.name}.py"
        file.write_text(NIGHT.format(task=task.format(**words), name=self.name), "utf-8")
        return played(runpy.run_path(str(file))["dag"])

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """The asset events of this DAG in the database, by table."""
        return events_of(self.name)

    def is_reader_asked(self) -> bool:
        """Whether Airflow has noted that the DAG which reads the table is to run."""
        with create_session() as made:
            asked = made.scalars(select(AssetDagRunQueue.target_dag_id)).all()
        return f"{self.name}_reader" in asked


def played(dag: Any) -> dict[str, str | None]:
    ran = dag.test(logical_date=next(MOMENTS))
    return {one.task_id: one.state for one in ran.get_task_instances()}


def events_of(dag_id: str) -> list[tuple[str, dict[str, Any]]]:
    rows = (
        select(AssetModel.name, AssetEvent.extra)
        .join(AssetModel, AssetModel.id == AssetEvent.asset_id)
        .where(AssetEvent.source_dag_id == dag_id)
        .order_by(AssetEvent.id)
    )
    with create_session() as made:
        return [(name.rpartition(".")[2], dict(extra)) for name, extra in made.execute(rows)]


@pytest.fixture
def hosted(tmp_path: Path, dags: Path, request) -> Hosted:
    name = request.node.name.removeprefix("test_")[:60]
    return Hosted(project_of(tmp_path / "project"), dags, name)


def without_the_first(night: Night) -> tuple[str, str, str]:
    return night.schedule(), night.gamebook(night.games[1:]), night.team_box()


def test_a_whole_night_is_told_table_by_table_with_its_publication(hosted: Hosted) -> None:
    landed(hosted.night, *hosted.night.files())
    assert hosted.run() == {"it": "success", "newsletter": "success"}
    told = dict(hosted.events())
    assert sorted(told) == sorted(TABLES)
    extra = told["player_game_summary"]
    assert extra["publication"] == 4
    assert (extra["dates"], extra["partitions"], extra["rows"]) == (DAY, 4, 112)
    assert hosted.is_reader_asked()


def test_what_is_public_already_succeeds_and_tells_nobody_again(hosted: Hosted) -> None:
    landed(hosted.night, *hosted.night.files())
    hosted.run()
    before = hosted.events()
    assert hosted.run() == {"it": "success", "newsletter": "success"}
    assert hosted.events() == before


def test_a_task_that_is_cleared_begins_anew(hosted: Hosted) -> None:
    landed(hosted.night, *hosted.night.files())
    hosted.run()
    with create_session() as made:
        mine = (TaskInstance.dag_id == hosted.name, TaskInstance.task_id == "it")
        (task,) = made.scalars(select(TaskInstance).where(*mine)).all()
        before = run_id_of(task)
        assert run_id_of(task) == before
        clear_task_instances([task], made)
        assert run_id_of(task) != before


def test_what_waits_is_left_to_the_retries_and_nobody_is_told(hosted: Hosted) -> None:
    landed(hosted.night, *without_the_first(hosted.night))
    states = hosted.run(", is_deferred=False, retries=1, retry_delay=0.1")
    assert states == {"it": "failed", "newsletter": "upstream_failed"}
    assert hosted.events() == []
    assert not hosted.is_reader_asked()


def test_the_retry_that_completes_the_night_tells_of_all_of_it(hosted: Hosted) -> None:
    landed(hosted.night, *without_the_first(hosted.night))
    with landing_later(hosted.night):
        states = hosted.run(", is_deferred=False, retries=100, retry_delay=0.1")
    assert states == {"it": "success", "newsletter": "success"}
    assert [extra["partitions"] for _, extra in hosted.events()] == [4, 4, 4]


def test_a_deferred_task_looks_again_and_publishes_when_the_source_has_come(hosted: Hosted) -> None:
    patient(hosted.night, first_look_s=0.5, look_s_max=0.5, deadline_s=120)
    landed(hosted.night, *without_the_first(hosted.night))
    with landing_later(hosted.night):
        assert hosted.run(wait_s=60) == {"it": "success", "newsletter": "success"}
    assert sorted(dict(hosted.events())) == sorted(TABLES)
    assert hosted.is_reader_asked()


def test_waiting_ends_with_the_deadline_of_the_project(hosted: Hosted) -> None:
    patient(hosted.night, first_look_s=0.1, look_s_max=0.2, deadline_s=2)
    landed(hosted.night, *without_the_first(hosted.night))
    assert hosted.run(", retries=3") == {"it": "failed", "newsletter": "upstream_failed"}
    assert hosted.events() == []


def test_a_date_that_the_calendar_never_names_ends_with_the_deadline_too(hosted: Hosted) -> None:
    patient(hosted.night, first_look_s=0.1, look_s_max=0.2, deadline_s=2)
    assert hosted.run() == {"it": "failed", "newsletter": "upstream_failed"}


def test_what_is_withheld_fails_without_a_retry(hosted: Hosted) -> None:
    night = hosted.night
    landed(night, night.schedule(), night.gamebook(), night.broken(0))
    states = hosted.run(", retries=5, retry_delay=60")
    assert states == {"it": "failed", "newsletter": "upstream_failed"}
    assert hosted.events() == []


def test_a_date_with_nothing_on_it_is_skipped_and_nobody_is_told(hosted: Hosted) -> None:
    off = dict.fromkeys(("g0", "g1", "g2", "g3"), "cancelled")
    landed(hosted.night, hosted.night.schedule(**off))
    assert hosted.run() == {"it": "skipped", "newsletter": "skipped"}
    assert hosted.events() == []


def test_a_correction_is_told_of_the_tables_that_it_moved(hosted: Hosted) -> None:
    landed(hosted.night, *hosted.night.files())
    hosted.run()
    before = len(hosted.events())
    landed(hosted.night, hosted.night.csv("gamebook.csv", corrected(hosted.night)))
    assert hosted.run()["it"] == "success"
    told = dict(hosted.events()[before:])
    assert set(told) == {"player_game_summary"}
    assert told["player_game_summary"]["publication"] > 4


def test_a_warehouse_that_is_held_is_tried_again(hosted: Hosted) -> None:
    landed(hosted.night, *hosted.night.files())
    with held(hosted.night.folder):
        assert hosted.run(", retries=1, retry_delay=0.1")["it"] == "failed"
    assert hosted.run()["it"] == "success"


def test_a_mistake_in_what_is_asked_for_is_not_tried_again(hosted: Hosted) -> None:
    assert hosted.run(", retries=5, retry_delay=60", day="yesterday")["it"] == "failed"


def test_the_sensor_passes_on_what_somebody_else_published_and_on_nothing_less(
    hosted: Hosted,
) -> None:
    landed(hosted.night, *without_the_first(hosted.night))
    assert hosted.run("True", SENSOR) == {"it": "skipped", "newsletter": "skipped"}
    hosted.run(", is_deferred=False")
    assert hosted.run("True", SENSOR)["it"] == "skipped", "three of four games are public"
    landed(hosted.night, hosted.night.gamebook())
    hosted.run()
    assert hosted.run("True", SENSOR) == {"it": "success", "newsletter": "success"}


def test_the_example_of_the_page_runs_a_night(tmp_path: Path, dags: Path, monkeypatch) -> None:
    night = project_of(tmp_path / "my-project")
    landed(night, *night.files())
    monkeypatch.chdir(tmp_path)
    file = dags / "page.py"
    file.write_text(example("airflow.md"), "utf-8")
    dag = runpy.run_path(str(file))["night"]
    ran = dag.test(logical_date=datetime(2026, 2, 3, tzinfo=UTC))
    assert {one.task_id: one.state for one in ran.get_task_instances()} == {"publish": "success"}
    assert sorted(dict(events_of("night"))) == sorted(TABLES)


def patient(night: Night, **policy: float) -> None:
    """The project's policy: how soon it looks again, and when it gives up."""
    file = night.folder / "boxout.toml"
    said = "".join(f"{name} = {value}\n" for name, value in policy.items())
    file.write_text(f"{file.read_text('utf-8')}\n[policy]\n{said}", "utf-8")


def corrected(night: Night) -> list[dict[str, Any]]:
    """The gamebook of the night, with another name of one player."""
    rows: list[dict[str, Any]] = [dict(row) for row in night.rows_of("gamebook.csv")]
    rows[-1]["player_name"] = f"{rows[-1]['player_name']} Jr."
    return rows


LATER = """
import time
from pathlib import Path
from cli.night import Night
from boxout.project import open_project
from integrations.hosted import landed
night = Night(Path({folder!r}))
while not open_project(night.folder).ledger().work("2026", "2027"):
    time.sleep(0.2)
landed(night, night.gamebook())
"""


def landing_later(night: Night) -> "subprocess.Popen[str]":
    """A process that lands the whole gamebook once the night has been found wanting."""
    paths = os.pathsep.join((str(SRC), str(SRC.parent / "tests")))
    return subprocess.Popen(
        [sys.executable, "-c", LATER.format(folder=str(night.folder))],
        env=os.environ | {"PYTHONPATH": paths},
        text=True,
    )
