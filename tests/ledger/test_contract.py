import pytest

from boxout.ledger import CALENDAR, Beginning, CheckCount, Event, Expectation, Ledger, Pointer, Read
from boxout.ledger.port import BEFORE, LEFT_OUT
from ledger.acts import (
    DAY,
    LEASE_S,
    ONE,
    TWO,
    Time,
    claim,
    finding,
    public,
    read,
    rollback,
    schedule,
    write,
)


def test_nothing_is_public_at_first(ledger: Ledger) -> None:
    assert (ledger.head(), ledger.pointers(["totals"], "", "~", 0)) == (0, [])


def test_what_is_not_published_is_not_public(ledger: Ledger) -> None:
    write(ledger, claim(ledger, ONE), ONE)
    assert ledger.pointers(["totals"], "", "~", ledger.head()) == []


def test_a_held_lease_is_refused_until_it_expires(ledger: Ledger, time: Time) -> None:
    first = claim(ledger, ONE)
    time.pass_s(LEASE_S - 1)
    again = ledger.claim("totals", [ONE, TWO], run="r", lease_s=LEASE_S)
    assert again[1:] == ((TWO,), (ONE,))
    assert ledger.holders("totals", "", "~") == {ONE: first, TWO: again.attempt}
    time.pass_s(1)
    assert ledger.holders("totals", "", "~") == {TWO: again.attempt}
    assert ledger.claim("totals", [ONE], run="r", lease_s=LEASE_S).held == (ONE,)


def test_a_heartbeat_keeps_a_lease_and_brings_no_lost_one_back(ledger: Ledger, time: Time) -> None:
    alive = claim(ledger, ONE, TWO)
    time.pass_s(LEASE_S - 1)
    ledger.heartbeat(alive, LEASE_S)
    time.pass_s(LEASE_S - 1)
    assert ledger.claim("totals", [ONE], run="r", lease_s=LEASE_S).refused == (ONE,)
    time.pass_s(1)
    successor = claim(ledger, ONE)
    ledger.heartbeat(alive, LEASE_S)
    assert ledger.holders("totals", "", "~") == {ONE: successor, TWO: alive}


def test_whoever_held_a_lease_that_was_ended_is_fenced(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE)
    ledger.end_leases()
    assert ledger.publish(attempt, [version]).fenced == (ONE,)
    assert ledger.holders("totals", "", "~") == {}


def test_a_released_lease_is_free_and_tokens_increase(ledger: Ledger) -> None:
    first = claim(ledger, ONE)
    ledger.release(first)
    second = ledger.claim("totals", [ONE], run="r", lease_s=LEASE_S)
    assert (second.held, second.attempt > first) == ((ONE,), True)


def test_a_zombie_cannot_publish_after_its_successor(ledger: Ledger, time: Time) -> None:
    zombie = claim(ledger, ONE)
    late = write(ledger, zombie, ONE, content="late")
    time.pass_s(LEASE_S)
    successor = claim(ledger, ONE)
    ledger.publish(successor, [write(ledger, successor, ONE)])
    ledger.release(successor)
    assert ledger.publish(zombie, [late]).fenced == (ONE,)


def test_a_late_release_does_not_free_the_successors_lease(ledger: Ledger, time: Time) -> None:
    zombie = claim(ledger, ONE)
    time.pass_s(LEASE_S)
    claim(ledger, ONE)
    ledger.release(zombie)
    assert ledger.claim("totals", [ONE], run="r", lease_s=LEASE_S).refused == (ONE,)


def test_an_expired_lease_that_nobody_took_still_publishes(ledger: Ledger, time: Time) -> None:
    attempt = claim(ledger, ONE)
    time.pass_s(10 * LEASE_S)
    assert ledger.publish(attempt, [write(ledger, attempt, ONE)]).published == (ONE,)


@pytest.mark.parametrize("days", [None, 3])
def test_a_moved_input_keeps_the_partition_back_and_only_it(ledger: Ledger, days: int) -> None:
    before, other = ("2026-02-02/A@B", "2026-02-05/C@D") if days else (ONE, TWO)
    mine = (ONE, "2026-02-20/C@D") if days else (ONE, other)
    attempt = claim(ledger, *mine)
    version = write(ledger, attempt, *mine, reads=[read("box", 0, days)])
    public(ledger, before, table="box")
    done = ledger.publish(attempt, [version])
    assert (done.moved, done.published) == ((ONE,), (mine[1],))


def test_a_window_ends_before_its_own_date(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, reads=[read("box", 0, 3)])
    public(ledger, TWO, table="box")
    assert ledger.publish(attempt, [version]).published == (ONE,)


@pytest.mark.parametrize(("mine", "moved"), [(ONE, DAY), (DAY, ONE)])
def test_a_date_and_its_games_move_each_other(ledger: Ledger, mine: str, moved: str) -> None:
    attempt = claim(ledger, mine)
    version = write(ledger, attempt, mine, reads=[read("box", 0)])
    public(ledger, moved, table="box")
    assert ledger.publish(attempt, [version]).moved == (mine,)


def test_what_moved_before_the_snapshot_does_not_count(ledger: Ledger) -> None:
    public(ledger, ONE, table="box")
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, reads=[read("box", 1)])
    assert ledger.publish(attempt, [version]).published == (ONE,)


def test_a_window_over_own_rows_that_stay_back_stays_back(ledger: Ledger) -> None:
    early, late = "2026-02-02/A@B", ONE
    attempt = claim(ledger, early, late)
    box = write(ledger, attempt, early, late, table="box", findings=[finding(early, "block")])
    form = write(ledger, attempt, early, late, table="form", reads=[read("box", 0, 5)])
    done = ledger.publish(attempt, [box, form])
    assert (done.withheld, done.moved, done.publication) == ((early,), (late,), None)


def test_a_group_goes_out_whole_or_not(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE, TWO)
    a = write(ledger, attempt, ONE, TWO, table="a")
    b = write(ledger, attempt, ONE, TWO, table="b", findings=[finding(TWO, "block")])
    done = ledger.publish(attempt, [a, b])
    assert (done.published, done.withheld) == ((ONE,), (TWO,))
    assert ledger.pointers(["b", "a"], "", "~", 1) == [
        Pointer("a", ONE, a, 1, a, 1),
        Pointer("b", ONE, b, 1, b, 1),
    ]


@pytest.mark.parametrize(
    "counts", [[], [CheckCount("k", "block", 0, 0, 0)], [CheckCount("k", "block", 1, 0, 0)]]
)
def test_no_check_evaluated_for_it_is_withheld(ledger: Ledger, counts: list[CheckCount]) -> None:
    attempt = claim(ledger, ONE, TWO)
    version = write(ledger, attempt, ONE, TWO, counts=counts)
    assert ledger.publish(attempt, [version]).withheld == (ONE, TWO)


def test_a_claimed_partition_without_a_census_is_withheld(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE, TWO)
    assert ledger.publish(attempt, [write(ledger, attempt, ONE)]).withheld == (TWO,)


def test_a_warning_does_not_withhold(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, findings=[finding(ONE, "warn")])
    assert ledger.publish(attempt, [version]).published == (ONE,)


def test_an_unchanged_arrival_is_no_publication(ledger: Ledger) -> None:
    public(ledger, ONE, table="box")
    again = public(ledger, ONE, table="box")
    assert (again.publication, again.unchanged, ledger.head()) == (None, (ONE,), 1)


def test_a_second_publication_of_the_same_version_is_none(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, reads=[read("box", 0)])
    ledger.publish(attempt, [version])
    assert ledger.publish(attempt, [version]).unchanged == (ONE,)


def test_incomplete_does_not_displace_complete(ledger: Ledger) -> None:
    public(ledger, ONE, table="totals")
    attempt = claim(ledger, ONE, TWO)
    lacking = [finding(ONE, "complete"), finding(TWO, "complete")]
    version = write(ledger, attempt, ONE, TWO, content="half", findings=lacking)
    done = ledger.publish(attempt, [version])
    assert (done.withheld, done.published) == ((ONE,), (TWO,))
    assert list(ledger.incomplete([version])) == [(version, ONE), (version, TWO)]


def test_a_version_of_another_attempt_is_refused(ledger: Ledger) -> None:
    version = write(ledger, claim(ledger, ONE), ONE)
    with pytest.raises(ValueError, match="was not written by"):
        ledger.publish(claim(ledger, TWO), [version])


def test_a_game_that_the_schedule_no_longer_names_is_unlisted(ledger: Ledger) -> None:
    other = f"{DAY}/UTA@MIA"
    schedule(ledger, "a", (ONE, "final", True), (TWO, "final", True))
    schedule(ledger, "b", (ONE, "final", True), (other, "scheduled", False))
    assert ledger.expectations("", "~", 2) == [
        Expectation(ONE, "final", True, 1, 1),
        Expectation(TWO, "unlisted", False, 2, 2),
        Expectation(other, "scheduled", False, 2, 0),
    ]
    assert [e.partition for e in ledger.expectations("", "~", 1)] == [ONE, TWO]


def test_a_changed_or_ended_expectation_keeps_its_partition_back(ledger: Ledger) -> None:
    three = f"{DAY}/UTA@MIA"
    named = [(ONE, "final", True), (TWO, "final", True), (three, "final", True)]
    schedule(ledger, "a", *named)
    attempt = claim(ledger, ONE, TWO, three)
    version = write(ledger, attempt, ONE, TWO, three, reads=[read(CALENDAR, 1)])
    schedule(ledger, "b", (ONE, "postponed", False), named[2])
    done = ledger.publish(attempt, [version])
    assert (done.moved, done.published) == ((ONE, TWO), (three,))


def test_a_snapshot_sees_the_pointers_of_its_time(ledger: Ledger) -> None:
    public(ledger, ONE, table="box")
    public(ledger, ONE, table="box", content="y")
    assert [ledger.pointers(["box"], "", "~", at)[0].version for at in (1, 2)] == [1, 2]
    assert [one.since for one in ledger.moves(0, 2)] == [1, 2]
    assert [one.publication for _, one in ledger.history("box", ONE)] == [2, 1]
    assert ledger.latest_versions("box", ONE, 1) == [2]
    assert [one.publication for one in ledger.publications(1)] == [2]


def test_a_version_comes_back_with_its_reads(ledger: Ledger) -> None:
    version = write(ledger, claim(ledger, ONE), ONE, reads=[read("box", 0), read("form", 0, 7)])
    assert ledger.versions([version, 99])[0].reads == (read("box", 0), read("form", 0, 7))
    assert [one.partition for one in ledger.census(version, "", "~")] == [ONE]


def test_every_table_that_was_ever_public_is_named(ledger: Ledger) -> None:
    assert ledger.tables() == []
    public(ledger, ONE, table="box", content="x")
    public(ledger, TWO, table="team", content="x")
    public(ledger, ONE, table="box", content="y")
    assert ledger.tables() == ["box", "team"]


def event(at: str, subject: str) -> Event:
    return Event(at, "r", "box", ONE, "waiting", subject, "", "")


def test_the_latest_look_is_told_with_all_its_reasons(ledger: Ledger) -> None:
    ledger.record_events([event("1", "a"), event("2", "b"), event("2", "c")])
    assert [one.subject for one in ledger.latest_events(["box"], "", "~")] == ["b", "c"]


def test_the_latest_events_are_those_recorded_last_whatever_the_clock_said(ledger: Ledger) -> None:
    ledger.record_events([event("2", "a")])
    ledger.record_events([event("1", "b"), event("1", "c")])
    assert [one.subject for one in ledger.latest_events(["box"], "", "~")] == ["b", "c"]


def test_a_changed_state_that_expects_as_before_moves_nobody(ledger: Ledger) -> None:
    schedule(ledger, "a", (ONE, "scheduled", False))
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, reads=[read(CALENDAR, 1)])
    schedule(ledger, "b", (ONE, "live", False))
    assert ledger.publish(attempt, [version]).published == (ONE,)


def test_a_window_is_moved_by_a_game_that_is_expected_inside_it(ledger: Ledger) -> None:
    late = "2026-02-05/C@D"
    attempt = claim(ledger, ONE, late)
    version = write(ledger, attempt, ONE, late, reads=[read(CALENDAR, 0, 3)])
    schedule(ledger, "a", (TWO, "final", True))
    done = ledger.publish(attempt, [version])
    assert (done.moved, done.published) == ((late,), (ONE,))


def test_the_same_result_of_newer_inputs_stays_and_is_fresh_again(ledger: Ledger) -> None:
    first = claim(ledger, ONE)
    ledger.publish(first, [old := write(ledger, first, ONE, reads=[read("box", 0)])])
    ledger.release(first)
    public(ledger, ONE, table="box")
    again = claim(ledger, ONE)
    version = write(ledger, again, ONE, reads=[read("box", 2)])
    done = ledger.publish(again, [version])
    assert (done.publication, done.unchanged) == (None, (ONE,))
    assert ledger.pointers(["totals"], "", "~", 9) == [Pointer("totals", ONE, old, 1, version, 2)]


def test_of_a_group_only_what_changed_moves(ledger: Ledger) -> None:
    first = claim(ledger, ONE)
    kept = write(ledger, first, ONE, table="a")
    ledger.publish(first, [kept, write(ledger, first, ONE, table="b")])
    ledger.release(first)
    again = claim(ledger, ONE)
    same, other = (write(ledger, again, ONE, table=t, content=c) for t, c in ("ax", "by"))
    assert ledger.publish(again, [same, other]).published == (ONE,)
    assert ledger.pointers(["a", "b"], "", "~", 2) == [
        Pointer("a", ONE, kept, 1, same, 2),
        Pointer("b", ONE, other, 2, other, 2),
    ]


def test_only_a_reason_goes_past_a_failed_check_and_it_stays_on_record(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, findings=[finding(ONE, "block")])
    assert ledger.publish(attempt, [version]).withheld == (ONE,)
    assert ledger.publish(attempt, [version], forced="the league says so").published == (ONE,)
    assert ledger.publications(1)[0][5:] == ("forced", "the league says so")
    assert ledger.forced() == {1: "the league says so"}


def test_a_reason_goes_past_no_fence_no_move_and_no_missing_check(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    unchecked = write(ledger, attempt, ONE, counts=[])
    assert ledger.publish(attempt, [unchecked], forced="now").withheld == (ONE,)
    version = write(ledger, attempt, ONE, reads=[read("box", 0)])
    public(ledger, ONE, table="box")
    assert ledger.publish(attempt, [version], forced="now").moved == (ONE,)
    ledger.release(attempt)
    assert ledger.publish(attempt, [version], forced="now").fenced == (ONE,)


def test_a_forced_publication_is_replaced_even_by_the_same_rows(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    ledger.publish(attempt, [write(ledger, attempt, ONE)], forced="now")
    assert ledger.publish(attempt, [write(ledger, attempt, ONE)]).published == (ONE,)
    assert ledger.publications(1)[0].kind == "normal"


def known(ledger: Ledger, *days: str) -> None:
    public(ledger, *days, table="schedule")


def test_a_table_begins_with_the_first_partition_it_ever_had(ledger: Ledger) -> None:
    assert ledger.beginning("schedule", ledger.head()) is None
    known(ledger, "2026-02-03", "2026-02-04")
    known(ledger, "2026-01-10")
    public(ledger, "2025-01-01", table="box")
    assert ledger.beginning("schedule", 1) == Beginning("2026-02-03", 1)
    assert ledger.beginning("schedule", ledger.head()) == Beginning("2026-01-10", 2)


def test_a_first_partition_that_was_withdrawn_is_still_the_beginning(ledger: Ledger) -> None:
    known(ledger, "2026-02-03")
    moves = rollback(("schedule", "2026-02-03", None))
    ledger.turn_back(moves, run="r", at=ledger.head())
    assert ledger.beginning("schedule", ledger.head()) == Beginning("2026-02-03", 1)


@pytest.mark.parametrize("earlier", ["2026-02-02", "2025-06-01"])
def test_what_was_cut_where_a_table_began_stays_back_when_it_begins_earlier(
    ledger: Ledger, earlier: str
) -> None:
    cut, whole = "2026-02-04", "2026-02-08"
    known(ledger, "2026-02-03")
    attempt = claim(ledger, cut, whole)
    before = Read(BEFORE + "schedule", "2026-02-03", "2026-02-03", 1, 5)
    version = write(ledger, attempt, cut, whole, reads=[before])
    known(ledger, earlier)
    done = ledger.publish(attempt, [version])
    assert (done.moved, done.published) == ((cut,), (whole,))


def test_what_comes_after_the_beginning_keeps_nothing_back_that_was_cut(ledger: Ledger) -> None:
    known(ledger, "2026-02-03")
    attempt = claim(ledger, "2026-02-04")
    before = Read(BEFORE + "schedule", "2026-02-03", "2026-02-03", 1, 5)
    version = write(ledger, attempt, "2026-02-04", reads=[before])
    known(ledger, "2026-02-05")
    assert ledger.publish(attempt, [version]).published == ("2026-02-04",)


def test_what_was_left_out_keeps_nothing_back(ledger: Ledger) -> None:
    attempt = claim(ledger, "2026-02-04")
    version = write(ledger, attempt, "2026-02-04", reads=[read(LEFT_OUT + "box", 0, 5)])
    public(ledger, ONE, table="shots")
    assert ledger.publish(attempt, [version]).published == ("2026-02-04",)


def test_what_moves_before_the_season_that_a_window_looked_at_keeps_nothing_back(
    ledger: Ledger,
) -> None:
    attempt = claim(ledger, "2026-02-06")
    season = Read("schedule", "2026-02-06", "2026-02-06", 0, 30, "2026-02-03")
    version = write(ledger, attempt, "2026-02-06", reads=[season])
    known(ledger, "2026-02-02")
    assert ledger.publish(attempt, [version]).published == ("2026-02-06",)


def test_what_moves_on_the_first_day_of_the_season_keeps_back_what_looked_at_it(
    ledger: Ledger,
) -> None:
    attempt = claim(ledger, "2026-02-06")
    season = Read("schedule", "2026-02-06", "2026-02-06", 0, 30, "2026-02-03")
    version = write(ledger, attempt, "2026-02-06", reads=[season])
    known(ledger, "2026-02-03")
    assert ledger.publish(attempt, [version]).moved == ("2026-02-06",)
