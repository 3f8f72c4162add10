"""What tells a publication from any other of its number, and numbers that are not given again."""

from pathlib import Path
from shutil import copyfile

from boxout.ledger import Ledger, SqliteLedger
from ledger.acts import ONE, TWO, Time, claim, public, rollback, write


def test_before_anything_is_public_there_is_nothing_new_and_no_mark(ledger: Ledger) -> None:
    assert ledger.news(0) == (0, 0, 0, ())


def test_news_are_the_moves_after_a_publication_with_the_marks_of_both_ends(ledger: Ledger) -> None:
    for partition in (ONE, TWO, ONE):
        public(ledger, partition, table="box", content=f"rows {ledger.head()}")
    first, later = ledger.news(0), ledger.news(1)
    assert first.moves == tuple(ledger.moves(0, 3))
    assert later.moves == tuple(ledger.moves(1, 3))
    assert (first.of, later.head, first.mark) == (0, 3, later.mark)
    assert ledger.news(3) == (later.mark, 3, later.mark, ())
    assert len({ledger.news(number).of for number in range(4)}) == 4


def test_news_of_many_publications_come_in_parts_that_join(ledger: Ledger) -> None:
    for partition in (ONE, TWO, ONE):
        public(ledger, partition, table="box", content=f"rows {ledger.head()}")
    first = ledger.news(0, 2)
    rest = ledger.news(first.head, 2)
    assert (first.head, rest.head, rest.of) == (2, 3, first.mark)
    assert first.moves + rest.moves == ledger.news(0).moves


def test_a_publication_that_is_not_there_has_no_mark(ledger: Ledger) -> None:
    public(ledger, ONE, table="box")
    assert ledger.news(2).of == 0


def test_rollbacks_and_waivers_have_marks_too(ledger: Ledger) -> None:
    public(ledger, ONE, table="box")
    assert ledger.turn_back(rollback(("box", ONE, None)), run="r", at=1) == 2
    assert ledger.waive(ONE, "never", "ann") == 3
    assert len({ledger.news(number).of for number in range(4)}) == 4


def test_numbers_that_a_lost_history_gave_are_not_given_again(ledger: Ledger) -> None:
    first = write(ledger, claim(ledger, ONE), ONE)
    ledger.skip(first + 40)
    ledger.skip(2)
    second = write(ledger, claim(ledger, TWO), TWO)
    third = write(ledger, claim(ledger, TWO, unit="other"), TWO)
    assert (second, third) == (first + 41, first + 42)
    going = ledger.collect(9, ledger.now(1000), ["totals", ""], 99)
    assert first + 40 not in [version for _, version in going]


def test_the_same_number_after_a_backup_was_put_in_its_place_has_another_mark(
    tmp_path: Path, time: Time
) -> None:
    marks = []
    SqliteLedger.open(tmp_path / "backup.db", clock=time).close()
    for run in ("before", "after"):
        copyfile(tmp_path / "backup.db", tmp_path / "l.db")
        ledger = SqliteLedger.open(tmp_path / "l.db", clock=time)
        attempt = claim(ledger, ONE, run=run)
        ledger.publish(attempt, [write(ledger, attempt, ONE)])
        marks.append(ledger.news(1).of)
        ledger.close()
    assert 0 not in marks
    assert marks[0] != marks[1]
