"""A store that is away, a query that fails inside the gate, a game that breaks its processor."""

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest

from boxout.errors import StoreUnavailable
from boxout.ledger import SqliteLedger
from boxout.model.outcomes import Failed, NothingToDo
from boxout.run import attempt, run
from boxout.run.snapshot import Snapshot
from boxout.warehouse import DuckdbWarehouse
from incidents.scene import ALL, DAY, PLAYER, Around, breaks, kinds, work_of

ASKED_BY_THE_GATE = ("head", "pointers", "expectations", "built_by_others", "incomplete")
WRITTEN_BY_AN_ATTEMPT = ("open_version", "record_audit", "publish")


def unit_of(world):
    (unit,) = world.engine.graph.units
    return unit, [g.game_id for g in world.games]


def with_ledger(world, **first):
    return replace(world.engine, ledger=Around(world.engine.ledger, **first))


def with_warehouse(world, **first):
    return replace(world.engine, warehouse=Around(world.engine.warehouse, **first))


@pytest.mark.parametrize("query", ASKED_BY_THE_GATE)
def test_a_query_that_fails_inside_the_gate_publishes_nothing(night, query):
    unit, games = unit_of(night)
    head = night.engine.ledger.head()
    broken = with_ledger(night, **{query: breaks()})
    became = attempt(broken, unit, games, "r")
    assert {type(o) for o in became.values()} == {Failed}
    assert all(o.is_retryable for o in became.values())
    assert night.engine.ledger.head() == head


@pytest.mark.parametrize("query", ASKED_BY_THE_GATE)
def test_an_error_of_any_kind_inside_the_gate_publishes_nothing(night, query):
    unit, games = unit_of(night)
    head = night.engine.ledger.head()
    broken = with_ledger(night, **{query: breaks(KeyError("state"))})
    became = attempt(broken, unit, games, "r")
    assert {type(o) for o in became.values()} == {Failed}
    assert night.engine.ledger.head() == head


@pytest.mark.parametrize("query", ASKED_BY_THE_GATE)
def test_a_run_whose_plan_cannot_be_made_says_so_and_publishes_nothing(night, query):
    head = night.engine.ledger.head()
    with pytest.raises(StoreUnavailable):
        run(with_ledger(night, **{query: breaks()}), DAY, DAY, ALL)
    assert night.engine.ledger.head() == head


def test_what_a_version_read_is_not_taken_for_unmoved_when_it_cannot_be_asked(night, monkeypatch):
    run(night.engine, DAY, DAY, ALL)
    monkeypatch.setattr(Snapshot, "_is_settled", lambda *_: False)
    head = night.engine.ledger.head()
    with pytest.raises(StoreUnavailable):
        run(with_ledger(night, versions=breaks()), DAY, DAY, ALL)
    assert night.engine.ledger.head() == head


@pytest.mark.parametrize("step", WRITTEN_BY_AN_ATTEMPT)
def test_a_ledger_that_is_away_in_the_middle_is_tried_again_later(night, step):
    result = run(with_ledger(night, **{step: breaks()}), DAY, DAY, ALL)
    assert kinds(result) == {"Failed": 4}
    assert work_of(night.engine, night.games[0].game_id).ended is None
    assert kinds(run(night.engine, DAY, DAY, ALL)) == {"Done": 4}


@pytest.mark.parametrize("step", ["append", "audit"])
def test_a_warehouse_that_is_away_in_the_middle_is_tried_again_later(night, step):
    result = run(with_warehouse(night, **{step: breaks()}), DAY, DAY, ALL)
    assert kinds(result) == {"Failed": 4}
    assert night.public(f"FROM {PLAYER}") == []
    assert kinds(run(night.engine, DAY, DAY, ALL)) == {"Done": 4}


def test_a_projection_that_fails_leaves_the_publication_and_is_made_good_later(night):
    assert kinds(run(with_warehouse(night, project=breaks()), DAY, DAY, ALL)) == {"Done": 4}
    assert night.public(f"FROM {PLAYER}") == []
    assert kinds(run(night.engine, DAY, DAY, ALL)) == {"NothingToDo": 4}
    assert night.public(f"SELECT count(DISTINCT game_id) AS n FROM {PLAYER}") == [{"n": 4}]


class BreaksAt:
    """A connection around another, whose cursors raise at one statement."""

    def __init__(self, connection, statement, error):
        self._connection, self._statement, self._error = connection, statement, error

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def __enter__(self):
        return self

    def __exit__(self, *_said):
        self._connection.close()

    def cursor(self):
        return BreaksAt(self._connection.cursor(), self._statement, self._error)

    def execute(self, sql, *given):
        if sql == self._statement:
            raise self._error
        return self._connection.execute(sql, *given)


@pytest.mark.parametrize(
    "error", [duckdb.FatalException("disk"), duckdb.TransactionException("commit")]
)
def test_a_projection_that_fails_in_any_way_does_not_call_what_is_public_failed(night, error):
    unit, games = unit_of(night)
    broken = BreaksAt(night.engine.warehouse._connection, "FROM boxout.projected", error)
    engine = replace(night.engine, warehouse=DuckdbWarehouse(broken))
    became = attempt(engine, unit, games, "r")
    assert {type(one).__name__ for one in became.values()} == {"Done"}


def test_a_crash_after_the_ledger_published_is_found_as_done(night):
    unit, games = unit_of(night)

    class Lost(Around):
        def __getattr__(self, name):
            inner = super().__getattr__(name)
            if name != "publish":
                return inner

            def publish(*given, **named):
                inner(*given, **named)
                raise StoreUnavailable("the answer was lost")

            return publish

    attempt(replace(night.engine, ledger=Lost(night.engine.ledger)), unit, games, "r")
    assert {type(o) for o in attempt(night.engine, unit, games, "s").values()} == {NothingToDo}
    assert len(night.engine.ledger.history(PLAYER, games[0])) == 1


def test_a_locked_ledger_publishes_nothing_and_the_run_says_try_again(night):
    other = sqlite3.connect(night.folder / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ledger = SqliteLedger.open(
        night.folder / "ledger.sqlite", clock=lambda: datetime.now(UTC), wait_s=0.05
    )
    with pytest.raises(StoreUnavailable, match="is locked"):
        run(replace(night.engine, ledger=ledger), DAY, DAY, ALL)
    other.close()
    ledger.close()
    assert kinds(run(night.engine, DAY, DAY, ALL)) == {"Done": 4}


FULL_DISK = """
import logging, resource, signal, sys
from dataclasses import replace
from boxout.project import open_project
from boxout.run import run
from incidents.scene import ALL, DAY, Around

logging.disable()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
engine = open_project(sys.argv[1]).engine()
fill = lambda *_, **__: resource.setrlimit(resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))
free = lambda *_, **__: resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
warehouse, ledger = Around(engine.warehouse, append=fill), Around(engine.ledger, release=free)
result = run(replace(engine, warehouse=warehouse, ledger=ledger), DAY, DAY, ALL)
print(*{f"{type(o).__name__} {o.is_retryable} {o.error}" for o in result.outcomes.values()})
"""


def test_a_warehouse_whose_disk_is_full_is_away_and_no_game_is_to_blame(night):
    night.engine.warehouse.close()
    told = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(night.folder)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
    )
    assert told.stdout.startswith("Failed True")
