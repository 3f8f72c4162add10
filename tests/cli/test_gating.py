"""`boxout gate`, beside files as dbt writes them; tests/integrations/dbt has a real one."""

import json
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from boxout.project import open_project
from cli.night import DAY

MODEL = "model.shop.team_lines"
GATE = ("gate", "target", "--model", "team_boxscore=team_lines", "--database", "private.duckdb")


@pytest.fixture
def built(night):
    """A build of one model, whole."""
    night.schedule()
    write(night.folder, "one")
    with duckdb.connect(str(night.folder / "private.duckdb")) as private:
        private.read_csv(str(night.folder / night.team_box())).create("team_lines")
        private.execute("CREATE TABLE boxout_invocation AS SELECT 'one' AS invocation")
    return night


def write(folder: Path, invocation: str, test: str = "pass") -> None:
    of = {"name": "team_lines", "config": {}, "relation_name": '"private"."main"."team_lines"'}
    nodes = {
        MODEL: of | {"resource_type": "model", "depends_on": {"nodes": []}},
        "test.shop.a": of | {"resource_type": "test", "depends_on": {"nodes": [MODEL]}},
    }
    results = [
        {"unique_id": MODEL, "status": "success"},
        {"unique_id": "test.shop.a", "status": test},
    ]
    metadata = {"metadata": {"invocation_id": invocation}}
    ran = metadata | {"args": {"which": "build"}, "results": results}
    target = folder / "target"
    target.mkdir(exist_ok=True)
    (target / "manifest.json").write_text(json.dumps(metadata | {"nodes": nodes}), "utf-8")
    (target / "run_results.json").write_text(json.dumps(ran), "utf-8")


def games(boxout) -> int:
    (row,) = boxout(
        "query", "SELECT count(DISTINCT game_id) AS n FROM team_boxscore", "--json"
    ).json
    return row["n"]


def test_what_is_whole_is_landed(built, boxout):
    boxout("land", "schedule.csv")
    said = boxout(*GATE, "--json")
    assert said.code == 0
    assert said.json["invocation"] == "one"
    assert games(boxout) == 4


def test_a_refusal_is_told_in_the_outbox_and_lands_nothing(built, boxout):
    boxout("land", "schedule.csv")
    write(built.folder, "one", test="fail")
    said = boxout(*GATE, "--json")
    assert (said.code, said.json["error"]) == (4, "Withheld")
    assert "test.shop.a: fail, pass or warn needed" in said.json["message"]
    assert games(boxout) == 0
    assert refusals(built) == ["team_boxscore"]


def refusals(night) -> list[str]:
    with closing(open_project(night.folder).ledger()) as ledger:
        return [one.table for one in ledger.outbox(0, 100) if one.kind == "refused"]


@pytest.mark.parametrize(
    "marks", ["'two'", "NULL", "'one' UNION ALL SELECT 'two'", "'one' LIMIT 0"]
)
def test_rows_of_another_invocation_are_not_landed(built, boxout, marks):
    boxout("land", "schedule.csv")
    with duckdb.connect("private.duckdb") as private:
        private.execute(f"CREATE OR REPLACE TABLE boxout_invocation AS SELECT {marks}")
    said = boxout(*GATE)
    assert said.code == 3
    assert "began there last, one is what was judged" in said.err
    assert refusals(built) == ["team_boxscore"]
    assert games(boxout) == 0


def test_a_file_without_a_mark_is_told_how_to_get_one(built, boxout):
    with duckdb.connect("private.duckdb") as private:
        private.execute("DROP TABLE boxout_invocation")
    said = boxout(*GATE)
    assert said.code == 3
    assert "on-run-start" in said.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--model", "team_boxscore"), "write reader=model"),
        (("--model", "=team_lines"), "write reader=model"),
        (
            ("--model", "team_boxscore=team_lines", "--model", "schedule=team_lines"),
            "each model once",
        ),
        (("--model", "team_boxscroe=team_lines"), "team_boxscore"),
        (("--model", "team_boxscore=team_lines", "--database", "none.duckdb"), "no such file"),
    ],
)
def test_a_mistake_in_what_is_asked_for_is_refused(built, boxout, words, told):
    said = boxout("gate", "target", *words)
    assert said.code == 2
    assert told in said.err


def test_a_model_that_is_not_in_the_file_is_refused(built, boxout):
    with duckdb.connect("private.duckdb") as private:
        private.execute("DROP TABLE team_lines")
    said = boxout(*GATE)
    assert said.code == 2
    assert "team_lines" in said.err


def test_a_night_is_computed_from_what_dbt_built(built, boxout):
    boxout("land", "schedule.csv", built.gamebook())
    boxout(*GATE)
    assert boxout("run", DAY).code == 0
