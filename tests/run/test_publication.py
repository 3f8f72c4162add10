from collections import Counter
from dataclasses import replace

import pytest

from boxout.model.outcomes import Done, Fenced, NothingToDo, Superseded, Waiting, WithheldOutcome
from boxout.run.attempt import attempt, held
from boxout.run.plan import make_plan
from boxout.run.runner import run
from boxout_nba.simulator import gamebook_rows, team_rows

DAY = "2026-02-03"

ALL = ("team_offense_game_summary", "team_defense_game_summary", "player_game_summary")


def kinds(result):
    return Counter(type(one).__name__ for one in result.outcomes.values())


def test_nothing_is_public_before_the_schedule_has_arrived(world):
    world.gamebook()
    world.team_box()
    result = run(world.engine, DAY, DAY, ALL, game=world.games[0].game_id)
    (outcome,) = result.outcomes.values()
    assert isinstance(outcome, Waiting)
    assert "no rows for 2026-02-03 have arrived" in str(outcome.reasons[0])
    assert world.public("FROM player_game_summary") == []


def test_a_night_goes_public_and_is_then_left_alone(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    assert kinds(run(world.engine, DAY, DAY, ALL)) == {"Done": 4}
    assert kinds(run(world.engine, DAY, DAY, ALL)) == {"NothingToDo": 4}
    for table in ALL:
        assert world.public(f"SELECT count(DISTINCT game_id) AS n FROM {table}") == [{"n": 4}]


def test_one_late_game_does_not_hold_up_the_others(world):
    world.schedule()
    world.gamebook(world.games[1:])
    world.team_box(world.games[1:])
    result = run(world.engine, DAY, DAY, ALL)
    assert kinds(result) == {"Done": 3, "Waiting": 1}
    late = result.outcomes["game totals", world.games[0].game_id]
    assert isinstance(late, Waiting)
    assert "has not arrived" in str(late.reasons[0])


def test_a_team_box_score_of_zeros_is_never_read(world):
    world.schedule()
    world.gamebook()
    world.team_box(periods=0)
    run(world.engine, DAY, DAY, ALL)
    sources = world.public("SELECT DISTINCT box_source FROM team_offense_game_summary")
    assert sources == [{"box_source": "gamebook_player_stats"}]
    (highest,) = world.public(
        "SELECT max(usage_rate_pct) AS pct FROM player_game_summary WHERE minutes > 5"
    )
    assert highest["pct"] < 100


def test_a_half_time_capture_waits_and_says_what_is_lacking(world):
    world.schedule()
    world.gamebook(periods=2)
    world.team_box(periods=2)
    result = run(world.engine, DAY, DAY, ALL)
    assert kinds(result) == {"Waiting": 4}
    reasons = [str(r) for one in result.outcomes.values() for r in one.reasons]
    assert "team_boxscore: team minutes 120, at least 240 expected" in reasons


def test_an_incomplete_arrival_does_not_displace_a_complete_one(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    assert len(world.team_box(periods=2).withheld) == 4
    (least,) = world.public("SELECT min(minutes) AS m FROM team_boxscore")
    assert least["m"] >= 240


def test_the_same_file_twice_moves_nothing(world):
    world.schedule()
    first, again = world.gamebook(), world.gamebook()
    assert len(first.published) == 4
    assert again.publication is None
    assert len(again.unchanged) == 4


def test_a_correction_makes_its_game_stale_and_only_it(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    run(world.engine, DAY, DAY, ALL)
    rows = world.rows(gamebook_rows, world.games[:1], None)
    rows[0]["player_name"] = "Somebody Else"
    world.land("gamebook_player_stats", rows)
    plan = make_plan(world.engine, DAY, DAY, ALL)
    assert plan.of("game totals", "run") == [world.games[0].game_id]
    assert kinds(run(world.engine, DAY, DAY, ALL)) == {"NothingToDo": 3, "Done": 1}
    history = world.engine.ledger.history("player_game_summary", world.games[0].game_id)
    assert len(history) == 2


def test_players_that_do_not_add_up_to_the_team_are_withheld_as_a_group(world):
    world.schedule()
    world.gamebook()
    rows = world.rows(team_rows, None, None)
    rows[0]["blk"] += 1
    world.land("team_boxscore", rows)
    result = run(world.engine, DAY, DAY, ALL)
    assert kinds(result) == {"Done": 3, "WithheldOutcome": 1}
    broken = world.games[0].game_id
    assert isinstance(result.outcomes["game totals", broken], WithheldOutcome)
    for table in ALL:
        assert world.public(f"SELECT * FROM {table} WHERE game_id = '{broken}'") == []


def test_a_zombie_cannot_publish_after_its_successor(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    (unit,) = world.engine.graph.units
    games = [g.game_id for g in world.games]
    ledger = world.engine.ledger
    zombie = ledger.claim(unit.name, games, run="z", lease_s=0)
    outcomes = attempt(world.engine, unit, games, "successor")
    assert all(isinstance(one, Done) for one in outcomes.values())
    head = ledger.head()
    late = held(world.engine, unit, zombie.attempt, zombie.held)
    assert all(isinstance(one, Fenced) for one in late.values())
    assert ledger.head() == head


def test_a_held_lease_fences_the_second_attempt(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    (unit,) = world.engine.graph.units
    games = [g.game_id for g in world.games]
    world.engine.ledger.claim(unit.name, games, run="first", lease_s=60)
    outcomes = attempt(world.engine, unit, games, "second")
    assert all(isinstance(one, Fenced) for one in outcomes.values())


class MovesBeforePublication:
    """A ledger around another: lets an input arrive just before each publication."""

    def __init__(self, ledger, arrive):
        self._ledger = ledger
        self._arrive = arrive

    def __getattr__(self, name):
        return getattr(self._ledger, name)

    def publish(self, attempt, versions, **said):
        arrive, self._arrive = self._arrive, lambda: None
        arrive()
        return self._ledger.publish(attempt, versions, **said)


def test_an_input_that_moves_before_publication_supersedes_the_attempt(world):
    world.schedule()
    world.gamebook()
    (unit,) = world.engine.graph.units
    ledger = MovesBeforePublication(world.engine.ledger, world.team_box)
    engine = replace(world.engine, ledger=ledger)
    games = [g.game_id for g in world.games]
    claim = ledger.claim(unit.name, games, run="r", lease_s=60)
    outcomes = held(engine, unit, claim.attempt, claim.held)
    assert all(isinstance(one, Superseded) for one in outcomes.values())
    assert world.public("FROM player_game_summary") == []


def test_a_superseded_attempt_resolves_again_and_publishes_the_newer_input(world):
    world.schedule()
    world.gamebook()
    engine = replace(
        world.engine, ledger=MovesBeforePublication(world.engine.ledger, world.team_box)
    )
    assert kinds(run(engine, DAY, DAY, ALL)) == {"Done": 4}
    sources = world.public("SELECT DISTINCT box_source FROM team_offense_game_summary")
    assert sources == [{"box_source": "team_boxscore"}]


def test_a_crash_before_projection_is_mended_by_whoever_comes_next(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    crashed = replace(world.engine, warehouse=NoProjection(world.engine.warehouse))
    (unit,) = world.engine.graph.units
    with pytest.raises(KeyboardInterrupt):
        attempt(crashed, unit, [g.game_id for g in world.games], "crashed")
    assert world.public("FROM player_game_summary") == []
    assert isinstance(next(iter(run(world.engine, DAY, DAY, ALL).outcomes.values())), NothingToDo)
    assert world.public("SELECT count(DISTINCT game_id) AS n FROM player_game_summary") == [
        {"n": 4}
    ]


class NoProjection:
    """A warehouse around another that is interrupted at projection."""

    def __init__(self, warehouse):
        self._warehouse = warehouse

    def __getattr__(self, name):
        return getattr(self._warehouse, name)

    def project(self, *_, **__):
        raise KeyboardInterrupt


def test_a_game_that_is_no_longer_final_makes_what_was_public_stale(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    run(world.engine, DAY, DAY, ALL)
    world.schedule([world.games[0]._replace(status="live"), *world.games[1:]])
    plan = make_plan(world.engine, DAY, DAY, ALL)
    assert plan.of("game totals", "wait") == [world.games[0].game_id]


def test_a_snapshot_shows_what_was_public_then(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    before = world.engine.ledger.head()
    run(world.engine, DAY, DAY, ALL)
    world.engine.warehouse.close()
    assert world.project.table("player_game_summary", at=before).count().to_pyarrow().as_py() == 0
    assert world.project.table("player_game_summary").count().to_pyarrow().as_py() > 40
