"""A project and its public tables, as a notebook uses them."""

import shutil
import sqlite3
import subprocess
import sys
from importlib.metadata import EntryPoint

import duckdb
import pandas
import polars
import pyarrow
import pytest

from boxout.errors import DefinitionError, NotReady, StoreUnavailable
from boxout.project import FILE, init, open_project
from boxout.run import run
from boxout_nba.simulator import gamebook_rows
from cli.night import DAY, held
from conftest import World

PLAYERS = "player_game_summary"
GOOD = 'pipeline = "nba"\nledger = "l"\nwarehouse = "w"\n'


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    """A night in two publications of players: one game is corrected after the first."""
    world = World(tmp_path_factory.mktemp("night") / "project")
    world.schedule()
    world.gamebook()
    world.team_box()
    before = world.engine.ledger.head()
    run(world.engine, DAY, DAY, {PLAYERS})
    first = world.engine.ledger.head()
    rows = world.rows(gamebook_rows, world.games[:1], None)
    rows[0]["player_name"] = "Some Body"
    world.land("gamebook_player_stats", rows)
    run(world.engine, DAY, DAY, {PLAYERS})
    world.engine.warehouse.close()
    return world, before, first


@pytest.fixture
def notebook(made_once, tmp_path):
    """The project, in a folder of its own, with nothing open."""
    folder = tmp_path / "project"
    shutil.copytree(made_once[0].folder, folder)
    return open_project(folder)


def writable(project) -> bool:
    """Whether another process can open the warehouse for writing."""
    code = "import duckdb, sys; duckdb.connect(sys.argv[1]).close()"
    command = [sys.executable, "-c", code, str(project.warehouse_path)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_table_is_ibis_polars_pandas_and_arrow_with_the_same_rows(notebook):
    table = notebook.table(PLAYERS)
    frames = (table.to_polars(), table.to_pandas(), table.to_pyarrow())
    assert [type(one) for one in frames] == [polars.DataFrame, pandas.DataFrame, pyarrow.Table]
    assert {one.shape for one in frames} == {(4 * 28, len(table.columns))}
    assert set(frames[0]["player_id"]) == set(frames[1]["player_id"])
    assert frames[0]["pts"].sum() == frames[1]["pts"].sum()


def test_null_is_null_and_zero_is_zero_in_every_form(notebook):
    table = notebook.table(PLAYERS)
    absent = table.filter(table.is_dnp).to_polars()
    assert absent["pts"].null_count() == len(absent) > 0
    assert table.to_polars()["pts"].min() == 0


def test_a_snapshot_shows_what_was_public_then(made_once, notebook):
    _, before, first = made_once

    def named(at):
        rows = notebook.table(PLAYERS, at=at).to_polars()
        return len(rows), "Some Body" in set(rows["player_name"])

    assert named(before) == (0, False)
    assert named(first) == (4 * 28, False)
    assert named(None) == (4 * 28, True)
    assert named(notebook.ledger().head()) == named(None)


@pytest.mark.parametrize("at", [0, -1, 10_000, True, "three", 1.5])
def test_a_publication_that_is_not_there_is_refused(notebook, at):
    with pytest.raises(DefinitionError, match="no such publication; there are publications 1 to"):
        notebook.table(PLAYERS, at=at)
    assert writable(notebook), "the connection was closed"


def test_a_table_that_is_not_there_is_refused_with_the_likely_slip(notebook):
    with pytest.raises(DefinitionError, match=r"Did you mean player_game_summary\?"):
        notebook.table("player_game_sumary")


def test_a_table_holds_the_file_for_reading_while_it_lives_and_no_longer(notebook):
    table = notebook.table(PLAYERS)
    assert table.count().to_pyarrow().as_py() == 4 * 28
    assert not writable(notebook)
    del table
    assert writable(notebook)


def test_the_rows_of_a_table_hold_nothing(notebook):
    rows = notebook.table(PLAYERS).to_polars()
    assert writable(notebook)
    assert len(rows) == 4 * 28


def test_two_notebooks_read_at_once(notebook):
    with held(notebook.folder, is_reading=True):
        assert len(notebook.table(PLAYERS).to_polars()) == 4 * 28


def test_beside_a_running_process_the_message_names_it(notebook):
    with held(notebook.folder) as holder, pytest.raises(StoreUnavailable) as told:
        notebook.table(PLAYERS)
    assert f"is held by process {holder.pid}" in str(told.value)


def test_beside_an_engine_of_the_same_process_the_message_says_what_to_close(notebook):
    said = "open for writing in this very process"
    with notebook.working(), pytest.raises(StoreUnavailable, match=said):
        notebook.table(PLAYERS)
    assert len(notebook.table(PLAYERS).to_polars()) == 4 * 28


def test_a_project_in_which_nothing_was_landed_has_no_tables_yet(tmp_path):
    init(tmp_path, "nba")
    with pytest.raises(NotReady, match="nothing has been landed"):
        open_project(tmp_path).table(PLAYERS)


def test_a_table_that_the_pipeline_has_and_the_warehouse_has_not_yet_is_told(tmp_path, made_once):
    init(tmp_path, "nba")
    duckdb.connect(str(tmp_path / "warehouse.duckdb")).close()
    with pytest.raises(NotReady, match="does not have this table yet"):
        open_project(tmp_path).table(PLAYERS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pipeline = [", "not a project file"),
        ("\xff", "not a project file"),
        ("", "pipeline is missing"),
        (GOOD.replace('"l"', "7"), "ledger is not text"),
        (GOOD.replace('"l"', '""'), "ledger is not text"),
        (GOOD.replace('"l"', '"w"'), "ledger and warehouse are one file, w"),
        (GOOD + 'warehous = "x"\n', "warehous means nothing. Did you mean warehouse?"),
        (GOOD.replace("nba", "nbaa"), "installed: nba, nba-games. Did you mean nba?"),
    ],
)
def test_a_file_that_is_no_project_is_refused(tmp_path, text, said):
    (tmp_path / FILE).write_text(text, "latin-1")
    with pytest.raises(DefinitionError) as refused:
        open_project(tmp_path)
    assert said in str(refused.value)


def test_all_faults_of_a_project_file_are_told_at_once(tmp_path):
    (tmp_path / FILE).write_text('ledgr = "x"\n')
    with pytest.raises(DefinitionError) as refused:
        open_project(tmp_path)
    assert len(refused.value.faults) == 4


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("nothing_here:PIPELINE", "cannot be loaded"),
        ("json:PIPELINE", "cannot be loaded"),
        ("json:dumps", "is of type function, a Pipeline expected"),
    ],
)
def test_a_pipeline_that_cannot_be_loaded_is_refused(tmp_path, monkeypatch, value, said):
    broken = EntryPoint("nba", value, "boxout.pipelines")
    monkeypatch.setattr("boxout.installed.entry_points", lambda group: [broken])
    (tmp_path / FILE).write_text(GOOD)
    with pytest.raises(DefinitionError, match=said):
        open_project(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("warehouse.duckdb", b"hello world\n" * 1000, "cannot be opened as a DuckDB warehouse"),
        ("warehouse.duckdb", b"", "cannot be opened as a DuckDB warehouse"),
        ("ledger.sqlite", b"hello world\n" * 1000, "is not a ledger"),
    ],
)
def test_a_store_that_is_another_kind_of_file_is_refused_and_left_as_it_is(
    tmp_path, name, content, said
):
    init(tmp_path, "nba")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StoreUnavailable, match=said):
        open_project(tmp_path).engine()
    assert (tmp_path / name).read_bytes() == content


def test_a_ledger_that_is_somebody_elses_database_is_refused(tmp_path):
    init(tmp_path, "nba")
    other = sqlite3.connect(tmp_path / "ledger.sqlite")
    other.execute("CREATE TABLE theirs (a)")
    other.close()
    with pytest.raises(StoreUnavailable, match="not a ledger: it holds the tables theirs"):
        open_project(tmp_path).engine()


def test_init_does_not_write_over_a_project(tmp_path):
    init(tmp_path, "nba")
    before = (tmp_path / FILE).read_text()
    with pytest.raises(DefinitionError, match="is there already"):
        init(tmp_path, "nba")
    assert (tmp_path / FILE).read_text() == before


def test_init_where_nothing_can_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DefinitionError, match="cannot be written"):
        init(tmp_path / "file" / "project", "nba")


def test_an_engine_that_cannot_open_its_ledger_lets_go_of_the_warehouse(tmp_path):
    init(tmp_path, "nba")
    project = open_project(tmp_path)
    (tmp_path / "ledger.sqlite").mkdir()
    with pytest.raises(StoreUnavailable):
        project.engine()
    assert writable(project)


def test_a_plan_without_a_warehouse_never_becomes_a_run(tmp_path):
    init(tmp_path, "nba")
    said = "reads the ledger only"
    with open_project(tmp_path).planning() as engine, pytest.raises(AttributeError, match=said):
        engine.warehouse.projected()
    assert not (tmp_path / "warehouse.duckdb").exists()
