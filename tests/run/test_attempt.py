"""Attempts that are forced past checks, superseded, or come to what is public already."""

from dataclasses import replace

import pytest

from boxout.errors import DefinitionError
from boxout.model.outcomes import Done, NothingToDo, Superseded
from boxout.run import attempt, make_plan, run
from boxout_nba.simulator import team_rows
from incidents.scene import (
    ALL,
    DAY,
    PLAYER,
    UNIT,
    Around,
    Clock,
    alerts,
    at_clock,
    kinds,
    once,
    public_games,
)

GAME = f"{DAY}/AB"


@pytest.fixture
def odd(night):
    """The first game's team block count is one too high: its group is withheld."""
    rows = night.rows(team_rows, None, None)
    rows[0]["blk"] += 1
    night.land("team_boxscore", rows)
    night.odd = rows[0]["game_id"]
    return night


def test_a_reason_publishes_past_a_failed_check_and_stays_on_record(odd):
    assert kinds(run(odd.engine, DAY, DAY, ALL)) == {"Done": 3, "WithheldOutcome": 1}
    forced = run(odd.engine, DAY, DAY, ALL, game=odd.odd, forced="the league confirmed it")
    assert kinds(forced) == {"Done": 1}
    assert odd.odd in public_games(odd)
    (latest,) = odd.engine.ledger.publications(1)
    assert (latest.kind, latest.reason) == ("forced", "the league confirmed it")


def test_the_failed_checks_of_a_forced_publication_stay_on_record(odd):
    run(odd.engine, DAY, DAY, ALL, game=odd.odd, forced="the league confirmed it")
    (pointer, _), *_ = odd.engine.ledger.history("team_offense_game_summary", odd.odd)
    found = odd.engine.ledger.findings([pointer.version], odd.odd, odd.odd)
    assert [f.check for f in found if f.severity == "block"] == ["sum of players' blk"]


def test_a_reason_does_not_make_an_incomplete_input_complete(world):
    world.schedule()
    world.gamebook(periods=2)
    world.team_box(periods=2)
    assert kinds(run(world.engine, DAY, DAY, ALL, forced="in a hurry")) == {"Waiting": 4}
    assert public_games(world) == []


def test_a_reason_does_not_pass_a_lease(night):
    games = [g.game_id for g in night.games]
    night.engine.ledger.claim(UNIT, games, run="other", lease_s=60)
    assert kinds(run(night.engine, DAY, DAY, ALL, forced="in a hurry")) == {"Fenced": 4}


def test_a_reason_does_not_pass_an_input_that_moved(night):
    rows = night.rows(team_rows, None, None)
    for row in rows:
        row["tov"] += 1

    def moves():
        night.land("team_boxscore", rows)

    ledger = Around(night.engine.ledger, publish=once(moves))
    engine = replace(night.engine, ledger=ledger, policy=replace(night.engine.policy, tries_max=1))
    assert kinds(run(engine, DAY, DAY, ALL, forced="in a hurry")) == {"Superseded": 4}
    assert public_games(night) == []


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_forced_without_a_reason(odd, reason):
    with pytest.raises(DefinitionError):
        run(odd.engine, DAY, DAY, ALL, game=odd.odd, forced=reason)


def test_a_forced_game_is_replaced_by_the_next_sound_one(odd):
    run(odd.engine, DAY, DAY, ALL, forced="the league confirmed it")
    odd.team_box()
    assert kinds(run(odd.engine, DAY, DAY, ALL)) == {"Done": 1, "NothingToDo": 3}
    assert odd.engine.ledger.publications(1)[0].kind == "normal"


def test_a_sound_game_beside_a_forced_one_is_published_as_any_other(small):
    small.slate(DAY, AB="final", CD="final")
    small.box({GAME: 200, f"{DAY}/CD": 700})
    small.run(DAY, forced="a record game")
    ((_, of_sound),) = small.engine.ledger.history("totals", GAME)
    ((_, of_forced),) = small.engine.ledger.history("totals", f"{DAY}/CD")
    assert (of_sound.kind, of_forced.kind) == ("normal", "forced")


def test_a_processor_that_is_broken_altogether_alerts_once(small):
    games = [f"{DAY}/G{n}" for n in range(8)]
    small.slate(DAY, **{game[-2:]: "final" for game in games})
    small.box(dict.fromkeys(games, 200), overtimes="two")
    small.run(DAY)
    assert len(alerts(small.folder, "totals")) == 1


def moves_always(small, tries_max):
    """An engine under whose every publication the box score moves."""
    points = iter(range(201, 300))

    def moves(*_given, **_named):
        small.box({GAME: next(points)})

    ledger = Around(small.engine.ledger, publish=moves)
    return replace(
        small.engine, ledger=ledger, policy=replace(small.engine.policy, tries_max=tries_max)
    )


@pytest.mark.parametrize("tries_max", [1, 2, 4])
def test_a_superseded_attempt_is_tried_so_often_and_then_waits(small, tries_max):
    small.slate(DAY, AB="final")
    small.box({GAME: 200})
    engine = moves_always(small, tries_max)
    result = run(engine, DAY, DAY, {"totals"})
    assert isinstance(result.outcomes["totals", GAME], Superseded)
    versions = small.engine.ledger.latest_versions("totals", GAME, 99)
    assert len(versions) == tries_max
    assert small.engine.ledger.work(GAME, GAME)[0].ended is None


def test_only_what_moved_is_computed_again(small):
    other = f"{DAY}/CD"
    small.slate(DAY, AB="final", CD="final")
    small.box({GAME: 200, other: 200})
    ledger = Around(small.engine.ledger, publish=once(lambda: small.box({GAME: 201})))
    became = attempt(replace(small.engine, ledger=ledger), small.unit("totals"), [GAME, other], "r")
    assert all(isinstance(one, Done) for one in became.values())
    assert len(small.engine.ledger.latest_versions("totals", GAME, 9)) == 2
    assert len(small.engine.ledger.latest_versions("totals", other, 9)) == 1
    assert small.rows("SELECT points FROM totals ORDER BY game") == [
        {"points": 201},
        {"points": 200},
    ]


def test_an_attempt_of_what_is_public_already_publishes_nothing_and_leaves_it_fresh(small):
    small.slate(DAY, AB="final")
    small.box({GAME: 200})
    small.run(DAY)
    head = small.engine.ledger.head()
    became = attempt(small.engine, small.unit("totals"), [GAME], "again")
    assert became == {GAME: NothingToDo("computed again, with the rows that are public already")}
    assert small.engine.ledger.head() == head


def test_changed_code_makes_every_game_stale_and_the_same_rows_fresh_again(small):
    small.slate(DAY, AB="final")
    small.box({GAME: 200})
    small.run(DAY)
    one = small.engine.compiled.processors["totals"]
    changed = small.engine.compiled._replace(
        processors={**small.engine.compiled.processors, "totals": one._replace(fingerprint="new")}
    )
    engine = replace(small.engine, compiled=changed)
    (step,) = make_plan(engine, DAY, DAY, {"totals"}).steps
    assert (step.action, step.reasons[0].found) == ("run", "its code or its checks changed")
    assert isinstance(run(engine, DAY, DAY, {"totals"}).outcomes["totals", GAME], NothingToDo)
    (step,) = make_plan(engine, DAY, DAY, {"totals"}).steps
    assert step.action == "keep"
    assert len(small.engine.ledger.history("totals", GAME)) == 1


def test_a_lease_that_runs_out_is_taken_over(night):
    clock = Clock()
    engine = at_clock(night, clock, lease_s=60)
    games = [g.game_id for g in night.games]
    engine.ledger.claim(UNIT, games, run="dead", lease_s=60)
    assert kinds(run(engine, DAY, DAY, ALL)) == {"Fenced": 4}
    clock.pass_s(61)
    assert kinds(run(engine, DAY, DAY, ALL)) == {"Done": 4}


def test_an_attempt_gives_its_leases_back_whatever_happens(night):
    run(night.engine, DAY, DAY, (PLAYER,))
    assert night.engine.ledger.holders(UNIT, DAY, DAY + "~") == {}
