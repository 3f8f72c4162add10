"""The night of the usage explosion, and the captures that arrive while games are still played."""

from boxout.model.outcomes import Waiting
from boxout.run import make_plan, run
from boxout_nba.simulator import gamebook_rows, team_rows
from incidents.scene import ALL, DAY, OFFENSE, PLAYER, UNIT, kinds, public_games, reasons


def highest_usage(world):
    (row,) = world.public(f"SELECT max(usage_rate_pct) AS pct FROM {PLAYER} WHERE minutes > 5")
    return row["pct"]


def test_a_fast_player_table_does_not_run_before_its_slow_team_table(world):
    world.schedule()
    world.land("player_boxscore", world.rows(gamebook_rows, None, None))
    result = run(world.engine, DAY, DAY, (PLAYER,))
    assert kinds(result) == {"Waiting": 4}
    assert "team_boxscore: has not arrived" in reasons(next(iter(result.outcomes.values())))
    assert world.public(f"FROM {PLAYER}") == []
    world.team_box()
    assert kinds(run(world.engine, DAY, DAY, (PLAYER,))) == {"Done": 4}
    assert 15 < highest_usage(world) < 60


def test_asking_for_players_alone_publishes_their_team_in_the_same_publication(night):
    head = night.engine.ledger.head()
    run(night.engine, DAY, DAY, (PLAYER,))
    assert night.engine.ledger.head() == head + 1
    moved = {m.table for m in night.engine.ledger.moves(head, head + 1)}
    assert moved == set(ALL)


def test_one_game_captured_at_tip_off_all_zeros_waits_and_nine_go_out(world):
    zeros, rest = world.games[:1], world.games[1:]
    world.schedule()
    world.land("player_boxscore", world.rows(gamebook_rows, None, None))
    rows = world.rows(team_rows, zeros, 0) + world.rows(team_rows, rest, None)
    world.land("team_boxscore", rows)
    result = run(world.engine, DAY, DAY, ALL)
    assert kinds(result) == {"Done": 3, "Waiting": 1}
    (held,) = [o for o in result.outcomes.values() if isinstance(o, Waiting)]
    assert "team minutes 0, at least 240 expected" in reasons(held)
    assert public_games(world) == sorted(g.game_id for g in rest)


def test_half_a_night_lands_and_the_missing_games_are_named(world):
    world.schedule()
    world.gamebook(world.games[:2])
    world.team_box(world.games[:2])
    run(world.engine, DAY, DAY, ALL)
    missing = sorted(g.game_id for g in world.games[2:])
    assert make_plan(world.engine, DAY, DAY, ALL).of(UNIT, "wait") == missing
    assert public_games(world) == sorted(g.game_id for g in world.games[:2])


def test_the_other_half_goes_out_and_leaves_the_first_alone(world):
    world.schedule()
    world.gamebook(world.games[:2])
    world.team_box(world.games[:2])
    run(world.engine, DAY, DAY, ALL)
    world.gamebook(world.games[2:])
    world.team_box(world.games[2:])
    assert kinds(run(world.engine, DAY, DAY, ALL)) == {"NothingToDo": 2, "Done": 2}
    first = world.engine.ledger.history(OFFENSE, world.games[0].game_id)
    assert len(first) == 1


def test_a_team_that_is_half_there_is_not_a_team_box_score(world):
    world.schedule()
    world.gamebook()
    rows = world.rows(team_rows, None, None)
    world.land("team_boxscore", [r for r in rows if r["team"] != world.games[0].home])
    run(world.engine, DAY, DAY, ALL)
    game = world.games[0].game_id
    (source,) = world.public(f"SELECT DISTINCT box_source FROM {OFFENSE} WHERE game_id = '{game}'")
    assert source == {"box_source": "gamebook_player_stats"}
