"""A real dbt builds in private, and `boxout gate` publishes what is whole."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from cli.night import DAY, Night, Said, answering
from integrations.hosted import example, project_of

MODELS = {
    "schedule": "games",
    "team_boxscore": "team_lines",
    "gamebook_player_stats": "player_lines",
}
FILES = {"games": "schedule.csv", "team_lines": "team_boxscore.csv", "player_lines": "gamebook.csv"}
PROJECT = """
name: shop
version: "1.0"
profile: shop
flags: {send_anonymous_usage_stats: false}
models: {+materialized: table}
seeds: {+quote_columns: true, shop: {games_raw: {+column_types: {nba_game_id: varchar}}}}
"""
TESTS = """
models:
  - name: games
    columns: [{name: game_id, data_tests: [not_null, unique]}]
  - name: team_lines
    columns: [{name: game_id, data_tests: [not_null]}]
  - name: player_lines
    columns: [{name: game_id, data_tests: [not_null]}]
"""


class Shop:
    """A dbt project that builds a night's tables from seeds, beside a project that publishes them."""

    def __init__(self, folder: Path, boxout: Callable[..., Said]) -> None:
        self.folder, self.boxout = folder, boxout
        self.night = Night(folder)

    def write(self) -> None:
        shop = self.folder / "shop"
        for part in ("models", "seeds"):
            (shop / part).mkdir(parents=True)
        (shop / "dbt_project.yml").write_text(PROJECT + example("dbt.md", "jinja"), "utf-8")
        (shop / "profiles.yml").write_text(example("dbt.md", "yaml"), "utf-8")
        (shop / "models" / "tests.yml").write_text(TESTS, "utf-8")
        for model in FILES:
            text = f"select * from {{{{ ref('{model}_raw') }}}}"
            (shop / "models" / f"{model}_staged.sql").write_text(text, "utf-8")
            text = f"select * from {{{{ ref('{model}_staged') }}}}"
            (shop / "models" / f"{model}.sql").write_text(text, "utf-8")
        self.seed()

    def seed(self) -> None:
        """The files of the night become those that dbt reads."""
        self.night.files()
        for model, name in FILES.items():
            shutil.copy(self.folder / name, self.folder / "shop" / "seeds" / f"{model}_raw.csv")

    def model(self, name: str, sql: str) -> None:
        (self.folder / "shop" / "models" / f"{name}.sql").write_text(sql, "utf-8")

    def dbt(self, *words: str) -> int:
        """dbt, in a process of its own; how it ended."""
        command = [str(Path(sys.executable).parent / "dbt"), *words]
        where = ("--project-dir", "shop", "--profiles-dir", "shop")
        quiet = os.environ | {"DO_NOT_TRACK": "1"}
        ran = subprocess.run(
            [*command, *where], cwd=self.folder, env=quiet, check=False, capture_output=True
        )
        return ran.returncode

    def gate(self, *more: str) -> Said:
        pairs = [word for of in MODELS.items() for word in ("--model", "=".join(of))]
        return self.boxout("gate", "shop/target", "--database", "private.duckdb", *pairs, *more)

    def public(self) -> list[str]:
        said = self.boxout("query", "SELECT game_id FROM team_boxscore GROUP BY 1", "--json")
        return sorted(row["game_id"] for row in said.json) if said.code == 0 else []


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night that dbt built whole."""
    folder = tmp_path_factory.mktemp("built") / "project"
    project_of(folder)
    made = Shop(folder, answering(None))
    made.write()
    assert made.dbt("build") == 0
    return folder


@pytest.fixture
def shop(built: Path, tmp_path: Path, monkeypatch, capsys) -> Shop:
    """The same, in a folder of its own."""
    folder = tmp_path / "project"
    shutil.copytree(built, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "200")
    return Shop(folder, answering(capsys))


def test_what_dbt_built_whole_is_landed_and_computed(shop: Shop) -> None:
    said = shop.gate("--json")
    assert (said.code, said.err) == (0, "")
    assert [one["rows"] for one in said.json["landed"]] == [4, 8, 112]
    assert {one["name"].split(".")[-1]: one["tests"] for one in said.json["models"]} == {
        "games": 2,
        "team_lines": 1,
        "player_lines": 1,
    }
    assert shop.boxout("run", DAY).code == 0
    assert shop.public() == sorted(shop.night.ids)


def test_the_same_build_again_moves_nothing(shop: Shop) -> None:
    shop.gate()
    again = shop.gate("--json").json["landed"]
    assert [(len(one["public"]), len(one["unchanged"])) for one in again] == [
        (0, 1),
        (0, 4),
        (0, 4),
    ]


def test_a_number_leads_to_the_invocation_of_dbt(shop: Shop) -> None:
    invocation = shop.gate("--json").json["invocation"]
    shop.boxout("run", DAY)
    proof = shop.boxout("prove", "player_game_summary", shop.night.ids[0])
    assert f".boxout/gated/{invocation}/gamebook_player_stats.parquet" in proof.out


def test_a_test_of_dbt_that_fails_keeps_all_of_it_back(shop: Shop) -> None:
    shop.model("team_lines_staged", "select *, null as nothing from {{ ref('team_lines_raw') }}")
    shop.model(
        "team_lines", "select * replace (null as game_id) from {{ ref('team_lines_staged') }}"
    )
    assert shop.dbt("build") == 1
    said = shop.gate()
    assert said.code == 4
    assert "test.shop.not_null_team_lines_game_id" in said.err
    assert "fail, pass or warn needed" in said.err
    assert shop.public() == []
    assert "refused" in shop.boxout("events").out


def test_a_model_upstream_that_breaks_keeps_back_what_was_public(shop: Shop) -> None:
    shop.gate()
    shop.model("team_lines_staged", "select no_such_column from {{ ref('team_lines_raw') }}")
    assert shop.dbt("build") == 1
    said = shop.gate()
    assert said.code == 4
    assert "model.shop.team_lines_staged: error, success needed" in said.err
    assert "model.shop.team_lines: skipped, success needed" in said.err
    assert shop.public() == sorted(shop.night.ids), "readers see what they saw"


def test_a_build_of_a_part_is_no_build_of_the_rest(shop: Shop) -> None:
    assert shop.dbt("build", "--select", "team_lines", "games+", "player_lines+") == 0
    said = shop.gate()
    assert said.code == 3
    assert "model.shop.team_lines_staged: not built in this invocation" in said.err


def test_a_run_without_tests_and_one_without_rows_are_no_build(shop: Shop) -> None:
    assert shop.dbt("run") == 0
    said = shop.gate()
    assert said.code == 3
    assert "dbt run wrote run_results.json, dbt build needed" in said.err
    assert "not evaluated in this invocation" in said.err
    assert shop.dbt("build", "--empty") == 0
    assert "built with --empty" in shop.gate().err
    assert shop.public() == []


def test_files_of_two_invocations_are_refused(shop: Shop) -> None:
    results = (shop.folder / "shop/target/run_results.json").read_bytes()
    assert shop.dbt("parse") == 0
    (shop.folder / "shop/target/run_results.json").write_bytes(results)
    said = shop.gate()
    assert said.code == 3
    assert "dbt ran again, or broke off, after the build" in said.err


def test_a_later_run_that_wrote_no_files_is_noticed(shop: Shop) -> None:
    assert shop.dbt("run", "--no-write-json", "--select", "team_lines") == 0
    said = shop.gate()
    assert said.code == 3
    assert "began there last" in said.err
    assert shop.public() == []


def test_a_build_that_was_killed_half_way_is_noticed(shop: Shop) -> None:
    command = [str(Path(sys.executable).parent / "dbt"), "build", "--project-dir", "shop"]
    with subprocess.Popen(
        [*command, "--profiles-dir", "shop"], stdout=subprocess.PIPE, text=True
    ) as building:
        for line in building.stdout:
            if "OK loaded seed" in line:
                building.kill()
                break
    said = shop.gate()
    assert said.code == 3
    assert "is of invocation" in said.err
    assert shop.public() == []


def test_a_file_that_does_not_say_who_wrote_it_is_not_read(shop: Shop) -> None:
    with duckdb.connect("private.duckdb") as private:
        private.execute("DROP TABLE main.boxout_invocation")
    said = shop.gate()
    assert said.code == 3
    assert "on-run-start" in said.err
    assert shop.public() == []


def test_a_file_that_dbt_is_writing_is_not_read(shop: Shop) -> None:
    code = "import duckdb, sys; c = duckdb.connect('private.duckdb'); print(1, flush=True); sys.stdin.read()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], cwd=shop.folder, **pipes) as writing:
        writing.stdout.readline()
        said = shop.gate()
        writing.stdin.close()
    assert said.code == 5
    assert shop.public() == []


def test_without_a_database_it_judges_only(shop: Shop) -> None:
    said = shop.boxout("gate", "shop/target", "--model", "team_boxscore=team_lines", "--json")
    assert (said.code, said.json["models"][0]["name"]) == (0, "model.shop.team_lines")
    assert shop.public() == []


def test_rows_that_boxout_does_not_pass_stay_back_though_dbt_is_content(shop: Shop) -> None:
    with duckdb.connect("private.duckdb") as private:
        private.execute("UPDATE main.team_lines SET pts = 0 WHERE game_id = ?", [shop.night.ids[0]])
    said = shop.gate()
    assert said.code == 4
    assert f"withheld 1 partition: {shop.night.ids[0]}" in said.out
    assert shop.public() == sorted(shop.night.ids[1:])


def test_the_commands_of_the_page_publish_the_night(shop: Shop) -> None:
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    commands = example("dbt.md", "sh")
    ran = subprocess.run(
        ["sh", "-e", "-c", commands],
        cwd=shop.folder,
        env=os.environ | {"PATH": paths, "DO_NOT_TRACK": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert shop.public() == sorted(shop.night.ids)
