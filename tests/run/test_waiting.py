"""Work that waits: when it is looked at again, what wakes it, and how it ends."""

from dataclasses import replace

import pytest

from boxout.ledger import SqliteLedger
from boxout.model.outcomes import Done, Failed, NothingToDo, Waiting
from boxout.run import Policy, run, turn
from boxout.run.waiting import settle, wait_s
from incidents.scene import Around, alerts, breaks, looked, work_of

DAY = "2026-02-03"
GAME = f"{DAY}/AB"
POLICY = Policy(first_look_s=60, look_s_max=3600, jitter_share=0.2, deadline_s=86400)


def asked(small, **said):
    return run(small.engine, DAY, DAY, {"totals"}, **said)


@pytest.fixture
def waiting(small):
    """One final game whose box score has not arrived; it was asked for once."""
    small.engine = replace(small.engine, policy=POLICY)
    small.slate(DAY, AB="final")
    asked(small)
    return small


def next_look_s(small):
    """Seconds until the next look at the game."""
    look_at = work_of(small.engine, GAME).look_at
    clock = small.clock.at.isoformat(timespec="milliseconds")
    return (small.clock.at.fromisoformat(look_at) - small.clock.at.fromisoformat(clock)).seconds


def test_what_goes_out_leaves_no_work(small):
    small.slate(DAY, AB="final")
    small.box({GAME: 200})
    asked(small)
    assert small.engine.ledger.work("", "~") == []


def test_what_is_not_due_is_not_looked_at(waiting):
    waiting.clock.pass_s(59)
    assert looked(waiting.engine) == {}


def test_looks_come_ever_more_rarely_up_to_an_hour(waiting):
    gaps = []
    for _ in range(9):
        gaps.append(next_look_s(waiting))
        waiting.clock.pass_s(gaps[-1])
        assert isinstance(looked(waiting.engine)[GAME], Waiting)
    assert gaps == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


@pytest.mark.parametrize("looks", [0, 3, 40])
def test_chance_spreads_a_look_by_at_most_its_share(looks):
    plain = wait_s(POLICY, looks, 0.5)
    assert wait_s(POLICY, looks, 0) == pytest.approx(0.8 * plain)
    assert wait_s(POLICY, looks, 1) == pytest.approx(1.2 * plain)
    assert plain <= POLICY.look_s_max


def test_the_last_look_is_at_the_deadline_and_ends_with_one_alert(waiting):
    waiting.clock.pass_s(POLICY.deadline_s)
    assert isinstance(looked(waiting.engine)[GAME], Waiting)
    assert work_of(waiting.engine, GAME).ended == "deadline"
    (alert,) = alerts(waiting.folder, "totals")
    assert alert.startswith(f"{GAME} ended: deadline")


def test_a_deadline_is_that_of_the_first_asking(waiting):
    waiting.clock.pass_s(POLICY.deadline_s - 1)
    asked(waiting)
    assert work_of(waiting.engine, GAME).ended is None
    waiting.clock.pass_s(1)
    looked(waiting.engine)
    assert work_of(waiting.engine, GAME).ended == "deadline"


def test_ended_work_makes_no_second_alert(waiting):
    for _ in range(3):
        waiting.clock.pass_s(POLICY.deadline_s)
        looked(waiting.engine)
    assert len(alerts(waiting.folder, "totals")) == 1


def test_a_publication_wakes_at_once_what_waits_for_it(waiting):
    waiting.clock.pass_s(1)
    waiting.box({GAME: 200})
    assert isinstance(looked(waiting.engine)[GAME], Done)
    assert waiting.engine.ledger.work("", "~") == []


def test_a_publication_of_another_game_wakes_nobody(waiting):
    waiting.box({f"{DAY}/CD": 200})
    assert looked(waiting.engine) == {}


def test_a_schedule_that_says_final_wakes_what_waits_for_it(small):
    small.engine = replace(small.engine, policy=POLICY)
    small.slate(DAY, AB="live")
    small.box({GAME: 200})
    asked(small, game=GAME)
    small.slate(DAY, AB="final")
    assert isinstance(looked(small.engine)[GAME], Done)


def test_what_waits_is_kept_when_the_ledger_is_opened_again(waiting):
    kept = work_of(waiting.engine, GAME)
    waiting.engine.ledger.close()
    again = SqliteLedger.open(waiting.folder / "ledger.sqlite", clock=waiting.clock)
    waiting.engine = replace(waiting.engine, ledger=again)
    assert work_of(waiting.engine, GAME) == kept
    waiting.box({GAME: 200})
    assert isinstance(looked(waiting.engine)[GAME], Done)


def test_five_messages_about_one_game_are_one_piece_of_work(waiting):
    for _ in range(4):
        asked(waiting)
    work = work_of(waiting.engine, GAME)
    assert (work.unit, work.looks) == ("totals", 5)


def broken(small):
    return replace(small.engine, warehouse=Around(small.engine.warehouse, append=breaks()))


def test_failures_that_may_pass_are_counted_and_the_fifth_is_the_last(waiting):
    waiting.box({GAME: 200})
    for count in range(1, 6):
        assert work_of(waiting.engine, GAME).ended is None
        assert isinstance(looked(broken(waiting))[GAME], Failed)
        assert work_of(waiting.engine, GAME).failures == count
        waiting.clock.pass_s(3600)
    assert work_of(waiting.engine, GAME).ended == "failed"
    assert len(alerts(waiting.folder, "totals")) == 1


def test_a_look_that_finds_nothing_ready_is_no_failure(waiting):
    for _ in range(8):
        waiting.clock.pass_s(3600)
        looked(waiting.engine)
    assert work_of(waiting.engine, GAME).failures == 0


def test_what_is_withheld_waits_for_something_to_move(small):
    small.engine = replace(small.engine, policy=POLICY)
    small.slate(DAY, AB="final")
    small.box({GAME: 700})
    asked(small)
    small.clock.pass_s(POLICY.deadline_s - 60)
    assert looked(small.engine) == {}
    small.box({GAME: 200})
    assert isinstance(looked(small.engine)[GAME], Done)


def test_what_is_asked_for_again_after_its_end_waits_again(waiting):
    waiting.clock.pass_s(POLICY.deadline_s)
    looked(waiting.engine)
    asked(waiting)
    work = work_of(waiting.engine, GAME)
    assert (work.ended, work.looks) == (None, 1)


def test_what_there_is_nothing_to_do_for_waits_no_longer(waiting):
    waiting.slate(DAY, AB="cancelled")
    assert isinstance(looked(waiting.engine)[GAME], NothingToDo)
    assert [one for one in waiting.engine.ledger.work("", "~") if one.ended is None] == []


def test_a_look_at_several_dates_of_a_window_keeps_each_to_its_own(small):
    days = ("2026-02-01", "2026-02-02", DAY, "2026-02-04", "2026-02-05")
    small.days(*days)
    small.run(days[2], days[-1])
    small.box({f"{day}/AB": 100 + n for n, day in enumerate(days)})
    small.run(days[0], days[1])
    small.lines(*days[2:])
    for _ in range(2):
        looked(small.engine)
    assert small.rows("SELECT day, points FROM form ORDER BY day") == [
        {"day": DAY, "points": 201},
        {"day": "2026-02-04", "points": 203},
        {"day": "2026-02-05", "points": 205},
    ]


def test_a_turn_answers_for_every_unit(small):
    small.slate(DAY, AB="final")
    small.run(DAY)
    small.clock.pass_s(3600)
    became = turn(small.engine)
    assert {("totals", GAME), ("form", DAY)} <= set(became)


def test_the_schedule_of_a_day_inside_the_window_wakes_what_waits_for_it(small):
    small.days("2026-02-01", DAY)
    small.box({"2026-02-01/AB": 200})
    small.lines(DAY)
    small.run("2026-02-01", DAY)
    small.clock.pass_s(1)
    small.slate("2026-02-02", AB="postponed")
    assert isinstance(looked(small.engine).get(DAY), Done)


def test_a_game_is_not_asked_of_a_table_by_date(small):
    small.slate(DAY, AB="final")
    result = small.run(DAY, game=GAME)
    assert ("form", GAME) not in result.outcomes


def test_a_settled_outcome_without_a_reason_is_no_work(small):
    settle(small.engine, small.unit("totals"), "r", {GAME: NothingToDo("fresh")})
    assert small.engine.ledger.work("", "~") == []
