"""What goes wrong around a command: locks, full disks, Ctrl-C, a killed process.

Every test ends the same way: the project opens, a second run completes, and the public tables are
those of a project that nobody disturbed.
"""

import resource
import shutil
import signal
import subprocess
import time
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

from boxout_nba.simulator import simulate_night
from cli.night import DAY, SEED, Night, finished, held, shell

LAST = "2026-02-10"
LAND = ("land", "schedule.csv", "gamebook.csv", "team_boxscore.csv")
COMMANDS = {"land": LAND, "run": ("run", DAY, LAST), "backfill": ("backfill", DAY, LAST)}
TABLES = (
    "schedule",
    "gamebook_player_stats",
    "team_boxscore",
    "team_offense_game_summary",
    "team_defense_game_summary",
    "player_game_summary",
)
STOPS = (
    (signal.SIGINT, 0.15),
    (signal.SIGKILL, 0.35),
    (signal.SIGINT, 0.5),
    (signal.SIGKILL, 0.65),
    (signal.SIGINT, 0.8),
    (signal.SIGKILL, 0.9),
)
"""What a command is stopped by, and when: as a share of the time that it takes undisturbed."""
PUBLIC = " UNION ALL ".join(
    f"SELECT '{t}' AS t, count(*) AS n, sum(hash(r)::HUGEINT) AS h FROM (FROM {t}) r"
    for t in TABLES
)
HALF = """
SELECT count(*) AS n FROM (SELECT game_id FROM player_game_summary GROUP BY 1 HAVING count(*) <> 28)
"""


class Undisturbed:
    """Projects before a command, how long it takes, and what is public at the end."""

    def __init__(self, folder) -> None:
        days = [date.fromisoformat(DAY) + timedelta(n) for n in range(8)]
        self.before: dict[str, Night] = {}
        self.took_s: dict[str, float] = {}
        for name in ("land", "run"):
            self.before[name] = Night(folder / name)
            self.before[name].games = [
                g for day in days for g in simulate_night(SEED, day.isoformat(), games=4)
            ]
        self.before["backfill"] = self.before["run"]
        assert (
            finished(shell("init", "--pipeline", "nba-games", cwd=self.before["land"].folder)).code
            == 0
        )
        finished(shell("plan", DAY, cwd=self.before["land"].folder))
        self.before["land"].files()
        shutil.copytree(self.before["land"].folder, self.before["run"].folder, dirs_exist_ok=True)
        self.took_s["land"] = self._timed(*LAND, folder=self.before["run"].folder)
        shutil.copytree(self.before["run"].folder, folder / "end")
        self.took_s["run"] = self._timed("run", DAY, LAST, folder=folder / "end")
        self.took_s["backfill"] = self.took_s["run"]
        self.public = finished(shell("query", PUBLIC, "--json", cwd=folder / "end")).json

    def _timed(self, *words: str, folder) -> float:
        began = time.monotonic()
        assert finished(shell(*words, cwd=folder)).code == 0
        return time.monotonic() - began


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory) -> Undisturbed:
    return Undisturbed(tmp_path_factory.mktemp("undisturbed"))


@pytest.fixture
def project(undisturbed, tmp_path, monkeypatch):
    """A copy of the project as it is before a command; the test is in its folder."""

    def copied(command: str):
        folder = tmp_path / "project"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(undisturbed.before[command].folder, folder)
        monkeypatch.chdir(folder)
        return folder

    return copied


@pytest.fixture
def settles(boxout, undisturbed):
    """Whether nothing is half public now, and all is as it should be after one more run."""

    def judged() -> bool:
        half = boxout("query", HALF, "--json")
        assert half.code in {2, 3} or half.json == [{"n": 0}], "a game is half public"
        assert boxout(*LAND).code == 0
        done = boxout("run", DAY, LAST)
        assert done.code == 0, done.err
        return boxout("query", PUBLIC, "--json").json == undisturbed.public

    return judged


def small_files(kib: int):
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kib * 1024, kib * 1024))

    return limit


@pytest.mark.parametrize("kib", [1, 20, 60, 120])
@pytest.mark.parametrize("command", ["land", "run"])
def test_a_full_disk_is_told_and_leaves_the_project_usable(project, settles, command, kib):
    process = shell(*COMMANDS[command], cwd=project(command), preexec_fn=small_files(kib))
    done = finished(process)
    assert done.code == 5, done.err
    assert "Traceback" not in done.err
    assert settles()


def on_disk(folder: Path) -> int:
    """Bytes that a folder takes, in whole pages."""
    return sum(-(-one.stat().st_size // 4096) * 4096 for one in folder.rglob("*") if one.is_file())


@pytest.mark.parametrize("room_kib", [8, 48])
def test_a_disk_without_room_is_told_and_with_room_the_run_completes(
    project, settles, tmp_path, monkeypatch, room_kib
):
    disk, source = tmp_path / "disk", project("run")
    disk.mkdir()
    size = f"size={on_disk(source) // 1024 + room_kib}k"
    small = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(disk)]
    if subprocess.run(small, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk")
    try:
        shutil.copytree(source, disk, dirs_exist_ok=True)
        done = finished(shell("run", DAY, LAST, cwd=disk))
        assert done.code == 5, done.err
        assert "Traceback" not in done.err
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        monkeypatch.chdir(disk)
        assert settles()
    finally:
        monkeypatch.chdir(tmp_path)
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("at", [*product(COMMANDS, STOPS)], ids=str)
def test_a_command_that_is_stopped_leaves_nothing_half_public_and_can_be_repeated(
    project, undisturbed, settles, at
):
    command, (sent, moment) = at
    process = shell(*COMMANDS[command], cwd=project(command))
    time.sleep(moment * undisturbed.took_s[command])
    process.send_signal(sent)
    done = finished(process)
    # While Python is still loading, it ends itself by the signal: 130 too, as a shell counts.
    stopped = {130, -signal.SIGINT} if sent is signal.SIGINT else {-signal.SIGKILL}
    assert done.code in stopped | {0}, done.err
    assert settles()


def test_ctrl_c_is_told_in_words_and_in_json(landed, boxout, monkeypatch):
    def stopped(*_args, **_said):
        raise KeyboardInterrupt

    monkeypatch.setattr("boxout.cli.running.run", stopped)
    done = boxout("run", DAY, "--json")
    assert done.code == done.json["exit_code"] == 130
    assert done.json["error"] == "Interrupted"
    assert "What was not published stays invisible; run it again." in done.err


def test_ctrl_c_that_duckdb_hears_first_is_ctrl_c_all_the_same(landed, boxout, monkeypatch):
    def stopped(*_args, **_said):
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("boxout.cli.running.run", stopped)
    assert boxout("run", DAY).code == 130


def has_open(process: subprocess.Popen, ending: str) -> bool:
    """Whether a process has opened a file whose name ends so."""
    links = Path(f"/proc/{process.pid}/fd").iterdir()
    return any(str(one.readlink()).endswith(ending) for one in links if one.is_symlink())


def test_a_long_query_hears_ctrl_c(landed):
    long = "SELECT sum(a.range * b.range) FROM range(10000000) a, range(1000000) b"
    process = shell("query", long, cwd=landed.folder)
    while not has_open(process, ".duckdb"):
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    assert finished(process).code == 130


@pytest.mark.parametrize("words", [("run", DAY), LAND, ("query", "SELECT 1")])
def test_a_held_warehouse_is_told_with_its_holder(landed, boxout, words):
    with held(landed.folder) as holder:
        done = boxout(*words)
    assert done.code == 5
    assert f"is held by process {holder.pid}" in done.err
    assert "--wait" in done.err


@pytest.mark.parametrize("words", [("run", DAY), ("query", "SELECT 1")])
def test_a_command_that_waits_goes_on_when_the_other_lets_go(landed, words):
    with held(landed.folder):
        waiting = shell(*words, "--wait", "60", cwd=landed.folder)
        time.sleep(1.5)
        assert waiting.poll() is None
    assert finished(waiting).code == 0


def test_waiting_ends_when_its_time_is_over(landed, boxout):
    with held(landed.folder):
        assert boxout("run", DAY, "--wait", "0.3").code == 5


def test_nobody_waits_for_a_file_that_is_no_warehouse(landed, boxout):
    (landed.folder / "warehouse.duckdb").write_text("hello world\n" * 1000)
    done = boxout("run", DAY, "--wait", "600")
    assert done.code == 5
    assert "cannot be opened as a DuckDB warehouse" in done.err


DIES_AT_WORK = """
import os
from boxout.cli import main
from boxout.warehouse import DuckdbWarehouse
DuckdbWarehouse.append = lambda *_, **__: os._exit(9)
main()
"""


def test_what_a_dead_process_had_leased_is_computed_by_the_next(landed, boxout):
    assert finished(shell("run", DAY, cwd=landed.folder, code=DIES_AT_WORK)).code == 9
    done = boxout("run", DAY, "--json")
    assert done.code == 0
    assert done.json["outcomes"] == {"Done": 4}


def test_two_processes_that_land_one_table_at_once_both_land_and_do_not_mix(landed, boxout):
    rows = landed.rows_of("gamebook.csv")
    landed.csv("gamebook_fix.csv", [row | {"player_name": "Some Body"} for row in rows])
    both = [
        shell("land", name, "--wait", "60", cwd=landed.folder)
        for name in ("gamebook.csv", "gamebook_fix.csv", "gamebook_fix.csv", "gamebook.csv")
    ]
    assert [finished(one).code for one in both] == [0, 0, 0, 0]
    names = "SELECT game_id, count(*) AS n FROM gamebook_player_stats GROUP BY 1"
    assert {row["n"] for row in boxout("query", names, "--json").json} == {28}
    bodies = "SELECT DISTINCT player_name = 'Some Body' AS b FROM gamebook_player_stats"
    assert len(boxout("query", bodies, "--json").json) == 1
