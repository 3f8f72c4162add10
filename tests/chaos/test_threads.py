"""Several threads of one process on one project: every interleaving is forced, none is hoped for."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from boxout.compiled import cache
from boxout.errors import StoreUnavailable
from boxout.project import open_project
from boxout.run import land, run, turn
from boxout.run.attempt import attempt
from boxout.run.collect import collect
from boxout.run.rollback import of_partition, plan_rollback, roll_back
from boxout.warehouse import pointers
from boxout_nba.simulator import gamebook_rows, write_csv

DAY = "2026-02-03"
GAMEBOOK = "gamebook_player_stats"
REPLACE = Path.replace
MOVE = pointers.move


class Before:
    """A store around another: something else happens right before the first call of a method."""

    def __init__(self, store, name, act):
        self._store = store
        self._name = name
        self._act = act

    def __getattr__(self, name):
        if name == self._name:
            act, self._act = self._act, lambda: None
            act()
        return getattr(self._store, name)


def apart(act, *given):
    """Do it in a thread of its own, to its end."""
    thread = threading.Thread(target=act, args=given)
    thread.start()
    thread.join()


def gamebook(world, games, file, name=None):
    rows = world.rows(gamebook_rows, games, None)
    if name is not None:
        rows[0]["player_name"] = name
    return write_csv(rows, world.folder / file)


def tables(world):
    return set(world.engine.graph.processors)


def test_a_landing_keeps_its_own_rows_when_another_begins_before_it_ends(world):
    world.schedule()
    ours = gamebook(world, world.games[:2], "ours.csv")
    theirs = gamebook(world, world.games[2:], "theirs.csv")
    reader = world.readers[GAMEBOOK]

    def other():
        apart(land, world.engine, theirs, reader)

    between = Before(world.engine.warehouse, "keep_staged", other)
    landed = land(replace(world.engine, warehouse=between), ours, reader)
    kept = {c.partition for c in world.engine.ledger.census(landed.version, "", "~")}
    assert kept == {game.game_id for game in world.games[:2]}
    assert len(landed.published) == 2


def test_a_landing_reads_its_file_while_another_thread_uses_the_connection(world):
    world.schedule()
    path = gamebook(world, world.games, "gamebook.csv")
    began, ended = threading.Event(), threading.Event()

    def hold(number):
        began.set()
        ended.wait()
        return number

    connection = world.engine.warehouse._connection
    connection.create_function("hold", hold, ["BIGINT"], "BIGINT")
    busy = threading.Thread(target=connection.execute, args=["SELECT hold(1)"])
    busy.start()
    began.wait()
    try:
        landed = land(world.engine, path, world.readers[GAMEBOOK])
    finally:
        ended.set()
        busy.join()
    assert len(landed.published) == 4


def test_a_landing_says_which_games_somebody_took_from_it(world):
    world.schedule()
    world.gamebook()
    taken = world.games[0].game_id

    def undo():
        bad = of_partition(world.engine, GAMEBOOK, taken)
        roll_back(world.engine, plan_rollback(world.engine, bad, "wrong file"))

    engine = replace(world.engine, ledger=Before(world.engine.ledger, "publish", undo))
    path = gamebook(world, world.games, "corrected.csv", name="Somebody Else")
    landed = land(engine, path, world.readers[GAMEBOOK])
    told = {p for told in landed if isinstance(told, tuple) for p in told}
    assert taken in told


class Unmoved:
    """A warehouse around another: its process dies before it moves the public views."""

    def __init__(self, warehouse):
        self._warehouse = warehouse

    def __getattr__(self, name):
        return getattr(self._warehouse, name)

    def project(self, *_, **__):
        return True


class MovedBeside:
    """A warehouse around another: a second thread is moving the views when this one begins to."""

    def __init__(self, engine, monkeypatch):
        self._engine = engine
        self._is_inside, self._may_end = threading.Event(), threading.Event()
        monkeypatch.setattr(pointers, "move", self._slowly)

    def __getattr__(self, name):
        return getattr(self._engine.warehouse, name)

    def _slowly(self, cursor, *to):
        MOVE(cursor, *to)
        self._is_inside.set()
        self._may_end.wait()

    def project(self, moves, upto, mark, *, after):
        warehouse = self._engine.warehouse
        if self._may_end.is_set():
            return warehouse.project(moves, upto, mark, after=after)
        earlier = [move for move in moves if move[3] < upto]
        theirs = (earlier, upto - 1, self._engine.ledger.news(upto - 1).of)
        other = threading.Thread(target=warehouse.project, args=theirs, daemon=True)
        other.start()
        self._is_inside.wait()
        threading.Timer(0.3, self._may_end.set).start()
        try:
            return warehouse.project(moves, upto, mark, after=after)
        finally:
            other.join()


def test_what_an_attempt_published_is_in_the_public_views_though_another_moved_them_too(
    world, monkeypatch
):
    world.schedule()
    world.gamebook()
    (unit,) = world.engine.graph.units
    games = [game.game_id for game in world.games]
    died = replace(world.engine, warehouse=Unmoved(world.engine.warehouse))
    attempt(died, unit, games[:2], "died")
    beside = replace(world.engine, warehouse=MovedBeside(world.engine, monkeypatch))
    attempt(beside, unit, games[2:], "lives")
    assert world.engine.warehouse.projected() == world.engine.ledger.head()
    empty = world.public("FROM boxout.pointers WHERE since = until")
    assert empty == []


def test_a_turn_moves_the_public_views_that_a_dead_process_left_behind(world):
    world.schedule()
    world.gamebook()
    (unit,) = world.engine.graph.units
    died = replace(world.engine, warehouse=Unmoved(world.engine.warehouse))
    attempt(died, unit, [game.game_id for game in world.games], "died")
    turn(world.engine)
    assert world.engine.warehouse.projected() == world.engine.ledger.head()


def test_collection_deletes_rows_that_nobody_needs_from_the_file(world):
    world.schedule()
    for name in ("One", "Two", "Three"):
        path = gamebook(world, world.games, "gamebook.csv", name=name)
        land(world.engine, path, world.readers[GAMEBOOK])
    gone = collect(world.engine, 0, 0)
    left = world.public(f"SELECT DISTINCT _version FROM versions.{GAMEBOOK}")
    assert gone[GAMEBOOK] == 1  # the first still holds the other three games
    assert len(left) == 2


def test_one_process_may_open_a_project_twice(world):
    other = open_project(world.folder).engine()
    try:
        world.schedule()
        path = gamebook(world, world.games, "gamebook.csv")
        land(other, path, world.readers[GAMEBOOK])
        outcomes = run(world.engine, DAY, DAY, tables(world)).outcomes
        again = run(other, DAY, DAY, tables(world)).outcomes
    finally:
        other.warehouse.close()
        other.ledger.close()
    assert {type(one).__name__ for one in outcomes.values()} == {"Done"}
    assert {type(one).__name__ for one in again.values()} == {"NothingToDo"}


def test_two_threads_may_compile_a_pipeline_at_the_same_moment(world, tmp_path, monkeypatch):
    engine = world.engine
    monkeypatch.setattr(cache, "compile_all", lambda *_: engine.compiled)
    asked = (engine.pipeline, engine.graph.tables, "duckdb", tmp_path)
    others = [cache.compiled_once]

    def replaced(path, target):
        if others:
            apart(others.pop(), *asked)
        return REPLACE(path, target)

    monkeypatch.setattr(Path, "replace", replaced)
    assert cache.compiled_once(*asked) == engine.compiled


def test_a_game_that_another_is_landing_is_not_called_withheld(world):
    world.schedule()
    games = [game.game_id for game in world.games]
    world.engine.ledger.claim(GAMEBOOK, games, run="another", lease_s=900)
    with pytest.raises(StoreUnavailable, match="another landing"):
        world.gamebook()
