import pytest

from boxout.ledger import CALENDAR, CheckCount, Event, Expectation, Ledger, Pointer
from ledger.acts import (
    DAY,
    ONE,
    TWO,
    claim,
    finding,
    public,
    read,
    schedule,
    write,
)


def test_nothing_is_public_at_first(ledger: Ledger) -> None:
    assert (ledger.head(), ledger.pointers(["totals"], "", "~", 0)) == (0, [])


def test_what_is_not_published_is_not_public(ledger: Ledger) -> None:
    write(ledger, claim(ledger, ONE), ONE)
    assert ledger.pointers(["totals"], "", "~", ledger.head()) == []


def test_a_held_lease_is_refused_until_it_expires(ledger: Ledger) -> None:
    claim(ledger, ONE)
    assert ledger.claim("totals", [ONE, TWO], run="r", now="19", until="30")[1:] == ((TWO,), (ONE,))
    assert ledger.claim("totals", [ONE], run="r", now="20", until="30").held == (ONE,)


def test_a_released_lease_is_free_and_tokens_increase(ledger: Ledger) -> None:
    first = claim(ledger, ONE)
    ledger.release(first)
    second = ledger.claim("totals", [ONE], run="r", now="11", until="20")
    assert (second.held, second.attempt > first) == ((ONE,), True)


def test_a_zombie_cannot_publish_after_its_successor(ledger: Ledger) -> None:
    zombie = claim(ledger, ONE)
    late = write(ledger, zombie, ONE, content="late")
    successor = claim(ledger, ONE, now="20")
    ledger.publish(successor, [write(ledger, successor, ONE)], now="21")
    ledger.release(successor)
    assert ledger.publish(zombie, [late], now="22").fenced == (ONE,)


def test_a_late_release_does_not_free_the_successors_lease(ledger: Ledger) -> None:
    zombie = claim(ledger, ONE)
    ledger.claim("totals", [ONE], run="r", now="20", until="40")
    ledger.release(zombie)
    assert ledger.claim("totals", [ONE], run="r", now="21", until="40").refused == (ONE,)


def test_an_expired_lease_that_nobody_took_still_publishes(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    assert ledger.publish(attempt, [write(ledger, attempt, ONE)], now="99").published == (ONE,)


@pytest.mark.parametrize("days", [None, 3])
def test_a_moved_input_keeps_the_partition_back_and_only_it(ledger: Ledger, days: int) -> None:
    before, other = ("2026-02-02/A@B", "2026-02-05/C@D") if days else (ONE, TWO)
    mine = (ONE, "2026-02-20/C@D") if days else (ONE, other)
    attempt = claim(ledger, *mine)
    version = write(ledger, attempt, *mine, reads=[read("box", 0, days)])
    public(ledger, before, table="box")
    done = ledger.publish(attempt, [version], now="12")
    assert (done.moved, done.published) == ((ONE,), (mine[1],))


def test_a_window_ends_before_its_own_date(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, reads=[read("box", 0, 3)])
    public(ledger, TWO, table="box")
    assert ledger.publish(attempt, [version], now="12").published == (ONE,)


@pytest.mark.parametrize(("mine", "moved"), [(ONE, DAY), (DAY, ONE)])
def test_a_date_and_its_games_move_each_other(ledger: Ledger, mine: str, moved: str) -> None:
    attempt = claim(ledger, mine)
    version = write(ledger, attempt, mine, reads=[read("box", 0)])
    public(ledger, moved, table="box")
    assert ledger.publish(attempt, [version], now="12").moved == (mine,)


def test_what_moved_before_the_snapshot_does_not_count(ledger: Ledger) -> None:
    public(ledger, ONE, table="box")
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, reads=[read("box", 1)])
    assert ledger.publish(attempt, [version], now="12").published == (ONE,)


def test_a_window_over_own_rows_that_stay_back_stays_back(ledger: Ledger) -> None:
    early, late = "2026-02-02/A@B", ONE
    attempt = claim(ledger, early, late)
    box = write(ledger, attempt, early, late, table="box", findings=[finding(early, "block")])
    form = write(ledger, attempt, early, late, table="form", reads=[read("box", 0, 5)])
    done = ledger.publish(attempt, [box, form], now="12")
    assert (done.withheld, done.moved, done.publication) == ((early,), (late,), None)


def test_a_group_goes_out_whole_or_not(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE, TWO)
    a = write(ledger, attempt, ONE, TWO, table="a")
    b = write(ledger, attempt, ONE, TWO, table="b", findings=[finding(TWO, "block")])
    done = ledger.publish(attempt, [a, b], now="12")
    assert (done.published, done.withheld) == ((ONE,), (TWO,))
    assert ledger.pointers(["b", "a"], "", "~", 1) == [
        Pointer("a", ONE, a, 1),
        Pointer("b", ONE, b, 1),
    ]


@pytest.mark.parametrize(
    "counts", [[], [CheckCount("k", "block", 0, 0, 0)], [CheckCount("k", "block", 1, 0, 0)]]
)
def test_no_check_evaluated_for_it_is_withheld(ledger: Ledger, counts: list[CheckCount]) -> None:
    attempt = claim(ledger, ONE, TWO)
    version = write(ledger, attempt, ONE, TWO, counts=counts)
    assert ledger.publish(attempt, [version], now="12").withheld == (ONE, TWO)


def test_a_claimed_partition_without_a_census_is_withheld(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE, TWO)
    assert ledger.publish(attempt, [write(ledger, attempt, ONE)], now="12").withheld == (TWO,)


def test_a_warning_does_not_withhold(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, findings=[finding(ONE, "warn")])
    assert ledger.publish(attempt, [version], now="12").published == (ONE,)


def test_an_unchanged_arrival_is_no_publication(ledger: Ledger) -> None:
    public(ledger, ONE, table="box")
    again = public(ledger, ONE, table="box")
    assert (again.publication, again.unchanged, ledger.head()) == (None, (ONE,), 1)


def test_a_second_publication_of_the_same_version_is_none(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, reads=[read("box", 0)])
    ledger.publish(attempt, [version], now="12")
    assert ledger.publish(attempt, [version], now="12").unchanged == (ONE,)


def test_incomplete_does_not_displace_complete(ledger: Ledger) -> None:
    public(ledger, ONE, table="totals")
    attempt = claim(ledger, ONE, TWO)
    lacking = [finding(ONE, "complete"), finding(TWO, "complete")]
    version = write(ledger, attempt, ONE, TWO, content="half", findings=lacking)
    done = ledger.publish(attempt, [version], now="12")
    assert (done.withheld, done.published) == ((ONE,), (TWO,))
    assert list(ledger.incomplete([version])) == [(version, ONE), (version, TWO)]


def test_a_version_of_another_attempt_is_refused(ledger: Ledger) -> None:
    version = write(ledger, claim(ledger, ONE), ONE)
    with pytest.raises(ValueError, match="was not written by"):
        ledger.publish(claim(ledger, TWO), [version], now="12")


def test_expectations_end_when_the_schedule_no_longer_names_them(ledger: Ledger) -> None:
    schedule(ledger, "a", (ONE, "final", True), (TWO, "final", True))
    schedule(ledger, "b", (ONE, "final", True), ("2026-02-04/A@B", "final", True))
    assert ledger.expectations("", "~", 2) == [Expectation(ONE, "final", True, 1)]
    assert [e.partition for e in ledger.expectations("", "~", 1)] == [ONE, TWO]


def test_a_changed_or_ended_expectation_keeps_its_partition_back(ledger: Ledger) -> None:
    three = f"{DAY}/UTA@MIA"
    named = [(ONE, "final", True), (TWO, "final", True), (three, "final", True)]
    schedule(ledger, "a", *named)
    attempt = claim(ledger, ONE, TWO, three)
    version = write(ledger, attempt, ONE, TWO, three, reads=[read(CALENDAR, 1)])
    schedule(ledger, "b", (ONE, "postponed", False), named[2])
    done = ledger.publish(attempt, [version], now="12")
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


def test_the_latest_look_is_told_with_all_its_reasons(ledger: Ledger) -> None:
    def event(at: str, subject: str) -> Event:
        return Event(at, "r", "box", ONE, "waiting", subject, "", "")

    ledger.record_events([event("1", "a"), event("2", "b"), event("2", "c")])
    assert [one.subject for one in ledger.latest_events(["box"], "", "~")] == ["b", "c"]
