"""What is asked of a ledger that does not have what somebody began, because another took over."""

import pytest

from boxout.errors import StoreUnavailable
from boxout.ledger import Arrival, Ledger
from ledger.acts import ONE, claim, write


def test_an_attempt_that_the_ledger_lacks_publishes_nothing_and_may_try_again(
    ledger: Ledger,
) -> None:
    with pytest.raises(StoreUnavailable, match="was lost with a server"):
        ledger.publish(7, [3])
    assert ledger.head() == 0


def test_a_version_that_the_ledger_lacks_is_not_published(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE)
    with pytest.raises(StoreUnavailable, match=f"has no version {version + 1}"):
        ledger.publish(attempt, [version, version + 1])
    assert ledger.head() == 0


def test_the_arrival_of_a_version_that_the_ledger_lacks_is_not_recorded(ledger: Ledger) -> None:
    with pytest.raises(StoreUnavailable, match="has no version 5"):
        ledger.arrival(Arrival(5, "a.csv", "box", 0, "digest", 5))
    assert (ledger.arrivals([5]), ledger.outbox(0, 9)) == ([], [])


def test_whoever_holds_nothing_any_more_changes_nothing(ledger: Ledger) -> None:
    ledger.heartbeat(7, 60)
    ledger.release(7)
    assert ledger.holders("totals", "", "~") == {}
