"""What files looked like: those that count as normal, newest first."""

from boxout.ledger import Description, Ledger
from ledger.acts import ONE, Time, public, rollback

FILE = Description("box", "reader", "box.csv", "d1", "{}", 1)


def test_there_are_no_descriptions_at_first(ledger: Ledger) -> None:
    assert ledger.descriptions("box", "reader", 8) == []


def test_a_description_has_the_ledgers_time(ledger: Ledger, time: Time) -> None:
    time.pass_s(60)
    ledger.put_description(FILE)
    assert ledger.descriptions("box", "reader", 8) == [FILE._replace(at=ledger.now())]


def test_the_newest_come_first_and_so_many_at_most(ledger: Ledger) -> None:
    for name in ("a", "b", "c"):
        ledger.put_description(FILE._replace(file=name))
    assert [one.file for one in ledger.descriptions("box", "reader", 2)] == ["c", "b"]


def test_another_table_or_reader_has_its_own(ledger: Ledger) -> None:
    ledger.put_description(FILE)
    assert ledger.descriptions("box", "other", 8) == []
    assert ledger.descriptions("other", "reader", 8) == []


def test_a_file_of_which_nothing_is_public_is_not_normal(ledger: Ledger) -> None:
    ledger.put_description(FILE._replace(version=None))
    assert ledger.descriptions("box", "reader", 8) == []


def test_a_file_that_was_taken_back_is_not_normal_until_that_is_undone(ledger: Ledger) -> None:
    public(ledger, ONE, table="box")
    (version,) = ledger.latest_versions("box", ONE, 1)
    ledger.put_description(FILE._replace(version=version))
    bad = rollback(("box", ONE, None), bad=[(version, ONE)])
    ledger.turn_back(bad, run="r", at=ledger.head())
    assert ledger.descriptions("box", "reader", 8) == []
    ledger.turn_back(rollback(("box", ONE, version)), run="r", at=ledger.head())
    assert len(ledger.descriptions("box", "reader", 8)) == 1
