"""The same message again, at once, side by side, or by somebody long thought dead."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier, Event

import pytest

from boxout.errors import StoreUnavailable
from boxout.ledger import SqliteLedger
from boxout.model.outcomes import Done, Fenced
from boxout.run import land, run, turn
from boxout.run.attempt import attempt, held
from boxout_nba.simulator import simulate_night, team_rows, write_csv
from incidents.scene import (
    ALL,
    DAY,
    PLAYER,
    Around,
    Clock,
    at_clock,
    kinds,
    once,
    public_games,
)

LIVE, OLD = "2026-02-03", "2026-01-20"


def test_the_same_message_five_times_is_one_publication(night):
    results = [run(night.engine, DAY, DAY, ALL) for _ in range(5)]
    assert [kinds(r) for r in results] == [{"Done": 4}] + [{"NothingToDo": 4}] * 4
    for game in night.games:
        assert len(night.engine.ledger.history(PLAYER, game.game_id)) == 1


def test_the_same_file_five_times_is_one_publication(night):
    head = night.engine.ledger.head()
    landed = [night.gamebook() for _ in range(5)]
    assert night.engine.ledger.head() == head
    assert [len(one.unchanged) for one in landed] == [4] * 5


def test_two_deliveries_18_seconds_apart_publish_once(night):
    clock = Clock()
    engine = at_clock(night, clock)
    first = run(engine, DAY, DAY, ALL)
    clock.pass_s(18)
    assert kinds(first) == {"Done": 4}
    assert kinds(run(engine, DAY, DAY, ALL)) == {"NothingToDo": 4}


def test_a_redelivery_while_the_first_still_runs_is_fenced_and_the_first_publishes(night):
    second = []
    ledger = Around(
        night.engine.ledger, publish=once(lambda: second.append(run(night.engine, DAY, DAY, ALL)))
    )
    first = run(replace(night.engine, ledger=ledger), DAY, DAY, ALL)
    assert kinds(second[0]) == {"Fenced": 4}
    assert kinds(first) == {"Done": 4}
    assert len(night.engine.ledger.history(PLAYER, night.games[0].game_id)) == 1


def test_what_was_fenced_finds_nothing_to_do_when_it_looks_again(night):
    ledger = Around(night.engine.ledger, publish=once(lambda: run(night.engine, DAY, DAY, ALL)))
    run(replace(night.engine, ledger=ledger), DAY, DAY, ALL)
    assert kinds(run(night.engine, DAY, DAY, ALL)) == {"NothingToDo": 4}


def test_work_that_was_fenced_is_done_when_the_first_is(night):
    clock = Clock()
    engine = at_clock(night, clock)
    ledger = Around(engine.ledger, publish=once(lambda: run(engine, DAY, DAY, ALL)))
    run(replace(engine, ledger=ledger), DAY, DAY, ALL)
    clock.pass_s(3600)
    turn(engine)
    assert engine.ledger.work("", "~") == []
    assert len(engine.ledger.history(PLAYER, night.games[0].game_id)) == 1


def test_a_newer_file_that_meets_a_landing_is_to_be_tried_again(world):
    world.schedule()
    old = write_csv(world.rows(team_rows, None, 2), world.folder / "old.csv")
    told = []

    def newer():
        try:
            world.team_box()
        except StoreUnavailable as error:
            told.append(error)

    slow = replace(world.engine, ledger=Around(world.engine.ledger, publish=once(newer)))
    land(slow, old, world.readers["team_boxscore"])
    assert len(told) == 1


def test_a_zombie_that_finishes_after_its_successor_publishes_nothing(night):
    clock = Clock()
    engine = at_clock(night, clock, lease_s=60)
    (unit,) = engine.graph.units
    games = [g.game_id for g in night.games]

    def takes_over(*_given, **_named):
        clock.pass_s(61)
        became = attempt(engine, unit, games, "successor")
        assert all(isinstance(one, Done) for one in became.values())

    slow = replace(engine, ledger=Around(engine.ledger, publish=takes_over))
    claim = engine.ledger.claim(unit.name, games, run="zombie", lease_s=60)
    late = held(slow, unit, claim.attempt, claim.held)
    assert all(isinstance(one, Fenced) for one in late.values())
    (only,) = engine.ledger.history(PLAYER, games[0])
    assert only[1].attempt > claim.attempt


def test_a_zombie_that_lands_an_old_file_does_not_displace_the_newer_one(world):
    clock = Clock()
    engine = at_clock(world, clock, lease_s=60)
    world.schedule()
    old = write_csv(world.rows(team_rows, None, 2), world.folder / "old.csv")
    reader = world.readers["team_boxscore"]

    def newer(*_given, **_named):
        clock.pass_s(61)
        assert len(world.team_box().published) == 4

    slow = replace(engine, ledger=Around(engine.ledger, publish=once(newer)))
    with suppress(StoreUnavailable):
        land(slow, old, reader)
    (least,) = world.public("SELECT min(minutes) AS m FROM team_boxscore")
    assert least["m"] >= 240


def test_a_landing_that_lost_its_lease_says_which_games_are_not_public(world):
    clock = Clock()
    engine = at_clock(world, clock, lease_s=60)
    games = sorted(g.game_id for g in world.games)
    path = write_csv(world.rows(team_rows, None, None), world.folder / "slow.csv")

    def taken():
        clock.pass_s(61)
        engine.ledger.claim("team_boxscore", games, run="other", lease_s=60)

    slow = replace(engine, ledger=Around(engine.ledger, publish=once(taken)))
    landed = land(slow, path, world.readers["team_boxscore"])
    assert (landed.published, sorted(landed.withheld)) == ((), games)
    assert "land it again" in str(landed.reasons[games[0]][0])


def test_two_files_that_land_at_the_same_time_keep_to_their_own_rows(world):
    world.schedule()
    first, second = world.games[:2], world.games[2:]
    reader = world.readers["team_boxscore"]
    path = write_csv(world.rows(team_rows, first, None), world.folder / "first.csv")
    other = write_csv(world.rows(team_rows, second, None), world.folder / "second.csv")

    def beside():
        with ThreadPoolExecutor(1) as pool:
            pool.submit(land, world.engine, other, reader).result()

    warehouse = Around(world.engine.warehouse, staged_partitions=once(beside))
    landed = land(replace(world.engine, warehouse=warehouse), path, reader)
    assert sorted(landed.published) == sorted(g.game_id for g in first)


@pytest.fixture
def season(world):
    """A live night, and an old one that was never computed."""
    world.old = simulate_night(8, OLD, games=4)
    world.schedule(world.games)
    world.schedule(world.old)
    for games in (world.games, world.old):
        world.gamebook(games)
        world.team_box(games)
    return world


def test_a_backfill_beside_the_live_night_publishes_every_game_once(season):
    start = Barrier(2)
    ledger = SqliteLedger.open(season.folder / "ledger.sqlite", clock=season.engine.ledger._clock)

    def go(engine, first):
        start.wait()
        return run(engine, first, LIVE, ALL)

    with ThreadPoolExecutor(2) as pool:
        backfill = pool.submit(go, replace(season.engine, ledger=ledger), OLD)
        live = pool.submit(go, season.engine, LIVE)
    results = backfill.result(), live.result()
    ledger.close()
    games = [g.game_id for g in (*season.games, *season.old)]
    for game in games:
        assert len(season.engine.ledger.history(PLAYER, game)) == 1
    done = [key for r in results for key, o in r.outcomes.items() if isinstance(o, Done)]
    assert sorted(p for _, p in done) == sorted(games)
    assert public_games(season) == sorted(games)


def test_the_rows_of_a_backfill_beside_live_are_those_of_a_quiet_run(season, night):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda day: run(season.engine, day, LIVE, ALL), (OLD, LIVE)))
    run(night.engine, DAY, DAY, ALL)
    asked = f"FROM {PLAYER} WHERE game_date = '{LIVE}' ORDER BY game_id, team, player_id"
    assert season.public(asked) == night.public(asked)


def test_a_reader_sees_all_tables_of_a_game_or_none(night):
    counts = ", ".join(f"(SELECT count(DISTINCT game_id) FROM {table}) AS {table}" for table in ALL)
    seen, is_over = [], Event()

    def reads():
        while not is_over.is_set():
            seen.append(tuple(night.engine.warehouse.query(f"SELECT {counts}")[0].values()))

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(reads)
        for game in night.games:
            run(night.engine, DAY, DAY, ALL, game=game.game_id)
        is_over.set()
        reader.result()
    assert [cut for cut in seen if len(set(cut)) > 1] == []
    assert len(set(seen)) > 1
