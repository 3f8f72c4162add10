"""A stat correction that was wrong, rolled back with the whole group it went into."""

import pytest

from boxout.run import run
from boxout.run.prove import prove
from boxout.run.rollback import of_publication, plan_rollback, roll_back
from boxout_nba.simulator import gamebook_rows
from incidents.scene import ALL, DAY, PLAYER, kinds


@pytest.fixture
def wrong(published):
    """A gamebook in which a rebound changed hands, public with all that came from it."""
    game = published.games[0]
    rows = published.rows(gamebook_rows, [game], None)
    mine = [r for r in rows if r["team"] == game.home and r["minutes"]]
    loser = next(r for r in mine if r["dreb"])
    winner = next(r for r in mine if r is not loser)
    loser["dreb"], winner["dreb"] = loser["dreb"] - 1, winner["dreb"] + 1
    published.before = everything(published)
    published.wrong = published.land("gamebook_player_stats", rows).publication
    assert kinds(run(published.engine, DAY, DAY, ALL)) == {"Done": 1, "NothingToDo": 3}
    assert everything(published) != published.before
    return published


def everything(world):
    return [world.public(f"FROM {table} ORDER BY ALL") for table in ALL]


def test_after_a_rollback_every_table_of_the_group_is_as_it_was(wrong):
    plan = plan_rollback(wrong.engine, of_publication(wrong.engine, wrong.wrong), "a typing error")
    roll_back(wrong.engine, plan)
    assert everything(wrong) == wrong.before


def test_only_what_had_changed_goes_back(wrong):
    plan = plan_rollback(wrong.engine, of_publication(wrong.engine, wrong.wrong), "a typing error")
    assert {s.table for s in plan.steps} == {"gamebook_player_stats", PLAYER}
    assert {s.partition for s in plan.steps} == {wrong.games[0].game_id}


def test_a_run_after_a_rollback_finds_nothing_to_do(wrong):
    plan = plan_rollback(wrong.engine, of_publication(wrong.engine, wrong.wrong), "a typing error")
    roll_back(wrong.engine, plan)
    assert kinds(run(wrong.engine, DAY, DAY, ALL)) == {"NothingToDo": 4}
    assert everything(wrong) == wrong.before


def test_whatever_a_rollback_withdraws_is_there_again_after_the_next_run(wrong):
    plan = plan_rollback(wrong.engine, of_publication(wrong.engine, wrong.wrong), "a typing error")
    roll_back(wrong.engine, plan)
    run(wrong.engine, DAY, DAY, ALL)
    assert everything(wrong) == wrong.before


def test_what_stays_no_longer_rests_on_the_rows_that_were_taken_back(wrong):
    plan = plan_rollback(wrong.engine, of_publication(wrong.engine, wrong.wrong), "a typing error")
    roll_back(wrong.engine, plan)
    game = wrong.games[0].game_id
    bad = {version for version, _ in plan.rollback.bad}
    for table in ALL:
        proof = prove(wrong.engine, table, game)
        assert bad.isdisjoint(versions_in(proof))


def versions_in(proof):
    inner = (version for one in proof.inputs for version in versions_in(one))
    return {proof.pointer.version, proof.version.version, *inner}
