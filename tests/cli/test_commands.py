"""What every command has in common: help, requests that cannot be, JSON, exit codes."""

import errno
import io
import json
import sys

import pytest
from rich.console import Console

from boxout.cli import show
from boxout.cli.main import answer
from boxout.errors import DefinitionError, NotReady, StoreUnavailable, Withheld
from cli.night import DAY, finished, shell


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("land", "absent.csv", "--reader", "schedule"), 2, "no such file"),
        (("land", "absent.csv"), 2, "no such file"),
        (("run", "2031-01-01"), 3, "no schedule"),
        (("run", "yesterday"), 2, "say a date"),
        (("run",), 2, "say a date"),
        (("run", "2026-02-05", "2026-02-03"), 2, "the range ends before it begins"),
        (("run", f"{DAY}/BOS@LAL", f"{DAY}/PHX@POR"), 2, "one game"),
        (("run", DAY, "--select", "schedule"), 2, "there is nothing to compute"),
        (("plan", DAY, "--select", "schedule"), 2, "Did you mean schedule+?"),
        (("backfill", DAY, "-s", "team_boxscore player_boxscore"), 2, "sources"),
        (("plan", DAY, "-s", "shedule"), 2, "Did you mean schedule?"),
        (("why", "player_game_sumary", DAY), 2, "Did you mean player_game_summary?"),
        (("why", "schedule", f"{DAY}/BOS@LAL"), 2, f"Did you mean {DAY}?"),
        (("why", "schedule", "soon"), 2, "not a partition"),
        (("status", DAY, "-p", "/"), 2, "no project here"),
        (("status",), 3, "no schedule has been landed yet"),
        (("query", "SELECT 1"), 3, "nothing has been landed"),
        (("run", DAY, "--wait", "-1"), 2, "greater than or equal to 0"),
        (("run", DAY, "--wait", "soon"), 2, "--wait"),
        (("run", DAY, "--wiat", "1"), 2, "No such option"),
        (("rnu", DAY), 2, "No such command"),
        (("land",), 2, "Missing argument"),
        (("init",), 2, "there already"),
    ],
)
def test_a_wrong_request_has_its_message_and_its_exit_code(night, boxout, words, code, said):
    done = boxout(*words)
    assert done.code == code, done.err
    assert said in done.err
    assert done.raw == ""


@pytest.mark.parametrize(
    "words", [("run", "yesterday"), ("rnu", DAY), ("run", DAY, "--select", "schedule"), ("init",)]
)
def test_a_failed_command_is_one_json_document_too(night, boxout, words):
    done = boxout(*words, "--json")
    assert done.json["exit_code"] == done.code == 2
    assert set(done.json) == {"error", "message", "next_step", "exit_code"}
    assert " ".join(done.json["message"].split()) in done.err


def test_a_bug_leaves_its_traceback_on_stderr_and_its_name_in_json(night, boxout, monkeypatch):
    def broken(_folder):
        raise ZeroDivisionError("a slip of ours")

    monkeypatch.setattr("boxout.cli.asking.open_project", broken)
    written = []
    monkeypatch.setattr(show, "as_json", written.append)
    with pytest.raises(ZeroDivisionError):
        answer(["status", DAY, "--json"])
    assert [one["exit_code"] for one in written] == [1]


def test_json_on_stdout_and_messages_on_stderr(landed):
    done = finished(shell("run", DAY, "2026-02-05", "--json", cwd=landed.folder))
    assert done.code == 0, done.err
    assert done.json["outcomes"] == {"Done": 4}
    assert done.err == ""


def test_every_reading_command_answers_in_json(landed, boxout):
    boxout("run", DAY)
    game = landed.ids[0]
    for words in (
        ("plan", DAY),
        ("status", DAY),
        ("why", "player_game_summary", game),
        ("history", "player_game_summary", game),
        ("query", "SELECT count(*) AS n FROM player_game_summary"),
        ("graph",),
    ):
        done = boxout(*words, "--json")
        assert done.code == 0, done.err
        assert done.json


def test_init_answers_in_json(tmp_path, boxout):
    done = boxout("init", str(tmp_path / "new"), "--json")
    assert done.code == 0
    assert done.json["project"] == str(tmp_path / "new" / "boxout.toml")


def test_help_names_every_exit_code_and_what_json_holds(boxout):
    said = boxout("--help").out
    for error in (DefinitionError, NotReady, Withheld, StoreUnavailable):
        assert f"{error.exit_code} {error.__name__}: {error.next_step}" in said
    for words in ("1 a bug", "130 interrupted", "error, message, next_step and exit_code"):
        assert words in said


def test_without_words_the_help_is_shown(boxout):
    done = boxout()
    assert done.code == 2
    assert "Usage: boxout" in done.out
    assert done.err == ""


class ClosedPipe(io.StringIO):
    """What is left of stdout when `head` has seen enough."""

    def write(self, _text):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")


@pytest.mark.parametrize("words", [("graph",), ("graph", "--json")])
def test_a_reader_who_stops_reading_is_no_error(landed, monkeypatch, words):
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", ClosedPipe())
        code = answer(words)
    assert code == 141


def test_numbers_that_json_does_not_have_are_null(landed, boxout):
    done = boxout("query", "SELECT 'nan'::DOUBLE AS a, 1.5::DECIMAL(4, 2) AS b", "--json")
    assert json.loads(done.raw) == [{"a": None, "b": 1.5}]


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        (("status", DAY), {"ibis", "duckdb", "pandas", "polars", "pyarrow", "rich.progress"}),
        (("why", "schedule", DAY), {"ibis", "duckdb", "pandas", "polars", "pyarrow"}),
        (("--help",), {"ibis", "duckdb", "sqlalchemy"}),
    ],
)
def test_a_quick_command_loads_nothing_heavy(landed, words, heavy):
    code = (
        "import sys; from boxout.cli.main import answer; code = answer(sys.argv[1:]);"
        " print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    done = finished(shell(*words, cwd=landed.folder, code=code))
    assert done.code == 0, done.err
    assert not heavy & set(done.err.split())


def test_a_terminal_gets_long_cells_folded_and_never_cut(monkeypatch):
    screen = io.StringIO()
    console = Console(file=screen, width=30, force_terminal=True, color_system=None)
    monkeypatch.setattr(show, "out", lambda: console)
    show.grid([("x" * 50, "[b]y[/b]" * 5)], ("a", "b"))
    assert screen.getvalue().count("x") == 50
    assert screen.getvalue().replace(" ", "").replace("\n", "").count("[/b]") >= 1
    assert screen.getvalue().count("y") == 5
