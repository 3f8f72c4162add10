import json
import subprocess
import sys

import duckdb
import pytest

GAME = "2026-02-03/"
DAY = "2026-02-03"


def boxout(*words: str, cwd) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, as a shell would run it."""
    code = "from boxout.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture
def night(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    world.engine.warehouse.close()
    return world


def test_a_night_is_run_and_its_outcome_is_json(night):
    done = boxout("run", DAY, "--json", cwd=night.folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcomes"] == {"Done": 4}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("land", "absent.csv", "--reader", "schedule"), 2, "no such file"),
        (("land", "schedule.csv", "--reader", "team_boxscore"), 4, "columns are missing"),
        (("run", "2031-01-01"), 3, "No schedule"),
        (("run", "yesterday"), 2, "say a date"),
        (("why", "nothing", DAY), 2, "no such table"),
        (("plan", DAY, "-s", "shedule"), 2, "Did you mean"),
        (("status", DAY, "-p", "/"), 2, "no project here"),
    ],
)
def test_a_wrong_request_has_its_message_and_its_exit_code(night, words, code, said):
    done = boxout(*words, cwd=night.folder)
    assert done.returncode == code, done.stderr
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_held_warehouse_is_told_with_its_holder(night):
    held = duckdb.connect(str(night.folder / "warehouse.duckdb"))
    done = boxout("run", DAY, cwd=night.folder)
    held.close()
    assert done.returncode == 5
    assert "is held by process" in " ".join(done.stderr.split())


def test_a_file_that_is_no_project_is_refused(tmp_path):
    (tmp_path / "boxout.toml").write_text("pipeline = [")
    done = boxout("status", DAY, cwd=tmp_path)
    assert done.returncode == 2
    assert "not a project file" in " ".join(done.stderr.split())


def test_help_names_every_exit_code(tmp_path):
    said = " ".join(boxout("--help", cwd=tmp_path).stdout.split())
    for name in ("DefinitionError", "NotReady", "Withheld", "StoreUnavailable", "130"):
        assert name in said


def test_every_reading_command_answers_in_json(night):
    boxout("run", DAY, cwd=night.folder)
    game = night.games[0].game_id
    for words in (
        ("plan", DAY),
        ("status", DAY),
        ("why", "player_game_summary", game),
        ("history", "player_game_summary", game),
        ("query", "SELECT count(*) AS n FROM player_game_summary"),
        ("graph",),
    ):
        done = boxout(*words, "--json", cwd=night.folder)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)
