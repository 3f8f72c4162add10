import pytest

from boxout.ledger import CALENDAR, Arrival, Census, Day, Expectation, Ledger, Tombstone, Waiver
from ledger.acts import (
    DAY,
    LEASE_S,
    ONE,
    TWO,
    Time,
    asked,
    claim,
    public,
    read,
    rollback,
    schedule,
    write,
)

BOTH = ("box", "totals")


def versions(ledger: Ledger, table: str = "box") -> dict[str, int | None]:
    return {p.partition: p.version for p in ledger.pointers([table], "", "~", ledger.head())}


@pytest.fixture
def corrected(ledger: Ledger) -> Ledger:
    """Version 1 of two games, then version 2 of one."""
    public(ledger, ONE, TWO, table="box", content="good")
    public(ledger, ONE, table="box", content="bad")
    return ledger


def test_a_rollback_is_one_publication_that_points_back(corrected: Ledger) -> None:
    undo = rollback(("box", ONE, 1), ("box", TWO, None), bad=[(2, ONE)])
    assert corrected.turn_back(undo, run="r", at=2) == 3
    assert versions(corrected) == {ONE: 1, TWO: None}
    assert corrected.publications(1)[0][4:] == (2, "rollback", "wrong minutes")
    assert corrected.tombstones("", "~") == [Tombstone("box", ONE, 2, 3, "wrong minutes", 2, "bad")]


def test_a_rollback_planned_on_an_older_state_changes_nothing(corrected: Ledger) -> None:
    assert corrected.turn_back(rollback(("box", ONE, 1)), run="r", at=1) is None
    assert corrected.turn_back(rollback(), run="r", at=2) is None
    assert corrected.head() == 2


def test_the_rows_of_a_withdrawn_version_do_not_come_back(corrected: Ledger) -> None:
    corrected.turn_back(rollback(("box", ONE, 1), bad=[(2, ONE)]), run="r", at=2)
    assert public(corrected, ONE, table="box", content="bad").withdrawn == (ONE,)
    assert public(corrected, ONE, table="box", content="better").published == (ONE,)


def test_what_readers_saw_is_buried_and_not_what_was_recorded(corrected: Ledger) -> None:
    seen = rollback(("box", ONE, 1), bad=[(2, ONE)])._replace(held=((2, Census(ONE, 2, "edited")),))
    corrected.turn_back(seen, run="r", at=2)
    assert [one[5:] for one in corrected.tombstones("", "~")] == [(2, "edited")]
    assert public(corrected, ONE, table="box", content="edited").withdrawn == (ONE,)
    assert public(corrected, ONE, table="box", content="bad").published == (ONE,)


def test_only_a_reason_brings_withdrawn_rows_back(corrected: Ledger) -> None:
    corrected.turn_back(rollback(("box", ONE, 1), bad=[(2, ONE)]), run="r", at=2)
    attempt = claim(corrected, ONE, unit="box")
    version = write(corrected, attempt, ONE, table="box", content="bad")
    assert corrected.publish(attempt, [version], forced="it was right").published == (ONE,)
    assert corrected.tombstones("", "~") == []


def test_a_rollback_is_undone_by_another(corrected: Ledger) -> None:
    corrected.turn_back(rollback(("box", ONE, 1), bad=[(2, ONE)]), run="r", at=2)
    assert corrected.turn_back(rollback(("box", ONE, 2)), run="r", at=3) == 4
    assert (versions(corrected)[ONE], corrected.tombstones("", "~")) == (2, [])


def test_a_rollback_fences_whoever_works_there(corrected: Ledger) -> None:
    attempt = claim(corrected, ONE, TWO, unit="box")
    late = write(corrected, attempt, ONE, TWO, table="box", content="late")
    corrected.turn_back(rollback(("box", ONE, 1), bad=[(2, ONE)]), run="r", at=2)
    done = corrected.publish(attempt, [late])
    assert (done.fenced, done.published) == ((ONE,), (TWO,))


def test_a_rollback_moves_what_read_the_bad_rows(corrected: Ledger) -> None:
    attempt = claim(corrected, ONE)
    version = write(corrected, attempt, ONE, reads=[read("box", 2)])
    corrected.turn_back(rollback(("box", ONE, 1), bad=[(2, ONE)]), run="r", at=2)
    assert corrected.publish(attempt, [version]).moved == (ONE,)


def test_a_rolled_back_schedule_expects_what_it_expected(ledger: Ledger) -> None:
    schedule(ledger, "a", (ONE, "final", True))
    schedule(ledger, "b", (ONE, "postponed", False))
    undo = rollback(("schedule", DAY, 1), bad=[(2, DAY)])
    undo = undo._replace(calendar=((ONE, "final", True),), calendar_dates=(DAY,))
    assert ledger.turn_back(undo, run="r", at=2) == 3
    assert ledger.expectations("", "~", 3) == [Expectation(ONE, "final", True, 3, 3)]


def test_a_waived_game_is_not_expected_and_stays_so(ledger: Ledger) -> None:
    schedule(ledger, "a", (ONE, "final", True))
    assert ledger.waive(ONE, "the league lost it", "ann") == 2
    assert ledger.expectations("", "~", 2) == [Expectation(ONE, "waived", False, 2, 2)]
    schedule(ledger, "b", (ONE, "final", True), (TWO, "final", True))
    assert ledger.expectations("", "~", 3)[0] == Expectation(ONE, "waived", False, 2, 2)
    assert ledger.waivers() == [Waiver(ONE, "the league lost it", "ann", 2)]
    assert ledger.publications(2)[1].kind == "waiver"


def test_a_waiver_moves_whoever_counted_on_the_game(ledger: Ledger) -> None:
    schedule(ledger, "a", (ONE, "final", True))
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, reads=[read(CALENDAR, 1)])
    ledger.waive(ONE, "lost", "ann")
    assert ledger.publish(attempt, [version]).moved == (ONE,)


def undo(ledger: Ledger, at: int, state: str = "final") -> int | None:
    says = (ONE, state, state == "final")
    return ledger.unwaive(ONE, "found", "bob", says=says, deadline=ledger.now(99), at=at)


def test_a_waiver_undone_makes_the_calendars_own_word_count_again(ledger: Ledger) -> None:
    schedule(ledger, "a", (ONE, "final", True))
    ledger.waive(ONE, "lost", "ann")
    assert undo(ledger, at=2) == 3
    assert ledger.expectations("", "~", 3) == [Expectation(ONE, "final", True, 3, 3)]
    assert ledger.waivers()[1] == Waiver(ONE, "found", "bob", 3, is_undo=True)
    assert ledger.publications(1)[0][-2:] == ("waiver undone", "found")
    schedule(ledger, "b", (ONE, "postponed", False))
    assert ledger.expectations("", "~", 4)[0].state == "postponed"
    ledger.waive(ONE, "lost again", "ann")
    assert ledger.expectations("", "~", 5)[0].state == "waived"


def test_a_waiver_is_undone_on_the_state_that_was_looked_at_or_not_at_all(ledger: Ledger) -> None:
    schedule(ledger, "a", (ONE, "final", True))
    assert undo(ledger, at=1) is None
    ledger.waive(ONE, "lost", "ann")
    schedule(ledger, "b", (TWO, "final", True))
    assert undo(ledger, at=2) is None
    assert undo(ledger, at=3) == 4
    assert undo(ledger, at=4) is None


def test_what_a_waiver_ended_waits_again_once_it_is_undone(ledger: Ledger, time: Time) -> None:
    schedule(ledger, "a", (ONE, "final", True))
    ledger.put_work([asked(ledger, ONE), asked(ledger, TWO)])
    ledger.end_work("totals", [TWO], "acknowledged")
    ledger.waive(ONE, "lost", "ann")
    time.pass_s(9999)
    undo(ledger, at=2)
    (one,) = ledger.due_work(9)
    assert (one.partition, one.looks, one.asked_at) == (ONE, 0, ledger.now())
    assert one.deadline == ledger.now(99)


def test_a_waiver_undone_moves_whoever_did_not_count_on_the_game(ledger: Ledger) -> None:
    schedule(ledger, "a", (ONE, "final", True))
    ledger.waive(ONE, "lost", "ann")
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, reads=[read(CALENDAR, 2)])
    undo(ledger, at=2)
    assert ledger.publish(attempt, [version]).moved == (ONE,)


def test_work_waits_until_its_next_look(ledger: Ledger, time: Time) -> None:
    ledger.put_work([asked(ledger, ONE, wait_s=60), asked(ledger, TWO, wait_s=30)])
    assert ledger.due_work(9) == []
    time.pass_s(60)
    assert [one.partition for one in ledger.due_work(9)] == [TWO, ONE]
    assert [one.partition for one in ledger.due_work(1)] == [TWO]


def test_looks_are_counted_and_the_deadline_stays(ledger: Ledger, time: Time) -> None:
    ledger.put_work([asked(ledger, ONE)])
    first = ledger.work("", "~")[0]
    time.pass_s(60)
    ledger.put_work([asked(ledger, ONE)._replace(failures=1)])
    (again,) = ledger.work("", "~")
    assert (again.looks, again.failures) == (2, 1)
    assert again[3] == first.asked_at
    assert again.deadline == first.deadline
    assert again.look_at > first.look_at


def test_work_is_woken_at_once_by_what_it_waits_for(ledger: Ledger) -> None:
    ledger.put_work([asked(ledger, ONE), asked(ledger, TWO, on="form")])
    public(ledger, ONE, table="box")
    assert [one.partition for one in ledger.due_work(9)] == [ONE]


def test_work_that_waits_for_the_schedule_is_woken_by_it(ledger: Ledger) -> None:
    ledger.put_work([asked(ledger, ONE, on=CALENDAR)])
    schedule(ledger, "a", (ONE, "final", True))
    assert [one.partition for one in ledger.due_work(9)] == [ONE]


def test_work_is_over_with_its_publication(ledger: Ledger) -> None:
    ledger.put_work([asked(ledger, ONE), asked(ledger, TWO)])
    attempt = claim(ledger, ONE)
    ledger.publish(attempt, [write(ledger, attempt, ONE)])
    assert [one.partition for one in ledger.work("", "~")] == [TWO]


def test_ended_work_is_never_due_until_it_is_asked_for_again(ledger: Ledger, time: Time) -> None:
    ledger.put_work([asked(ledger, ONE), asked(ledger, TWO)])
    ledger.end_work("totals", [ONE], "acknowledged")
    ledger.waive(TWO, "lost", "ann")
    time.pass_s(9999)
    assert ledger.due_work(9) == []
    assert [one.ended for one in ledger.work("", "~")] == ["acknowledged", "waived"]
    ledger.put_work([asked(ledger, ONE, wait_s=0)])
    assert [(one.looks, one.ended) for one in ledger.due_work(9)] == [(1, None)]


def test_nothing_that_is_named_or_alive_is_collected(ledger: Ledger, time: Time) -> None:
    public(ledger, ONE, TWO, table="box", content="1")
    public(ledger, ONE, table="box", content="2")
    public(ledger, ONE, table="box", content="3")
    dead = write(ledger, claim(ledger, "2026-02-05/A@B"))
    time.pass_s(LEASE_S + 1)
    write(ledger, claim(ledger, "2026-02-06/A@B"))
    assert ledger.collect(3, "2026-02-04T05", BOTH, 9) == []
    assert ledger.collect(2, ledger.now(), BOTH, 9) == [("totals", dead)]
    assert ledger.collect(3, ledger.now(), ["totals"], 9) == [("totals", dead)]
    assert ledger.collect(3, ledger.now(), BOTH, 9) == [("box", 2), ("totals", dead)]
    assert versions(ledger) == {ONE: 3, TWO: 1}


def test_collection_goes_on_a_part_at_a_time_and_names_what_is_not_dropped(
    ledger: Ledger, time: Time
) -> None:
    for content in "1234":
        public(ledger, ONE, table="box", content=content)
    time.pass_s(1)
    assert ledger.collect(4, ledger.now(), BOTH, 2) == [("box", 1), ("box", 2)]
    assert ledger.collect(4, ledger.now(), BOTH, 2) == [("box", 1), ("box", 2)]
    ledger.dropped([1, 2, 4])
    assert ledger.collect(4, ledger.now(), BOTH, 2) == [("box", 3)]
    ledger.dropped([3])
    assert ledger.collect(4, ledger.now(), BOTH, 2) == []
    assert [one.is_collected for one in ledger.versions([1, 2, 3, 4])] == [True, True, True, False]


def test_whoever_lost_his_version_to_collection_cannot_publish(ledger: Ledger, time: Time) -> None:
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE)
    time.pass_s(LEASE_S + 1)
    assert ledger.collect(0, ledger.now(), BOTH, 9) == [("totals", version)]
    assert ledger.publish(attempt, [version]).fenced == (ONE,)


def test_a_collected_version_is_not_pointed_back_to(corrected: Ledger, time: Time) -> None:
    public(corrected, ONE, table="box", content="third")
    time.pass_s(1)
    assert corrected.collect(3, corrected.now(), BOTH, 9) == [("box", 2)]
    assert corrected.turn_back(rollback(("box", ONE, 2)), run="r", at=3) is None
    assert corrected.turn_back(rollback(("box", ONE, 99)), run="r", at=3) is None
    assert corrected.head() == 3


def test_attempts_arrivals_and_counts_are_told_again(ledger: Ledger) -> None:
    attempt = ledger.claim("box", [ONE], run="r", lease_s=LEASE_S, code="abc").attempt
    version = write(ledger, attempt, ONE, table="box")
    ledger.arrival(Arrival(version, "box.csv", "box", 2, "5f", version))
    assert ledger.attempts([attempt])[0][1:3] == ("box", "r")
    assert ledger.attempts([attempt])[0].code == "abc"
    assert ledger.arrivals([version])[0][1:] == ("box.csv", "box", 2, "5f", version)
    assert [one.check for one in ledger.counts(version)] == ["minutes"]
    ledger.publish(attempt, [version])
    assert [one.publication for one in ledger.publications(9, run="r")] == [1]
    assert ledger.publications(9, run="other") == []


def test_a_waiver_and_its_undoing_move_what_read_the_calendar_also_where_nothing_was_expected(
    ledger: Ledger,
) -> None:
    schedule(ledger, "one", (ONE, "postponed", False))
    (before,) = ledger.expectations(ONE, ONE, ledger.head())
    waived = ledger.waive(ONE, "never", "me")
    (after,) = ledger.expectations(ONE, ONE, ledger.head())
    assert (before.flipped < waived, after.flipped) == (True, waived)
    says, at = Day(ONE, "postponed", False), ledger.head()
    undone = ledger.unwaive(ONE, "a slip", "me", says=says, deadline=ledger.now(99), at=at)
    (again,) = ledger.expectations(ONE, ONE, ledger.head())
    assert again.flipped == undone
