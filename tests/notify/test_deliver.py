"""Delivery: grouped by cause, not repeated, nothing lost, in order."""

from typing import Any

import pytest

from boxout.ledger import CALENDAR, Event, MemoryLedger
from boxout.notify import Channel, Delivery, Notify, deliver
from ledger.acts import DAY, ONE, TWO, Time, claim, public, rollback, write
from notify.conftest import Taken

PEOPLE = Channel("team", "$URL", "message", "warning", ())
MACHINES = Channel("bus", "$URL", "cloudevents", "info", ())
SETTINGS = Notify(source="/boxout/test")
GAMES = [f"{DAY}/G{n:02}" for n in range(10)]


def withheld(
    ledger: MemoryLedger, *partitions: str, run: str = "r", found: str = "0", check: str = "minutes"
) -> None:
    now, tables = ledger.now(), ("offense", "defense")
    ledger.record_events(
        [Event(now, run, t, p, "withheld", check, found, "240") for t in tables for p in partitions]
    )


def told(ledger: MemoryLedger, taken: Taken, channel: Channel = PEOPLE) -> Delivery:
    return deliver(ledger, channel, SETTINGS, taken.senders())


def test_nothing_is_sent_when_nothing_happened(ledger: MemoryLedger, taken: Taken) -> None:
    assert told(ledger, taken) == Delivery("team", 0, 0, 0, None)
    assert taken.messages == []


def test_ten_games_withheld_by_one_rule_are_one_message(ledger: MemoryLedger, taken: Taken) -> None:
    withheld(ledger, *GAMES)
    told(ledger, taken)
    (one,) = taken.messages
    assert one.title == "10 partitions withheld offense, defense: minutes"
    assert one.severity == "error"
    assert f"  {GAMES[0]}: 0, 240" in one.body
    assert "  and 7 more" in one.body
    assert f"Next: boxout why offense {GAMES[0]}" in one.body


def test_two_causes_are_two_messages(ledger: MemoryLedger, taken: Taken) -> None:
    withheld(ledger, ONE)
    withheld(ledger, ONE, check="points")
    told(ledger, taken)
    assert len(taken.messages) == 2


def test_a_message_says_what_readers_see_now(ledger: MemoryLedger, taken: Taken) -> None:
    public(ledger, ONE, table="offense")
    withheld(ledger, ONE)
    told(ledger, taken)
    body = taken.messages[0].body
    assert "Readers see of offense: version 1, public since publication 1." in body
    assert "Readers see of defense: nothing." in body


def test_a_message_counts_what_is_public_of_many(ledger: MemoryLedger, taken: Taken) -> None:
    public(ledger, *GAMES[:3], table="offense")
    withheld(ledger, *GAMES)
    told(ledger, taken)
    said = "Readers see of offense: 3 of 10, public since publication 1; nothing of the others."
    assert said in taken.messages[0].body


def test_the_same_cause_is_not_told_again(ledger: MemoryLedger, taken: Taken, time: Time) -> None:
    withheld(ledger, ONE)
    told(ledger, taken)
    time.pass_s(3600)
    withheld(ledger, ONE, run="another")
    assert told(ledger, taken)[1:3] == (0, 1)
    assert len(taken.messages) == 1


@pytest.mark.parametrize(("partition", "found"), [(TWO, "0"), (ONE, "12")])
def test_a_cause_that_changed_is_told_again(
    ledger: MemoryLedger, taken: Taken, partition: str, found: str
) -> None:
    withheld(ledger, ONE)
    told(ledger, taken)
    withheld(ledger, partition, found=found)
    told(ledger, taken)
    assert len(taken.messages) == 2


def test_a_cause_is_told_again_after_the_window(
    ledger: MemoryLedger, taken: Taken, time: Time
) -> None:
    withheld(ledger, ONE)
    told(ledger, taken)
    for _ in range(3):
        time.pass_s(10 * 3600)
        withheld(ledger, ONE)
        told(ledger, taken)
    assert len(taken.messages) == 2


def test_what_a_channel_does_not_take_is_kept(ledger: MemoryLedger, taken: Taken) -> None:
    withheld(ledger, ONE)
    taken.is_down = True
    assert told(ledger, taken) == Delivery("team", 0, 0, 0, "channel team: is down")
    taken.is_down = False
    assert told(ledger, taken)[1:] == (1, 0, 2, None)


def test_what_was_taken_before_a_failure_is_not_told_again(
    ledger: MemoryLedger, taken: Taken
) -> None:
    withheld(ledger, ONE)
    withheld(ledger, ONE, check="points")
    taken.full = 1
    assert told(ledger, taken).error is not None
    taken.full = 1000
    told(ledger, taken)
    assert [one.title.partition(": ")[2] for one in taken.messages] == ["minutes", "points"]


def test_one_channel_that_is_down_does_not_hold_up_another(
    ledger: MemoryLedger, taken: Taken
) -> None:
    withheld(ledger, ONE)
    told(ledger, Taken(is_down=True))
    told(ledger, taken, MACHINES)
    assert len(taken.events) == 2


def test_a_channel_gets_only_what_it_asked_for(ledger: MemoryLedger, taken: Taken) -> None:
    public(ledger, ONE, table="offense")
    ledger.begin_run("r", "all")
    told(ledger, taken)
    assert taken.messages == []
    told(ledger, taken, PEOPLE._replace(name="all", severity="info", kinds=("published",)))
    assert [one.title for one in taken.messages] == [f"{ONE} published offense"]


def test_a_flood_is_told_in_twenty_messages_the_worst_first(
    ledger: MemoryLedger, taken: Taken
) -> None:
    for n in range(30):
        public(ledger, ONE, table="offense", content=f"c{n}")
        ledger.turn_back(rollback(("offense", ONE, None)), run=f"b{n}", at=ledger.head())
    withheld(ledger, ONE)
    told(ledger, taken)
    assert len(taken.messages) == 20
    assert "withheld" in taken.messages[0].title
    assert taken.messages[-1].title == "12 more causes"
    assert "Next: boxout events --after" in taken.messages[-1].body


@pytest.mark.parametrize("kind", ["failed", "alert"])
def test_what_failed_or_ended_names_its_cause(
    ledger: MemoryLedger, taken: Taken, kind: str
) -> None:
    event = Event(ledger.now(), "r", "offense", ONE, kind, "work", "no box came", "no box came")
    ledger.record_events([event])
    told(ledger, taken)
    assert taken.messages[0].title == f"{ONE} {kind} offense: no box came"


def test_a_person_hears_of_rollbacks_forces_and_waivers(ledger: MemoryLedger, taken: Taken) -> None:
    attempt = claim(ledger, ONE)
    ledger.publish(attempt, [write(ledger, attempt, ONE)], forced="confirmed by the league")
    ledger.turn_back(rollback(("totals", ONE, None)), run="b", at=1)
    ledger.waive(ONE, "cancelled", "ann")
    told(ledger, taken)
    assert [one.title for one in taken.messages] == [
        f"{ONE} forced totals: confirmed by the league",
        f"{ONE} rollback totals: wrong minutes",
        f"{ONE} waived calendar: cancelled",
    ]
    assert "Next: boxout history totals" in taken.messages[1].body
    assert f"Next: boxout expect {DAY}" in taken.messages[2].body
    assert CALENDAR in taken.messages[2].body


def test_machines_get_every_entry_once_in_order(ledger: MemoryLedger, taken: Taken) -> None:
    public(ledger, ONE, table="offense")
    withheld(ledger, *GAMES)
    for _ in range(2):
        told(ledger, taken, MACHINES)
    assert [one["id"] for one in taken.events] == ["1", "2", "3"]


def test_a_crash_before_the_cursor_moves_sends_again_with_the_same_id(
    ledger: MemoryLedger, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    public(ledger, ONE, table="offense")

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(MemoryLedger, "advance", dies)
        with pytest.raises(KeyboardInterrupt):
            told(ledger, taken, MACHINES)
    told(ledger, taken, MACHINES)
    first, again = taken.events
    assert first == again
    assert first["id"] == "1"


def test_machines_go_on_after_the_one_that_was_not_taken(
    ledger: MemoryLedger, taken: Taken
) -> None:
    for n in range(5):
        public(ledger, ONE, table="offense", content=f"c{n}")
    taken.full = 3
    assert told(ledger, taken, MACHINES)[1:4] == (3, 0, 3)
    taken.full = 1000
    told(ledger, taken, MACHINES)
    assert [one["id"] for one in taken.events] == ["1", "2", "3", "4", "5"]


def test_a_message_that_was_rejected_is_told(ledger: MemoryLedger, taken: Taken) -> None:
    ledger.record_events([Event(ledger.now(), "", "", "", "rejected", "id 7", "no date in it", "")])
    told(ledger, taken)
    assert taken.messages[0].title == "rejected: no date in it"
    assert "Next: boxout events --after 0" in taken.messages[0].body
