"""The states, told apart by what the ledger knows."""

import pytest

from boxout.ledger import Event
from boxout.report import STATES, examples, history, look, status, why
from boxout.run import run
from boxout_nba.simulator import gamebook_rows, team_rows

DAY = "2026-02-03"
ALL = {"team_offense_game_summary", "team_defense_game_summary", "player_game_summary"}
PLAYERS = "player_game_summary"


def seen(world, day: str = DAY, fingerprints=None):
    present = world.engine.fingerprints if fingerprints is None else fingerprints
    project = world.project
    return look(world.engine.ledger, project.pipeline, project.graph, present, day, day)


def state(world, game: int, table: str = PLAYERS, **more) -> str:
    return why(seen(world, **more), table, world.games[game].game_id).state


@pytest.fixture
def night(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    return world


def test_before_anything_ran_what_is_ready_is_missing_and_what_is_not_is_waiting(world):
    world.schedule()
    world.gamebook(world.games[1:])
    world.team_box()
    assert state(world, 0) == "waiting"
    assert state(world, 1) == "missing"
    assert state(world, 0, "gamebook_player_stats") == "missing"
    assert state(world, 1, "gamebook_player_stats") == "fresh"


def test_what_has_arrived_since_somebody_waited_is_missing_no_more_waiting(world):
    world.schedule()
    world.team_box()
    run(world.engine, DAY, DAY, ALL)
    assert state(world, 0) == "waiting"
    world.gamebook()
    assert state(world, 0) == "missing"


def test_published_is_fresh_and_with_a_correction_stale(night):
    run(night.engine, DAY, DAY, ALL)
    assert {state(night, game) for game in range(4)} == {"fresh"}
    rows = night.rows(gamebook_rows, night.games[:1], None)
    rows[0]["player_name"] = "Some Body"
    night.land("gamebook_player_stats", rows)
    assert [state(night, game) for game in range(4)] == ["stale", "fresh", "fresh", "fresh"]


def test_changed_code_makes_its_own_table_stale(night):
    run(night.engine, DAY, DAY, ALL)
    changed = dict(night.engine.fingerprints) | {PLAYERS: "another"}
    assert state(night, 0, fingerprints=changed) == "stale"
    assert state(night, 0, "team_defense_game_summary", fingerprints=changed) == "fresh"


def test_withheld_is_withheld_until_something_newer_is_public(night):
    run(night.engine, DAY, DAY, ALL)
    rows = night.rows(team_rows, None, None)
    rows[0]["blk"] += 1
    night.land("team_boxscore", rows)
    assert state(night, 0) == "stale"
    run(night.engine, DAY, DAY, ALL)
    assert state(night, 0) == "withheld"
    answer = why(seen(night), PLAYERS, night.games[0].game_id)
    assert answer.public is not None
    assert [one.check for one in answer.not_passed] == ["sum of players' blk"]
    night.team_box()
    run(night.engine, DAY, DAY, ALL)
    assert state(night, 0) == "fresh"


def test_the_kind_of_an_event_is_never_a_state_of_its_own(night):
    game = night.games[0].game_id
    night.engine.ledger.record_events(
        [Event("9999", "r", PLAYERS, game, "superseded", "read set", "moved", "")]
    )
    assert state(night, 0) == "missing"
    assert status(seen(night), DAY, DAY).totals.keys() <= set(STATES)


def test_an_incomplete_source_is_waiting(world):
    world.schedule()
    world.team_box(periods=2)
    assert state(world, 0, "team_boxscore") == "waiting"


def test_a_later_incomplete_arrival_is_withheld_and_the_complete_one_stays(night):
    night.team_box(periods=2)
    assert state(night, 0, "team_boxscore") == "withheld"
    answer = why(seen(night), "team_boxscore", night.games[0].game_id)
    assert answer.public is not None
    assert answer.public.rows == 2


def test_status_counts_every_expected_partition_once(night):
    run(night.engine, DAY, DAY, ALL)
    found = status(seen(night), DAY, DAY)
    by_game = [name for name, of in night.project.graph.tables.items() if of.scheme.name == "game"]
    assert sum(found.totals.values()) == 1 + 4 * len(by_game)
    assert found.days[DAY] == (
        {"schedule": {"fresh": 1}}
        | {name: {"fresh": 4} for name in by_game}
        | {name: {"missing": 4} for name in ("player_boxscore", "shots")}
    )
    assert found.look_at == ()


def test_examples_hold_the_rows_that_break_a_row_check_and_no_others(night):
    rows = night.rows(team_rows, None, None)
    rows[0]["pts"] += 1
    night.land("team_boxscore", rows)
    game = night.games[0].game_id
    answer = why(seen(night), "team_boxscore", game)
    (failed,) = answer.not_passed
    tables = night.project.graph.tables
    written = {tables[name]: version for name, version in answer.written}
    (row,) = examples(night.engine.warehouse, night.project.pipeline, failed, game, written)
    assert row.keys() >= {"game_id", "team", "pts", "fgm", "fg3m", "ftm"}
    assert row["pts"] == rows[0]["pts"]


def test_a_measured_check_has_no_example_rows(night):
    night.team_box(periods=2)
    game = night.games[0].game_id
    answer = why(seen(night), "team_boxscore", game)
    tables = night.project.graph.tables
    written = {tables[name]: version for name, version in answer.written}
    measured = next(one for one in answer.not_passed if one.check == "team minutes")
    pipeline = night.project.pipeline
    assert examples(night.engine.warehouse, pipeline, measured, game, written) == []


def test_history_marks_what_readers_see(night):
    run(night.engine, DAY, DAY, ALL)
    night.gamebook(periods=None)
    (shown,) = history(night.engine.ledger, PLAYERS, night.games[0].game_id)
    assert shown.is_public
    assert shown.rows == 28


def test_a_partition_nobody_ever_heard_of_is_answered(night):
    answer = why(seen(night, "2031-01-01"), PLAYERS, "2031-01-01/BOS@LAL")
    assert answer.state == "waiting"
    assert answer.because == "no rows of schedule for 2031-01-01 have arrived"
    assert answer.public is None
