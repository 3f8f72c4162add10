"""Games that are late, stuck, moved, or never come; games that break their processor."""

from dataclasses import replace

import pytest

from boxout.ledger import Waiver
from boxout.model.outcomes import Done, Failed, NothingToDo, Waiting
from boxout.run import make_plan, run
from boxout_nba.simulator import gamebook_rows
from incidents.scene import (
    ALL,
    DAY,
    UNIT,
    Around,
    Clock,
    alerts,
    at_clock,
    breaks,
    kinds,
    looked,
    public_games,
    reasons,
    work_of,
)

DEADLINE_S = 2 * 86400


@pytest.fixture
def late(world):
    """Four games, of which the first has no box score; time stands still."""
    world.clock = Clock()
    at_clock(world, world.clock, first_look_s=60, look_s_max=3600, deadline_s=DEADLINE_S)
    world.schedule()
    world.gamebook(world.games[1:])
    world.team_box(world.games[1:])
    world.late = world.games[0].game_id
    return world


def looks_until_the_end(world):
    """Turns every ten minutes until nothing waits; how many of them looked."""
    looks = 0
    for _ in range(3 * DEADLINE_S // 600):
        looks += len(looked(world.engine))
        if work_of(world.engine, world.late).ended is not None:
            return looks
        world.clock.pass_s(600)
    raise AssertionError("it never ended")


def test_a_game_that_never_comes_lets_the_rest_out_and_is_looked_at_ever_more_rarely(late):
    assert kinds(run(late.engine, DAY, DAY, ALL)) == {"Done": 3, "Waiting": 1}
    assert looks_until_the_end(late) < 70
    assert public_games(late) == sorted(g.game_id for g in late.games[1:])


def test_a_game_that_never_comes_ends_with_one_alert(late):
    run(late.engine, DAY, DAY, ALL)
    looks_until_the_end(late)
    late.clock.pass_s(10 * DEADLINE_S)
    assert looked(late.engine) == {}
    (alert,) = alerts(late.folder)
    assert alert.startswith(f"{late.late} ended: deadline after 2026-02-04T06:00")


def test_a_game_that_never_comes_can_be_acknowledged_before_its_deadline(late):
    run(late.engine, DAY, DAY, ALL)
    late.engine.ledger.end_work(UNIT, [late.late], "acknowledged")
    late.clock.pass_s(DEADLINE_S)
    assert looked(late.engine) == {}
    assert alerts(late.folder) == []
    assert work_of(late.engine, late.late).ended == "acknowledged"


def test_an_alert_can_be_acknowledged(late):
    run(late.engine, DAY, DAY, ALL)
    looks_until_the_end(late)
    late.engine.ledger.end_work(UNIT, [late.late], "acknowledged")
    assert work_of(late.engine, late.late).ended == "acknowledged"


def test_a_game_that_never_comes_can_be_waived_and_is_expected_no_more(late):
    run(late.engine, DAY, DAY, ALL)
    number = late.engine.ledger.waive(late.late, "the arena lost power", "an editor")
    assert work_of(late.engine, late.late).ended == "waived"
    (waiver,) = late.engine.ledger.waivers()
    assert waiver == Waiver(late.late, "the arena lost power", "an editor", number)
    assert make_plan(late.engine, DAY, DAY, ALL).of(UNIT, "wait") == []


def test_a_waived_game_stays_waived_when_the_schedule_comes_again(late):
    late.engine.ledger.waive(late.late, "the arena lost power", "an editor")
    late.schedule([late.games[0]._replace(number=9), *late.games[1:]])
    late.gamebook(late.games[:1])
    late.team_box(late.games[:1])
    run(late.engine, DAY, DAY, ALL)
    assert late.late not in public_games(late)


def test_a_late_game_goes_out_at_the_first_look_after_it_has_come(late):
    run(late.engine, DAY, DAY, ALL)
    late.gamebook(late.games[:1])
    assert set(looked(late.engine)) == {late.late}
    late.team_box(late.games[:1])
    assert late.late in public_games(late)


def test_a_postponed_game_is_waited_for_by_nobody(night):
    night.schedule([night.games[0]._replace(status="postponed"), *night.games[1:]])
    assert kinds(run(night.engine, DAY, DAY, ALL)) == {"Done": 3}
    assert night.engine.ledger.work(DAY, DAY + "~") == []


def test_a_postponed_game_goes_out_on_its_new_date(world):
    moved = world.games[0]._replace(game_date="2026-02-20")
    world.schedule([world.games[0]._replace(status="postponed"), *world.games[1:]])
    world.schedule([moved])
    played = [*world.games[1:], moved]
    world.gamebook(played)
    world.team_box(played)
    run(world.engine, DAY, "2026-02-20", ALL)
    assert public_games(world) == sorted(g.game_id for g in played)


@pytest.mark.parametrize("status", ["postponed", "cancelled"])
def test_a_public_game_that_never_took_place_is_public_no_more(published, status):
    published.schedule([published.games[0]._replace(status=status), *published.games[1:]])
    run(published.engine, DAY, DAY, ALL)
    assert public_games(published) == sorted(g.game_id for g in published.games[1:])


def test_a_waiting_game_that_is_postponed_is_looked_at_once_more_and_never_again(late):
    run(late.engine, DAY, DAY, ALL)
    late.schedule([late.games[0]._replace(status="postponed"), *late.games[1:]])
    assert isinstance(looked(late.engine)[late.late], NothingToDo)
    late.clock.pass_s(60)
    assert looked(late.engine) == {}


def test_a_game_stuck_live_is_not_public_and_holds_up_nobody(night):
    night.schedule([night.games[0]._replace(status="live"), *night.games[1:]])
    run(night.engine, DAY, DAY, ALL)
    assert public_games(night) == sorted(g.game_id for g in night.games[1:])


def test_a_game_stuck_live_says_so_when_it_is_asked_for(night):
    game = night.games[0].game_id
    night.schedule([night.games[0]._replace(status="live"), *night.games[1:]])
    result = run(night.engine, DAY, DAY, ALL, game=game)
    assert f"{game} is live, final needed" in reasons(result.outcomes[UNIT, game])


def test_a_game_stuck_live_ends_with_an_alert(late):
    late.gamebook()
    late.team_box()
    late.schedule([late.games[0]._replace(status="live"), *late.games[1:]])
    result = run(late.engine, DAY, DAY, ALL)
    assert kinds(result) == {"Done": 3, "Waiting": 1}
    late.clock.pass_s(DEADLINE_S)
    looked(late.engine)
    assert len(alerts(late.folder)) == 1


def test_one_poisoned_game_does_not_hold_up_the_others(small):
    day = "2026-02-03"
    names = ("AB", "CD", "EF", "GH", "IJ")
    small.slate(day, **dict.fromkeys(names, "final"))
    small.box({f"{day}/{name}": 200 for name in names})
    small.box({f"{day}/EF": 200}, overtimes="two")
    result = small.run(day)
    became = {p: type(o) for (unit, p), o in result.outcomes.items() if unit == "totals"}
    assert became.pop(f"{day}/EF") is Failed
    assert set(became.values()) == {Done}


def test_a_poisoned_game_is_tried_no_more_and_alerts_once(small):
    day = "2026-02-03"
    small.slate(day, AB="final")
    small.box({f"{day}/AB": 200}, overtimes="two")
    small.run(day)
    assert looked(small.engine) == {}
    (alert,) = alerts(small.folder, "totals")
    assert alert.startswith(f"{day}/AB ended: failed")


def test_a_poisoned_game_that_is_mended_at_its_source_goes_out(small):
    day = "2026-02-03"
    small.slate(day, AB="final")
    small.box({f"{day}/AB": 200}, overtimes="two")
    small.run(day)
    small.box({f"{day}/AB": 200}, overtimes="2")
    small.run(day)
    assert small.rows("SELECT overtimes FROM totals") == [{"overtimes": 2}]


def test_a_dependency_that_fails_in_the_middle_of_a_run_holds_back_what_reads_it(small):
    first, then = "2026-02-03", "2026-02-05"
    small.days(first, "2026-02-04", then)
    small.lines(then)
    small.box({f"{first}/AB": 200})
    small.box({"2026-02-04/AB": 210}, overtimes="two")
    result = small.run(first, then)
    outcome = result.outcomes["form", then]
    assert isinstance(outcome, Waiting)
    assert "totals: is not public" in reasons(outcome)
    assert small.rows("FROM form") == []


def test_a_dependency_whose_new_version_is_withheld_is_stale_and_holds_back_what_reads_it(small):
    first, then = "2026-02-04", "2026-02-05"
    small.days("2026-02-03", first, then)
    small.lines(then)
    small.box({"2026-02-03/AB": 200, f"{first}/AB": 200})
    assert isinstance(small.run("2026-02-03", then).outcomes["form", then], Done)
    small.box({f"{first}/AB": 700})
    outcome = small.run("2026-02-03", then).outcomes["form", then]
    assert isinstance(outcome, Waiting)
    assert "is stale" in reasons(outcome)
    assert small.rows("SELECT points FROM form") == [{"points": 400}]


def test_what_went_out_is_not_told_as_failed_when_taking_down_another_fails(published):
    rest = published.games[1:]
    published.schedule([published.games[0]._replace(status="cancelled"), *rest])
    rows = published.rows(gamebook_rows, rest[:1], None)
    rows[0]["player_name"] = "Somebody Else"
    published.land("gamebook_player_stats", rows)
    ledger = Around(published.engine.ledger, turn_back=breaks())
    outcomes = run(replace(published.engine, ledger=ledger), DAY, DAY, ALL).outcomes
    assert isinstance(outcomes[UNIT, rest[0].game_id], Done)
    run(published.engine, DAY, DAY, ALL)
    assert public_games(published) == sorted(g.game_id for g in rest)
