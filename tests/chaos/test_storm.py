"""Processes that are killed, and the judge of what they leave: first that it sees, then that it is quiet."""

import shutil
import sqlite3
from functools import partial

import duckdb
import pytest

from chaos import nights
from chaos.acts import landing, new_project, opened, running
from chaos.script import told_by
from chaos.truth import public
from chaos.verdict import judge

READ = (nights.FINAL, nights.FINAL)
GAME = nights.games()[0]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """A project at rest, in which everything was corrected, and what is true of it."""
    root = tmp_path_factory.mktemp("quiet")
    nights.write_all(root / "files")
    new_project(root / "project")
    with opened(root / "project") as engine:
        for reader, variant in (
            (nights.SCHEDULE, "first"),
            (nights.GAMEBOOK, "first"),
            (nights.TEAM_BOX, "first"),
            (nights.GAMEBOOK, nights.FINAL),
            (nights.TEAM_BOX, nights.FINAL),
        ):
            landing(engine, root / "files", nights.Arrival(reader, nights.ALL, variant))
            running(engine)
        return root / "project", {READ: public(engine)}


@pytest.fixture
def left(quiet, tmp_path):
    """A copy to damage."""
    folder, truth = quiet
    shutil.copytree(folder, tmp_path / "project")
    return tmp_path / "project", partial(judge, tmp_path / "project", truth)


def in_warehouse(folder, sql):
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        assert connection.execute(sql).fetchone() != (0,)


def in_ledger(folder, sql):
    connection = sqlite3.connect(folder / "ledger.sqlite")
    with connection:
        assert connection.execute(sql).rowcount > 0
    connection.close()


OF_GAME = f"WHERE game_id = '{GAME}'"
PUBLIC = (
    "(SELECT version FROM pointer WHERE until IS NULL AND table_name = 'player_game_summary'"
    f" AND partition = '{GAME}')"
)
DAMAGE = [
    ("I2", in_warehouse, "UPDATE boxout.pointers SET version = 1 WHERE until IS NULL AND version <> 1"),
    ("I2", in_warehouse, f"DELETE FROM boxout.pointers WHERE part = '{GAME}' AND until IS NULL"),
    ("I2", in_warehouse, "UPDATE boxout.projected SET publication = publication - 1"),
    ("I3", in_ledger, "UPDATE publication SET attempt = 1 WHERE unit = 'game totals'"),
    ("I4", in_ledger, "INSERT INTO tombstone SELECT 'player_game_summary', "
                      f"'{GAME}', {PUBLIC}, 1, NULL, 'bad', 1, 'c'"),
    ("I4", in_ledger, "INSERT INTO tombstone SELECT table_name, partition, version, 1, NULL, 'bad', 1, 'c' "
                      f"FROM pointer WHERE table_name = 'gamebook_player_stats' AND partition = '{GAME}'"),
    ("I5", in_ledger, f"DELETE FROM check_count WHERE version = {PUBLIC}"),
    ("I5", in_ledger, f"INSERT INTO finding SELECT {PUBLIC}, '{GAME}', 'c', 'block', 'failed', '', ''"),
    ("I6", in_warehouse, f"UPDATE versions.player_game_summary SET pts = pts + 1 {OF_GAME}"),
    ("I6", in_ledger, "UPDATE pointer SET checked = since - 2 WHERE table_name = 'team_offense_game_summary'"
                      " AND until IS NULL"),
    ("I7", in_warehouse, f"DELETE FROM versions.team_defense_game_summary {OF_GAME}"),
    ("I7", in_warehouse, f"INSERT INTO versions.schedule FROM versions.schedule {OF_GAME}"),
]  # fmt: skip


def test_what_nobody_damaged_is_found_well(left):
    assert left[1]().faults == []


@pytest.mark.parametrize(("invariant", "where", "sql"), DAMAGE)
def test_the_judge_names_what_was_damaged(left, invariant, where, sql):
    folder, judged = left
    where(folder, sql)
    assert invariant in {fault.split(":")[0][:2] for fault in judged().faults}


@pytest.mark.slow
def test_forty_deaths_break_no_promise_and_lose_nothing():
    storm = told_by("chaos.storm", 40, 5)
    assert storm["faults"] == []
    assert storm["kills"] >= 40
    assert storm["at named steps"] > 10
    assert storm["at random moments"] > 10
