import sqlite3
import threading

import pytest

from boxout.errors import StoreUnavailable
from boxout.ledger import SqliteLedger
from boxout.ledger.records import Census, CheckCount, Finding, Read

PASSED = CheckCount("adds up", "block", 1, 0, 0)
NOW, LATER = "2026-02-03T10:00", "2026-02-03T11:00"


@pytest.fixture
def ledger(tmp_path):
    opened = SqliteLedger.open(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def computed(ledger, partitions, *, unit="u", table="t", reads=(), counts=(PASSED,), findings=()):
    claim = ledger.claim(unit, partitions, run="r", now=NOW, until=LATER)
    version = ledger.open_version(claim.attempt, table, "f", reads, NOW)
    census = [Census(p, 1, f"{claim.attempt}") for p in partitions]
    ledger.record_audit(version, census, counts, findings)
    return claim.attempt, version


def published(ledger, partitions, **said):
    attempt, version = computed(ledger, partitions, **said)
    told = ledger.publish(attempt, (version,), now=NOW)
    ledger.release(attempt)
    return told


def test_nothing_goes_out_without_an_evaluated_check(ledger):
    told = published(ledger, ["2026-02-03"], counts=())
    assert told.publication is None
    assert told.withheld == ("2026-02-03",)


def test_a_blocking_finding_keeps_its_partition_back_and_only_it(ledger):
    finding = Finding("2026-02-03/A", "adds up", "block", "failed", "1", "0")
    told = published(ledger, ["2026-02-03/A", "2026-02-03/B"], findings=(finding,))
    assert told.withheld == ("2026-02-03/A",)
    assert told.published == ("2026-02-03/B",)


def test_a_moved_input_keeps_its_partition_back_and_only_it(ledger):
    both = ["2026-02-03/A", "2026-02-03/B"]
    published(ledger, both, unit="s", table="s")
    reads = (Read("s", both[0], both[1], ledger.head(), None),)
    attempt, version = computed(ledger, both, reads=reads)
    published(ledger, both[:1], unit="s", table="s")
    told = ledger.publish(attempt, (version,), now=NOW)
    assert told.moved == ("2026-02-03/A",)
    assert told.published == ("2026-02-03/B",)


def test_a_partition_that_appears_inside_a_window_supersedes(ledger):
    reads = (Read("s", "2026-02-03", "2026-02-03", 0, 7),)
    attempt, version = computed(ledger, ["2026-02-03"], reads=reads)
    published(ledger, ["2026-01-30/A"], unit="s", table="s")
    assert ledger.publish(attempt, (version,), now=NOW).moved == ("2026-02-03",)


def test_a_window_ends_before_its_date(ledger):
    reads = (Read("s", "2026-02-03", "2026-02-03", 0, 7),)
    attempt, version = computed(ledger, ["2026-02-03"], reads=reads)
    published(ledger, ["2026-02-03/A"], unit="s", table="s")
    assert ledger.publish(attempt, (version,), now=NOW).published == ("2026-02-03",)


def test_a_group_goes_out_whole_or_not_at_all(ledger):
    attempt, first = computed(ledger, ["2026-02-03/A"])
    second = ledger.open_version(attempt, "t2", "f", (), NOW)
    ledger.record_audit(second, [], [PASSED], [])
    told = ledger.publish(attempt, (first, second), now=NOW)
    assert told.withheld == ("2026-02-03/A",)
    assert ledger.head() == 0


def test_a_held_lease_is_refused_until_it_runs_out(ledger):
    first = ledger.claim("u", ["a"], run="r", now=NOW, until=LATER)
    assert ledger.claim("u", ["a"], run="r", now=NOW, until=LATER).refused == ("a",)
    third = ledger.claim("u", ["a"], run="r", now=LATER, until="2026-02-03T12:00")
    assert third.held == ("a",)
    assert third.attempt > first.attempt


def test_of_two_claims_at_once_one_is_held(ledger):
    claims = []

    def claim():
        claims.append(ledger.claim("u", ["a"], run="r", now=NOW, until=LATER))

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(one.held) for one in claims) == 1


def test_an_attempt_whose_lease_was_taken_over_is_fenced(ledger):
    attempt, version = computed(ledger, ["2026-02-03/A"])
    ledger.claim("u", ["2026-02-03/A"], run="r", now="2026-02-04", until="2026-02-05")
    assert ledger.publish(attempt, (version,), now=NOW).fenced == ("2026-02-03/A",)


def test_an_old_snapshot_keeps_its_pointers(ledger):
    published(ledger, ["2026-02-03/A"])
    published(ledger, ["2026-02-03/A"], reads=(Read("s", "", "", 1, None),))
    versions = [ledger.pointers(("t",), "", "~", at)[0].version for at in (1, 2)]
    assert versions == [1, 2]


def test_a_game_that_the_schedule_no_longer_names_is_no_longer_expected(ledger):
    for listed in ([("2026-02-03/A", "final", True)], []):
        attempt, version = computed(ledger, ["2026-02-03"], unit="s", table="s")
        told = ledger.publish(
            attempt, (version,), now=NOW, calendar=listed, calendar_dates=["2026-02-03"]
        )
        ledger.release(attempt)
    (then,) = ledger.expectations("", "~", 1)
    (now,) = ledger.expectations("", "~", told.publication)
    assert then.is_expected
    assert (now.state, now.is_expected) == ("no longer listed", False)


def test_a_file_that_is_no_ledger_is_told_as_such(tmp_path):
    (tmp_path / "x.sqlite").write_bytes(b"this is not a database at all" * 40)
    with pytest.raises(StoreUnavailable, match=r"x\.sqlite"):
        SqliteLedger.open(tmp_path / "x.sqlite")


def test_a_ledger_of_a_newer_boxout_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "l.sqlite") as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(StoreUnavailable, match="newer"):
        SqliteLedger.open(tmp_path / "l.sqlite")
