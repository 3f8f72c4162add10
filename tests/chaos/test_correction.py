"""What a storm found: a correction after a rollback."""

from boxout.model.outcomes import Done
from boxout.run import run
from boxout.run.rollback import of_publication, plan_rollback, roll_back
from boxout_nba.simulator import gamebook_rows

DAY = "2026-02-03"


def test_a_correction_goes_out_after_its_group_was_rolled_back(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    tables = set(world.engine.graph.processors)
    run(world.engine, DAY, DAY, tables)
    bad = of_publication(world.engine, world.engine.ledger.head())
    roll_back(world.engine, plan_rollback(world.engine, bad, "a wrong name"))
    rows = world.rows(gamebook_rows, world.games[:1], None)
    rows[0]["player_name"] = "The Right Name"
    world.land("gamebook_player_stats", rows)
    outcomes = run(world.engine, DAY, DAY, tables).outcomes
    assert isinstance(outcomes["game totals", world.games[0].game_id], Done)


def test_what_was_rolled_back_does_not_come_back_by_itself(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    tables = set(world.engine.graph.processors)
    run(world.engine, DAY, DAY, tables)
    bad = of_publication(world.engine, world.engine.ledger.head())
    roll_back(world.engine, plan_rollback(world.engine, bad, "wrong"))
    run(world.engine, DAY, DAY, tables)
    assert world.public("FROM player_game_summary") == []
