"""Commands find a running service and go through it; and nobody gets further in than on his own."""

import json
import os
import pickle
import signal
import socket
import stat
from collections.abc import Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

import duckdb
import pytest

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.project import open_project
from boxout.relay import RemoteWarehouse, found
from boxout.service import opened
from boxout.service.relaying import relayed
from boxout.warehouse import DuckdbWarehouse
from cli.night import DAY, Night, Said, finished, shell
from service.posted import until

TABLE = "player_game_summary"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def served(landed) -> Iterator[Night]:
    """A night whose project a service holds, in a process of its own."""
    words = ("serve", "--port", str(free_port()), "--files", ".")
    process = shell(*words, cwd=landed.folder)
    until(lambda: found(landed.folder / ".boxout") or process.poll() is not None, 120)
    yield landed
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert found(landed.folder / ".boxout") is None


def command(served: Night, *words: str) -> Said:
    return finished(shell(*words, cwd=served.folder))


def test_commands_go_through_the_service(served):
    # The service is at the same night by itself: whoever comes second is fenced, and asks again.
    until(lambda: command(served, "run", DAY).code == 0, 120)
    asked = command(served, "query", f"SELECT count(*) AS n FROM {TABLE}", "--json")
    assert asked.json[0]["n"] > 0
    assert command(served, "prove", TABLE, served.ids[0], "--replay").code == 0
    assert command(served, "audit", DAY).code == 0
    (served.folder / "gamebook.csv").touch()
    landed = command(served, "land", "gamebook.csv", "--json")
    assert (landed.code, landed.json["refused"]) == (0, [])
    taken = command(served, "rollback", TABLE, served.ids[0], "--reason", "a test", "--yes")
    assert taken.code == 0
    before = command(served, "query", f"SELECT count(*) AS n FROM {TABLE}", "--at", "3", "--json")
    assert before.json == [{"n": 0}]


FORBIDDEN = [
    "SELECT * FROM 'boxout.toml'",
    "SELECT * FROM read_text('boxout.toml')",
    "SELECT * FROM read_csv('gamebook.csv')",
    "SELECT * FROM read_blob('ledger.sqlite')",
    "SELECT * FROM glob('*')",
    "SELECT * FROM query('FROM read_text(''boxout.toml'')')",
    "WITH a AS (FROM read_text('boxout.toml')) FROM a",
    "EXPLAIN ANALYZE FROM read_text('boxout.toml')",
    "COPY (SELECT 1) TO 'out.csv'",
    "ATTACH 'ledger.sqlite' AS l",
    "ATTACH ':memory:' AS m",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET threads = 1",
    "PRAGMA threads = 1",
    "RESET threads",
    "CHECKPOINT",
    "CALL force_checkpoint()",
    "EXPORT DATABASE 'out'",
    "DETACH warehouse",
    "USE memory",
    "BEGIN",
    "COMMIT",
    "DELETE FROM boxout.pointers",
    "DROP VIEW player_game_summary",
    "UPDATE boxout.projected SET publication = 0",
    "CREATE TABLE mine (a INT)",
    "CREATE TEMP TABLE mine AS SELECT 1",
    "SELECT 1; SELECT 2",
    "",
]


@pytest.fixture
def asked(landed) -> Iterator[DuckdbWarehouse]:
    """A closed warehouse, in the folder of its project."""
    before = Path.cwd()
    os.chdir(landed.folder)
    project = open_project()
    warehouse = project.warehouse(is_closed=True)
    yield warehouse
    warehouse.close()
    os.chdir(before)


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_a_person_can_read_tables_and_nothing_else(asked, sql):
    before = sorted(Path().iterdir())
    with asked.asking((), None) as (_, run), pytest.raises((DefinitionError, duckdb.Error)):
        run(sql)
    assert sorted(Path().iterdir()) == before
    with asked.asking((), None) as (_, run):
        assert run("SELECT current_setting('enable_external_access')")[1] == [(False,)]
        assert run(f"SELECT count(*) FROM {TABLE}")[1] == [(0,)]


@pytest.mark.parametrize(
    "sql",
    [
        "FROM boxout.projected",
        "SHOW TABLES",
        "DESCRIBE schedule",
        "EXPLAIN FROM schedule",
        "PIVOT schedule ON status USING count(*)",
    ],
)
def test_a_person_may_look_at_everything_that_is_there(asked, sql):
    with asked.asking((), None) as (_, run):
        names, rows = run(sql)
    assert names
    assert rows


def test_a_warehouse_that_can_reach_files_is_not_asked_from_outside(landed):
    warehouse = open_project(landed.folder).warehouse()
    with pytest.raises(DefinitionError, match="can reach files"), warehouse.asking((), None):
        pass
    warehouse.close()


def test_a_query_of_a_file_is_refused_through_the_service_as_without_it(served):
    for sql in ("SELECT * FROM 'boxout.toml'", "SELECT * FROM read_text('boxout.toml')"):
        said = command(served, "query", sql, "--json")
        assert (said.code, said.json["error"]) == (2, "DefinitionError")
        assert "pipeline" not in said.raw.replace("pipelines", "")


@pytest.fixture
def door(landed):
    """The way into the project of a service in this process."""
    with opened(open_project(landed.folder)) as desk, relayed(desk):
        yield landed, found(landed.folder / ".boxout")


def test_only_its_owner_can_read_where_the_service_is(door):
    landed, _ = door
    mode = (landed.folder / ".boxout" / "service.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_nobody_gets_in_without_the_key(door):
    _, way = door
    with pytest.raises((AuthenticationError, EOFError, OSError)):
        Client(("127.0.0.1", way.port), authkey=b"guessed")
    with socket.create_connection(("127.0.0.1", way.port), timeout=5) as silent:
        silent.sendall(pickle.dumps(("stop", [1], {})))
        assert b"#CHALLENGE#" in silent.recv(100)


def test_other_code_is_refused(door):
    landed, way = door
    with pytest.raises(StoreUnavailable, match="runs other code"):
        RemoteWarehouse(way, open_project(landed.folder).graph.tables, "other")


def test_what_is_no_method_of_a_warehouse_is_not_called(door):
    landed, way = door
    project = open_project(landed.folder)
    remote = RemoteWarehouse(way, project.graph.tables, project.code())
    for name in ("close", "asking", "_staging", "__class__", "__init__"):
        with pytest.raises(AttributeError):
            remote.call(name)
    assert remote.projected() == 3
    remote.close()


def test_a_service_that_went_away_is_a_store_that_is_away(landed):
    project = open_project(landed.folder)
    with opened(project) as desk, relayed(desk):
        way = found(landed.folder / ".boxout")
        remote = RemoteWarehouse(way, project.graph.tables, project.code())
        assert remote.projected() == 3
    with pytest.raises(StoreUnavailable, match="went away"):
        remote.projected()
    with pytest.raises(StoreUnavailable, match="does not answer"):
        remote.projected()


def test_a_file_left_by_a_service_that_died_hinders_nobody(landed):
    left = {"pid": 1, "port": free_port(), "key": "00"}
    (landed.folder / ".boxout" / "service.json").write_text(json.dumps(left))
    with open_project(landed.folder).working() as engine:
        assert engine.warehouse.projected() == 3


def test_a_file_is_landed_into_a_closed_warehouse_as_into_an_open_one(night):
    files = night.files()
    seen: list[object] = []
    for is_closed in (False, True):
        folder = night.folder / str(is_closed)
        folder.mkdir()
        (folder / "boxout.toml").write_text((night.folder / "boxout.toml").read_text())
        with open_project(folder).working(is_closed=is_closed) as engine:
            reader = next(r for r in engine.pipeline.readers if r.name == "gamebook_player_stats")
            engine.warehouse.stage("*", night.folder / files[1], "SELECT * FROM raw ORDER BY _line")
            came = engine.warehouse.came(5)
            assert engine.warehouse.file_columns(night.folder / files[1])[0] in came
            assert engine.warehouse.staged_lines(reader.table.scheme.column)
            seen.append(came)
    assert seen[0] == seen[1]
