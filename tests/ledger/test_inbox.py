"""What came in is kept: once, with what became of it, until nobody can need it."""

from boxout.ledger import Ledger, Message
from ledger.acts import DAY, Time

NEXT = "2026-02-04"


def asks(name: str, table: str = "gamebook", day: str = DAY, **more: str) -> Message:
    said = {"rejected": "", "promised": "", **more}
    return Message(name, f"{table} {day}", day, day, f"{table}+", "", "", "{}", **said)


def refused(name: str) -> Message:
    return asks(name, rejected="not JSON")


def test_what_came_in_waits(ledger: Ledger) -> None:
    (one,) = ledger.inbox.receive([asks("a")])
    assert (one.state, one.deliveries, one.received_at) == ("waiting", 1, ledger.now())
    assert ledger.inbox.waiting(10) == [one] == ledger.inbox.messages(10)
    assert ledger.inbox.message(one.number) == one
    assert ledger.inbox.message(one.number + 1) is None


def test_nothing_came_in_of_nothing(ledger: Ledger) -> None:
    assert ledger.inbox.receive([]) == []
    assert ledger.inbox.waiting(10) == []


def test_a_second_delivery_is_counted_and_no_second_message(ledger: Ledger) -> None:
    (first,) = ledger.inbox.receive([asks("a")])
    again = ledger.inbox.receive([asks("a"), asks("a")])
    assert [one.number for one in again] == [first.number] * 2
    assert again[1].deliveries == 3
    assert len(ledger.inbox.messages(10)) == 1


def test_what_means_the_same_is_answered_by_the_same_work(ledger: Ledger) -> None:
    first, second, other = ledger.inbox.receive([asks("a"), asks("b"), asks("c", day=NEXT)])
    assert (first.same_as, second.same_as, other.same_as) == (None, first.number, None)
    assert [one.number for one in ledger.inbox.waiting(10)] == [first.number, other.number]
    ledger.inbox.take([first.number])
    ledger.inbox.answer([first.number], "r1")
    told = ledger.inbox.message(second.number)
    assert told is not None
    assert (told.state, told.run, told.answered_at) == ("answered", "r1", ledger.now())


def test_what_comes_after_the_work_began_is_new(ledger: Ledger) -> None:
    (first,) = ledger.inbox.receive([asks("a")])
    ledger.inbox.take([first.number])
    (second,) = ledger.inbox.receive([asks("b")])
    assert second.same_as is None
    assert ledger.inbox.waiting(10) == [second]


def test_what_was_begun_and_not_answered_waits_again(ledger: Ledger) -> None:
    first, second = ledger.inbox.receive([asks("a"), asks("b", day=NEXT)])
    ledger.inbox.take([first.number, second.number])
    assert ledger.inbox.waiting(10) == []
    ledger.inbox.answer([second.number], "r1")
    ledger.inbox.give_back()
    assert [one.number for one in ledger.inbox.waiting(10)] == [first.number]


def test_what_was_rejected_is_kept_with_its_reason_and_waits_for_nobody(ledger: Ledger) -> None:
    one, another = ledger.inbox.receive([refused("a"), refused("b")])
    assert (one.state, one.asked.rejected, another.same_as) == ("rejected", "not JSON", None)
    assert ledger.inbox.waiting(10) == []
    ledger.inbox.receive([asks("c")])
    assert ledger.inbox.messages(10, is_rejected=True) == [another, one]
    assert [one.asked.message for one in ledger.inbox.messages(10, is_rejected=False)] == ["c"]


def test_messages_are_listed_newest_first_and_by_parts(ledger: Ledger) -> None:
    numbers = [one.number for one in ledger.inbox.receive([asks(n, day=n) for n in "abcde"])]
    first = ledger.inbox.messages(2)
    assert [one.number for one in first] == numbers[:2:-1]
    rest = ledger.inbox.messages(9, before=first[-1].number)
    assert [one.number for one in rest] == numbers[2::-1]


def test_what_nobody_can_need_is_pruned(ledger: Ledger, time: Time) -> None:
    old = ledger.inbox.receive([asks("a"), asks("b"), refused("c"), refused("d"), asks("e", "x")])
    ledger.inbox.answer([old[0].number], "r1")
    ledger.inbox.see([old[2].number, old[0].number])
    time.pass_s(60)
    later = ledger.now()
    ledger.inbox.receive([asks("f")])
    assert ledger.inbox.prune(later) == 3
    assert sorted(one.asked.message for one in ledger.inbox.messages(10)) == ["d", "e", "f"]
    assert ledger.inbox.prune(later) == 0


def test_what_answers_a_message_that_is_kept_is_kept(ledger: Ledger, time: Time) -> None:
    (old,) = ledger.inbox.receive([asks("a")])
    time.pass_s(60)
    later = ledger.now()
    ledger.inbox.receive([asks("b")])
    ledger.inbox.answer([old.number], "r1")
    assert ledger.inbox.prune(later) == 0
    assert [one.run for one in ledger.inbox.messages(10)] == ["r1", "r1"]


def test_a_person_sees_once_what_was_rejected(ledger: Ledger, time: Time) -> None:
    (one,) = ledger.inbox.receive([refused("a")])
    ledger.inbox.see([one.number])
    at = ledger.now()
    time.pass_s(60)
    ledger.inbox.see([one.number])
    told = ledger.inbox.message(one.number)
    assert told is not None
    assert told.seen_at == at


def test_a_request_with_a_key_is_answered_once(ledger: Ledger) -> None:
    assert ledger.inbox.begin_answer("k", "POST /runs") is None
    known = ledger.inbox.begin_answer("k", "POST /runs")
    assert known == ("POST /runs", None, "")
    ledger.inbox.keep_answer("k", 202, "{}")
    ledger.inbox.forget_answer("k")
    assert ledger.inbox.begin_answer("k", "POST /other") == ("POST /runs", 202, "{}")


def test_a_request_that_was_not_done_may_be_asked_again(ledger: Ledger, time: Time) -> None:
    assert ledger.inbox.begin_answer("k", "x") is None
    ledger.inbox.forget_answer("k")
    assert ledger.inbox.begin_answer("k", "x") is None
    time.pass_s(60)
    ledger.inbox.prune(ledger.now())
    assert ledger.inbox.begin_answer("k", "x") is None


def test_runs_are_listed_newest_first_and_by_parts(ledger: Ledger, time: Time) -> None:
    for name in "abc":
        ledger.begin_run(name, f"asks {name}")
        time.pass_s(1)
    ledger.end_run("b", "well")
    assert [one.run for one in ledger.inbox.runs(2)] == ["c", "b"]
    assert [one.run for one in ledger.inbox.runs(9, before="b")] == ["a"]
    assert ledger.inbox.runs(9, before="nobody") == []
    told = ledger.inbox.ran("b")
    assert told is not None
    assert (told.request, told.summary, told.ended_at) == ("asks b", "well", ledger.now())
    assert ledger.inbox.ran("nobody") is None


def test_some_of_what_was_begun_waits_again(ledger: Ledger) -> None:
    first, second = ledger.inbox.receive([asks("a"), asks("b", day=NEXT)])
    ledger.inbox.take([first.number, second.number])
    ledger.inbox.give_back([second.number])
    assert [one.number for one in ledger.inbox.waiting(10)] == [second.number]


def test_what_cannot_be_done_is_rejected_with_all_that_means_the_same(ledger: Ledger) -> None:
    first, second, other = ledger.inbox.receive([asks("a"), asks("b"), asks("c", day=NEXT)])
    ledger.inbox.take([first.number])
    ledger.inbox.reject([first.number], "no such file")
    told = [ledger.inbox.message(one.number) for one in (first, second, other)]
    assert [one and one.asked.rejected for one in told] == ["no such file", "no such file", ""]
    assert [one.number for one in ledger.inbox.waiting(10)] == [other.number]


def test_what_was_answered_is_not_rejected_any_more(ledger: Ledger) -> None:
    (one,) = ledger.inbox.receive([asks("a")])
    ledger.inbox.answer([one.number], "r1")
    ledger.inbox.reject([one.number], "too late")
    assert [told.state for told in ledger.inbox.messages(1)] == ["answered"]


def test_a_message_is_found_by_the_run_that_was_promised(ledger: Ledger) -> None:
    (one, _) = ledger.inbox.receive([asks("a", promised="r1"), asks("b", day=NEXT)])
    assert ledger.inbox.promised("r1") == one
    assert ledger.inbox.promised("") is None
    assert ledger.inbox.promised("r2") is None
