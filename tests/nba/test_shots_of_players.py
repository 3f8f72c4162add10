from boxout.run import run
from boxout_nba.simulator import play, shots_rows

DAY = "2026-02-03"
SEED = 7
STATES = "SELECT shots_state AS state, count(*) AS n FROM {} WHERE game_id = $game GROUP BY ALL"


def states(world, table, game):
    rows = world.engine.warehouse.query(STATES.format(table), {"game": game})
    return {row["state"]: row["n"] for row in rows}


def test_where_a_team_s_shots_differ_no_player_s_agree_by_chance(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    game = world.games[0].game_id
    shots = shots_rows(game, play(SEED, world.games[0].away, world.games[0].home, game))
    nobody = dict.fromkeys(c for c in shots[0] if c.startswith(("assist", "block")))
    inverted = [row | nobody | {"made": not row["made"]} for row in shots]
    assert world.land("shots", inverted).withheld == ()
    run(world.engine, DAY, DAY, set(world.engine.graph.processors))
    assert states(world, "team_offense_game_summary", game) == {"differs": 2}
    assert "agrees" not in states(world, "player_game_summary", game)
