"""What must hold of a source: a fault in a file keeps its game back, with the check's name."""

import pytest

from boxout.model.outcomes import Waiting
from boxout.report import look, why
from boxout.run import run
from boxout_nba.simulator import gamebook_rows, play, schedule_rows, simulate_night, team_rows

DAY = "2026-02-03"
OVERTIME_SEEDS = range(40)


def said(world, table, game):
    """What did not pass in the latest version of a game."""
    engine = world.engine
    stores = (engine.ledger, engine.pipeline, engine.graph, engine.fingerprints)
    found = why(look(*stores, DAY, DAY), table, game).not_passed
    return [f"{one.check}: {one.answer}" for one in found]


def of_first(rows, *, is_active=True):
    """The first row of somebody who played, or who did not."""
    return next(row for row in rows if (row["status"] == "active") is is_active)


def changed(row, **values):
    row.update(values)


BLOCKS = {
    "points add up": lambda rows: changed(of_first(rows), pts=99),
    "makes within attempts": lambda rows: changed(of_first(rows), fg3a=50),
    "who played has every stat": lambda rows: changed(of_first(rows), stl=None),
    "did not play has no stats": lambda rows: changed(of_first(rows, is_active=False), blk=0),
    "minutes are whole seconds": lambda rows: changed(of_first(rows), minutes=34.31),
    "known status": lambda rows: changed(of_first(rows, is_active=False), status="ill"),
}
WAITS = {
    "player minutes off team minutes": lambda rows: changed(of_first(rows), minutes=47.0),
    "players with minutes in the lesser team": lambda rows: [
        changed(row, minutes=0) for row in rows if row["team"] == rows[0]["team"] and row["minutes"]
    ],
    "points between the teams": lambda rows: [
        changed(row, pts=0, fgm=0, fg3m=0, ftm=0) for row in rows if row["status"] == "active"
    ],
}


@pytest.mark.parametrize("check", BLOCKS)
def test_a_gamebook_that_breaks_a_rule_is_withheld_and_names_it(world, check):
    rows = world.rows(gamebook_rows, world.games[:1], None)
    BLOCKS[check](rows)
    game = world.games[0].game_id
    assert world.land("gamebook_player_stats", rows).withheld == (game,)
    assert any(one.startswith(check) for one in said(world, "gamebook_player_stats", game))


@pytest.mark.parametrize("check", WAITS)
def test_a_gamebook_that_is_not_complete_is_waited_for_and_names_it(world, check):
    rows = world.rows(gamebook_rows, world.games[:1], None)
    WAITS[check](rows)
    world.schedule(world.games[:1])
    world.team_box(world.games[:1])
    world.land("gamebook_player_stats", rows)
    (outcome,) = run(world.engine, DAY, DAY, set(world.engine.graph.processors)).outcomes.values()
    assert isinstance(outcome, Waiting)
    assert any(reason.found.startswith(check) for reason in outcome.reasons)


def test_an_overtime_game_captured_at_the_end_of_regulation_is_waited_for(world):
    game, seed = next(
        (game, seed)
        for seed in OVERTIME_SEEDS
        for game in simulate_night(seed, DAY)
        if play(seed, game.away, game.home, game.game_id).seconds > 48 * 60
    )
    level = play(seed, game.away, game.home, game.game_id, periods_max=4)
    world.land("schedule", schedule_rows([game]))
    world.land("gamebook_player_stats", gamebook_rows(game.game_id, level))
    world.land("team_boxscore", team_rows(game.game_id, level))
    (outcome,) = run(world.engine, DAY, DAY, set(world.engine.graph.processors)).outcomes.values()
    assert isinstance(outcome, Waiting)
    assert "team_boxscore: points between the teams 0, at least 1 expected" in [
        str(reason) for reason in outcome.reasons
    ]


def test_a_team_box_score_captured_in_overtime_is_waited_for(world):
    rows = world.rows(team_rows, world.games[:1], None)
    for row in rows:
        row["minutes"] = 252.5
    world.schedule(world.games[:1])
    world.land("team_boxscore", rows)
    (outcome,) = run(world.engine, DAY, DAY, set(world.engine.graph.processors)).outcomes.values()
    assert isinstance(outcome, Waiting)
    assert any("team minutes off 240 + 25 per overtime 12.5" in str(r) for r in outcome.reasons)


def test_a_team_box_score_of_one_team_is_waited_for(world):
    world.schedule(world.games[:1])
    world.land("team_boxscore", world.rows(team_rows, world.games[:1], None)[:1])
    (outcome,) = run(world.engine, DAY, DAY, set(world.engine.graph.processors)).outcomes.values()
    assert isinstance(outcome, Waiting)
    assert any("teams 1, exactly 2 expected" in str(reason) for reason in outcome.reasons)


def test_a_game_that_the_schedule_does_not_list_is_never_public(world):
    world.schedule(world.games[1:])
    world.gamebook()
    world.team_box()
    run(world.engine, DAY, DAY, set(world.engine.graph.processors))
    games = world.public("SELECT DISTINCT game_id FROM player_game_summary ORDER BY 1")
    assert [row["game_id"] for row in games] == sorted(g.game_id for g in world.games[1:])
