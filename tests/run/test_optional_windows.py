"""Windows over what may be absent: what is ready is read, and what comes later is not forgotten."""

from dataclasses import replace

import pytest

from boxout.ledger.port import LEFT_OUT
from boxout.model.outcomes import Done
from boxout.report import look, why
from boxout.run import make_plan, run
from boxout.run.prove import replay
from boxout.run.rollback import of_partition, plan_rollback, roll_back
from incidents.scene import Around, once

DAYS = [f"2026-02-{day:02}" for day in range(1, 6)]
FIRST, LAST = DAYS[0], DAYS[-1]
GAMES = [f"{day}/AB" for day in DAYS]


@pytest.fixture
def week(wide):
    """Five days of one final game each; the second has not arrived."""
    wide.days(*DAYS)
    wide.box({game: 100 + n for n, game in enumerate(GAMES) if n != 1})
    wide.lines(*DAYS)
    run(wide.engine, FIRST, LAST, {"totals", "outlook"})
    return wide


def seen(week):
    rows = week.rows("SELECT day, points FROM outlook ORDER BY day")
    return [row["points"] for row in rows]


def due(week):
    return make_plan(week.engine, FIRST, LAST, {"outlook"}).of("outlook", "run")


def reads(week, day):
    (number,) = week.engine.ledger.latest_versions("outlook", day, 1)
    return week.engine.ledger.versions([number])[0].reads


def test_what_is_not_there_is_not_read_and_nothing_waits_for_it(week):
    assert seen(week) == [0, 100, 100, 102, 102 + 103]
    assert due(week) == []


def test_what_arrives_late_makes_the_dates_after_it_stale_and_is_then_read(week):
    week.box({GAMES[1]: 101})
    run(week.engine, FIRST, LAST, {"totals"})
    assert due(week) == [DAYS[2], DAYS[3]]
    run(week.engine, FIRST, LAST, {"outlook"})
    assert seen(week) == [0, 100, 201, 203, 205]


def test_what_was_withdrawn_is_not_read(week):
    bad = of_partition(week.engine, "totals", GAMES[2])
    roll_back(week.engine, plan_rollback(week.engine, bad, "wrong"))
    run(week.engine, FIRST, LAST, {"outlook"})
    assert seen(week) == [0, 100, 100, 0, 103]


def test_days_that_the_calendar_does_not_know_are_not_read(wide):
    wide.days(DAYS[0], DAYS[2])
    wide.box({GAMES[0]: 100})
    wide.lines(DAYS[2])
    result = run(wide.engine, FIRST, LAST, {"totals", "outlook"})
    assert isinstance(result.outcomes["outlook", DAYS[2]], Done)
    wide.days(DAYS[1])
    assert due(wide) == [DAYS[2]]


def test_a_game_that_becomes_expected_late_makes_the_dates_after_it_stale(week):
    week.slate(DAYS[2], AB="final", CD="final")
    week.box({f"{DAYS[2]}/CD": 300})
    run(week.engine, FIRST, LAST, {"totals"})
    assert due(week) == [DAYS[2], DAYS[3], DAYS[4]]
    run(week.engine, FIRST, LAST, {"outlook"})
    assert seen(week) == [0, 100, 100, 402, 505]


@pytest.fixture
def corrected(week):
    """The third game's total will change: its box score moved, and only the outlook was run."""
    week.box({GAMES[2]: 102}, overtimes="00")
    run(week.engine, DAYS[3], DAYS[4], {"outlook"}, forced="looked at again")
    return week


def test_what_is_stale_is_not_read(corrected):
    assert seen(corrected) == [0, 100, 100, 0, 103]
    assert LEFT_OUT + "totals" in {read.table for read in reads(corrected, DAYS[3])}


def test_what_left_out_something_stale_is_not_computed_again_while_it_stays_so(corrected):
    assert due(corrected) == []


def test_what_did_not_leave_it_out_is_computed_again_without_it(week):
    week.box({GAMES[2]: 102}, overtimes="00")
    assert due(week) == [DAYS[3], DAYS[4]]


def test_what_was_left_out_and_comes_out_unchanged_makes_stale_all_the_same(corrected):
    before = corrected.engine.ledger.head()
    run(corrected.engine, DAYS[2], DAYS[2], {"totals"})
    assert corrected.engine.ledger.head() == before
    assert due(corrected) == [DAYS[3], DAYS[4]]
    run(corrected.engine, FIRST, LAST, {"outlook"})
    assert seen(corrected) == [0, 100, 100, 102, 205]
    assert due(corrected) == []


def test_a_replay_leaves_out_what_was_left_out(corrected):
    run(corrected.engine, DAYS[2], DAYS[2], {"totals"})
    assert replay(corrected.engine, "outlook", DAYS[4]).is_equal


def test_what_is_left_out_and_confirmed_before_publication_makes_stale(week):
    week.box({GAMES[2]: 102}, overtimes="00")
    engine = week.engine
    totals = once(lambda: run(engine, DAYS[2], DAYS[2], {"totals"}))
    beside = replace(engine, ledger=Around(engine.ledger, publish=totals))
    run(beside, DAYS[3], DAYS[4], {"outlook"}, forced="beside a correction")
    assert seen(week)[3:] == [0, 103]
    assert due(week) == [DAYS[3], DAYS[4]]


def test_why_counts_what_was_read_and_names_what_was_not(week):
    engine = week.engine
    looked = look(
        engine.ledger, engine.pipeline, engine.graph, engine.fingerprints, DAYS[2], DAYS[2]
    )
    (before,) = [one for one in why(looked, "outlook", DAYS[2]).inputs if one.table == "totals"]
    assert (before.need, before.partitions, before.is_ready) == ("optional", 1, False)
    assert [str(reason) for reason in before.reasons] == ["totals: is not public"]
