"""What the calendar says of a thing that moves, and of the part of the season it belongs to."""

from boxout.ledger import Day, Expectation, Ledger
from ledger.acts import DAY, ONE, TWO, schedule

LATER = "2026-02-10/BOS@LAL"
ID = "0022500700"


def said(partition: str, state: str, identity: str | None = ID, phase: str = "regular") -> Day:
    return Day(partition, state, state == "final", identity, phase)


def test_a_thing_is_found_by_its_identity_wherever_it_is_listed(ledger: Ledger) -> None:
    schedule(ledger, "a", said(ONE, "postponed"), said(TWO, "final", "0022500701"))
    assert ledger.expectations_of({ID}, 1) == [
        Expectation(ONE, "postponed", False, 1, 0, ID, "regular")
    ]
    assert ledger.expectations_of({ID}, 0) == []
    assert ledger.expectations_of((), 1) == []


def test_what_has_no_identity_is_never_found(ledger: Ledger) -> None:
    schedule(ledger, "a", said(ONE, "final", None), (TWO, "final", True))
    assert ledger.expectations_of({ID, "", "None"}, 1) == []
    assert [e.identity for e in ledger.expectations("", "~", 1)] == [None, None]


def test_what_is_listed_no_more_keeps_its_identity_and_phase(ledger: Ledger) -> None:
    schedule(ledger, "a", said(ONE, "final"))
    schedule(ledger, "b", said(TWO, "final", "0022500701"))
    (gone,) = ledger.expectations_of({ID}, 2)
    assert gone == Expectation(ONE, "unlisted", False, 2, 2, ID, "regular")


def test_what_is_waived_keeps_its_identity_and_phase(ledger: Ledger) -> None:
    schedule(ledger, "a", said(ONE, "final"))
    ledger.waive(ONE, "abandoned", "ann")
    schedule(ledger, "b", said(ONE, "final"), said(TWO, "final", None))
    assert ledger.expectations_of({ID}, 3) == [
        Expectation(ONE, "waived", False, 2, 2, ID, "regular")
    ]


def test_an_identity_given_later_is_kept_and_makes_nothing_stale(ledger: Ledger) -> None:
    schedule(ledger, "a", (ONE, "final", True))
    schedule(ledger, "b", said(ONE, "final"))
    (now,) = ledger.expectations(DAY, DAY + "~", 2)
    assert (now.identity, now.phase, now.flipped) == (ID, "regular", 1)
