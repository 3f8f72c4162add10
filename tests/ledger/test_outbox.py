"""The outbox: what happened, in the order in which it happened, for readers at their own pace."""

import json
import sqlite3
from pathlib import Path

import pytest

from boxout.ledger import CALENDAR, Arrival, Cursor, Day, Entry, Event, Ledger, SqliteLedger
from boxout.ledger.outbox import WATCHDOG
from ledger.acts import DAY, ONE, TWO, Time, claim, finding, public, rollback, schedule, write

NOTHING = Cursor(0, "")


def told(ledger: Ledger, kind: str = "") -> list[Entry]:
    return [one for one in ledger.outbox(0, 1000) if kind in {"", one.kind}]


def event(ledger: Ledger, partition: str, kind: str = "withheld", found: str = "0") -> Event:
    return Event(ledger.now(), "r", "totals", partition, kind, "minutes", found, "240")


def test_nothing_happened_at_first(ledger: Ledger) -> None:
    assert ledger.outbox(0, 10) == []
    assert ledger.cursor("mail") == NOTHING


def test_a_publication_is_told_with_its_table_range_version_and_run(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE, TWO, run="night")
    version = write(ledger, attempt, ONE, TWO)
    publication = ledger.publish(attempt, [version]).publication
    says = ("published", "night", "totals", ONE, TWO, 2, version, publication, "", {})
    assert told(ledger) == [Entry(1, ledger.now(), *says)]


def test_every_table_of_a_group_is_told(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    versions = [write(ledger, attempt, ONE, table=table) for table in ("offense", "defense")]
    ledger.publish(attempt, versions)
    assert [(one.table, one.version) for one in told(ledger)] == [
        ("offense", versions[0]),
        ("defense", versions[1]),
    ]


def test_what_publishes_nothing_is_not_told(ledger: Ledger) -> None:
    public(ledger, ONE, table="totals")
    public(ledger, ONE, table="totals")
    assert len(told(ledger)) == 1


def test_a_table_that_is_unchanged_is_not_told_with_the_others(ledger: Ledger) -> None:
    public(ledger, ONE, table="totals")
    attempt = claim(ledger, ONE, TWO, unit="totals")
    version = write(ledger, attempt, ONE, TWO)
    ledger.publish(attempt, [version])
    assert [one.partitions for one in told(ledger)] == [1, 1]


def test_a_forced_publication_is_told_with_its_reason(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, findings=[finding(ONE, "block")])
    ledger.publish(attempt, [version], forced="the league confirmed it")
    assert [(one.kind, one.cause) for one in told(ledger)] == [
        ("forced", "the league confirmed it")
    ]


def test_a_rollback_is_told_by_table_with_what_it_withdraws(ledger: Ledger) -> None:
    public(ledger, ONE, TWO, table="totals")
    ledger.turn_back(rollback(("totals", ONE, 1), ("totals", TWO, None)), run="b", at=1)
    (one,) = told(ledger, "rollback")
    assert one[3:11] == ("b", "totals", ONE, TWO, 2, None, 2, "wrong minutes")
    assert one.details == {"partitions": [ONE, TWO], "withdrawn": [TWO]}


def test_a_rollback_that_is_out_of_date_is_not_told(ledger: Ledger) -> None:
    public(ledger, ONE, table="totals")
    assert ledger.turn_back(rollback(("totals", ONE, None)), run="b", at=0) is None
    assert told(ledger, "rollback") == []


def test_a_waiver_and_its_undoing_are_told_with_who_and_why(ledger: Ledger) -> None:
    schedule(ledger, "a", (ONE, "final", True))
    number = ledger.waive(ONE, "cancelled", "ann")
    says = Day(ONE, "final", True)
    ledger.unwaive(ONE, "played", "bob", says=says, deadline=ledger.now(9), at=number)
    waived, undone = told(ledger)[-2:]
    assert (waived.kind, waived.cause, waived.details) == ("waived", "cancelled", {"by": "ann"})
    assert (undone.kind, undone.cause) == ("waiver undone", "played")
    assert (undone.details, undone.table, undone.first) == ({"by": "bob"}, CALENDAR, ONE)


def test_partitions_withheld_for_one_cause_are_one_entry(ledger: Ledger) -> None:
    ledger.record_events([event(ledger, TWO, found="10"), event(ledger, ONE)])
    (one,) = told(ledger)
    assert (one.kind, one.table, one.cause, one.partitions) == ("withheld", "totals", "minutes", 2)
    assert one.details["partitions"] == [ONE, TWO]
    first = {"partition": ONE, "subject": "minutes", "found": "0", "needed": "240"}
    assert next(iter(one.details["reasons"])) == first


def test_many_partitions_are_all_named_and_a_few_explained(ledger: Ledger) -> None:
    names = [f"{DAY}/G{n:02}" for n in range(40)]
    ledger.record_events([event(ledger, name) for name in names])
    (one,) = told(ledger)
    assert one.details["partitions"] == names
    assert len(one.details["reasons"]) == 10


@pytest.mark.parametrize("kind", ["waiting", "superseded", "fenced", "unchanged"])
def test_what_ends_by_itself_is_not_told(ledger: Ledger, kind: str) -> None:
    ledger.record_events([event(ledger, ONE, kind)])
    assert told(ledger) == []
    assert ledger.latest_events(["totals"], "", "~") != []


def test_a_failure_is_told_by_its_error_and_an_alert_by_what_was_waited_for(ledger: Ledger) -> None:
    alert = Event(ledger.now(), "r", "totals", ONE, "alert", "work", "ended: deadline", "no box")
    ledger.record_events([event(ledger, ONE, "failed", "disk full"), alert])
    assert [(one.kind, one.cause) for one in told(ledger)] == [
        ("failed", "disk full"),
        ("alert", "no box"),
    ]


def test_a_message_that_was_rejected_is_told_and_speaks_of_no_partition(ledger: Ledger) -> None:
    ledger.record_events([Event(ledger.now(), "", "", "", "rejected", "id 7", "no date", "")])
    (one,) = told(ledger)
    assert (one.kind, one.cause, one.partitions, one.first) == ("rejected", "no date", 0, "")
    assert one.details["partitions"] == []


def test_an_arrival_is_told_with_its_file_and_what_was_set_aside(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE, unit="box", run="landing")
    version = write(ledger, attempt, ONE, table="box")
    ledger.arrival(Arrival(version, "box.csv", "reader", 3, "d", version))
    (one,) = told(ledger)
    assert (one.kind, one.run, one.table, one.version) == ("arrived", "landing", "box", version)
    assert one.details == {
        "file": "box.csv", "reader": "reader", "rejected": 3, "digest": "d", "landing": version
    }  # fmt: skip


def test_a_run_has_one_beginning_and_one_end(ledger: Ledger) -> None:
    ledger.begin_run("r", "2026-02-03 totals")
    ledger.end_run("r", "3 asked")
    ledger.end_run("r", "3 asked again")
    ledger.end_run("nobody", "3 asked")
    ledger.end_leases()
    assert [(one.kind, one.run, one.cause) for one in told(ledger)] == [
        ("run began", "r", "2026-02-03 totals"),
        ("run ended", "r", "3 asked"),
    ]


def test_a_run_whose_process_is_gone_is_abandoned(ledger: Ledger) -> None:
    ledger.begin_run("r", "2026-02-03 totals")
    ledger.end_leases()
    ledger.end_run("r", "3 asked")
    assert [one.kind for one in told(ledger)] == ["run began", "run abandoned"]


def test_whoever_knows_more_may_tell_it(ledger: Ledger, time: Time) -> None:
    says = ("refused", "", "box", "", "", 0, None, None, "columns are missing", {"file": "b.csv"})
    time.pass_s(5)
    ledger.tell([Entry(0, "", *says)])
    assert told(ledger) == [Entry(1, ledger.now(), *says)]


def test_the_outbox_is_read_in_order_from_any_entry_on(ledger: Ledger) -> None:
    for number in range(5):
        public(ledger, ONE, table="totals", content=f"c{number}")
    assert [one.entry for one in ledger.outbox(2, 2)] == [3, 4]
    assert ledger.outbox(5, 2) == []


def test_a_reader_goes_on_where_it_was(ledger: Ledger) -> None:
    ledger.advance("mail", Cursor(3, "kept"))
    assert ledger.cursor("mail") == Cursor(3, "kept")
    assert ledger.cursor("slack") == NOTHING


def test_a_reader_never_goes_back(ledger: Ledger) -> None:
    ledger.advance("mail", Cursor(3, "late"))
    ledger.advance("mail", Cursor(2, "early"))
    assert ledger.cursor("mail") == Cursor(3, "late")
    ledger.advance("mail", Cursor(3, "later"))
    assert ledger.cursor("mail") == Cursor(3, "later")


def test_what_cannot_be_told_does_not_become_public(tmp_path: Path, time: Time) -> None:
    ledger = SqliteLedger.open(tmp_path / "l.db", clock=time)
    with sqlite3.connect(tmp_path / "l.db") as c:
        c.execute(
            "CREATE TRIGGER no_room BEFORE INSERT ON outbox BEGIN SELECT raise(ABORT, 'full'); END"
        )
    c.close()
    with pytest.raises(Exception, match="full"):
        public(ledger, ONE, table="totals")
    assert ledger.head() == 0
    assert ledger.pointers(["totals"], "", "~", 9) == []
    ledger.close()


def test_details_come_back_as_they_were_given(ledger: Ledger) -> None:
    details = {"text": "Jokić", "list": [1, None, {"a": 2.5}]}
    ledger.tell([Entry(0, "", "refused", "", "t", "", "", 0, None, None, "c", details)])
    assert json.loads(json.dumps(told(ledger)[0].details)) == details


def through(ledger: Ledger, reader: str, entry: int) -> None:
    ledger.advance(reader, Cursor(entry, ""))


def test_what_every_reader_has_had_is_pruned_when_it_is_old(ledger: Ledger, time: Time) -> None:
    for number in range(4):
        ledger.begin_run(f"r{number}", "all")
        time.pass_s(10)
    through(ledger, "mail", 3)
    through(ledger, "lineage", 2)
    assert ledger.prune_outbox(ledger.now(-15)) == 2
    assert [one.run for one in told(ledger)] == ["r2", "r3"]
    assert [one.run for one in ledger.outbox(3, 10)] == ["r3"]


def test_what_is_young_stays_and_so_does_what_a_reader_lacks(ledger: Ledger, time: Time) -> None:
    ledger.begin_run("a", "all")
    ledger.begin_run("b", "all")
    through(ledger, "mail", 2)
    assert ledger.prune_outbox(ledger.now(-1)) == 0
    time.pass_s(10)
    through(ledger, "late", 0)
    assert ledger.prune_outbox(ledger.now()) == 0


def test_a_number_is_never_given_twice(ledger: Ledger, time: Time) -> None:
    ledger.begin_run("a", "all")
    ledger.begin_run("b", "all")
    time.pass_s(10)
    assert ledger.prune_outbox(ledger.now()) == 1
    assert ledger.prune_outbox(ledger.now()) == 0
    ledger.begin_run("c", "all")
    assert [(one.entry, one.run) for one in told(ledger)] == [(2, "b"), (3, "c")]


def test_the_watchdog_counts_days_and_holds_nothing_back(ledger: Ledger, time: Time) -> None:
    ledger.begin_run("a", "all")
    ledger.begin_run("b", "all")
    through(ledger, WATCHDOG, 0)
    time.pass_s(10)
    assert ledger.prune_outbox(ledger.now()) == 1
