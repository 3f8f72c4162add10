"""A night of files, and the command line in a process of its own."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from boxout.cli.main import answer
from boxout_nba.simulator import (
    Game,
    gamebook_rows,
    play,
    schedule_rows,
    simulate_night,
    team_rows,
    write_csv,
)

SRC = Path(__file__).parents[2] / "src"
SEED = 7
DAY = "2026-02-03"


class Said(NamedTuple):
    """How a command ended and what it said; `out` and `err` with every run of blanks as one."""

    code: int
    raw: str
    err: str

    @property
    def out(self) -> str:
        return " ".join(self.raw.split())

    @property
    def json(self):
        """The one document on stdout."""
        (line,) = self.raw.splitlines()
        return json.loads(line)


def answering(capsys) -> Callable[..., Said]:
    """The command line in this process."""

    def run(*words: str) -> Said:
        capsys.readouterr()
        code = answer(words)
        said = capsys.readouterr()
        return Said(code, said.out, " ".join(said.err.split()))

    return run


class Night:
    """A project folder, the games of a night, and files of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.games = simulate_night(SEED, DAY, games=4)
        self.ids = [game.game_id for game in self.games]

    def copied(self, to: Path) -> "Night":
        """The same night in another folder, with all that is in this one."""
        made = Night(to)
        shutil.copytree(self.folder, to, dirs_exist_ok=True)
        return made

    def rows(self, of, games: list[Game] | None = None, periods: int | None = None):
        return [
            row
            for g in games or self.games
            for row in of(g.game_id, play(SEED, g.away, g.home, g.game_id, periods_max=periods))
        ]

    def schedule(self, **changed: str) -> str:
        """A schedule file; `changed` is the status of games by their place: g0="live"."""
        games = [
            g._replace(status=changed.get(f"g{n}", g.status)) for n, g in enumerate(self.games)
        ]
        return self.csv("schedule.csv", schedule_rows(games))

    def gamebook(self, games: list[Game] | None = None, periods: int | None = None) -> str:
        return self.csv("gamebook.csv", self.rows(gamebook_rows, games, periods))

    def team_box(self, games: list[Game] | None = None, periods: int | None = None) -> str:
        return self.csv("team_boxscore.csv", self.rows(team_rows, games, periods))

    def broken(self, game: int) -> str:
        """Team box scores of which one game does not add up with its players."""
        rows = self.rows(team_rows)
        rows[2 * game]["blk"] += 1
        return self.csv("team_boxscore.csv", rows)

    def rows_of(self, name: str) -> list[dict[str, str]]:
        """The rows of a file, as text."""
        with (self.folder / name).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def csv(self, name: str, rows) -> str:
        write_csv(rows, self.folder / name)
        return name

    def files(self) -> tuple[str, str, str]:
        return self.schedule(), self.gamebook(), self.team_box()


MAIN = "from boxout.cli import main; main()"


def shell(*words: str, cwd: Path, code: str = MAIN, **more) -> subprocess.Popen[str]:
    """The command line in a process of its own, of this very source."""
    command = [sys.executable, "-c", code, *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(
        command, cwd=cwd, env=os.environ | {"PYTHONPATH": str(SRC)}, **(pipes | more)
    )


def finished(process: subprocess.Popen[str], timeout_s: float = 120) -> Said:
    """The end of a process, and what it said."""
    out, err = process.communicate(timeout=timeout_s)
    return Said(process.returncode, out or "", " ".join((err or "").split()))


@contextmanager
def held(folder: Path, *, is_reading: bool = False):
    """The warehouse of a project, opened by another process for as long as the block runs."""
    code = (
        "import duckdb, sys; c = duckdb.connect('warehouse.duckdb', read_only=sys.argv[1] == 'True');"
        " print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(is_reading)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=folder, **pipes) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.stdin.close()
