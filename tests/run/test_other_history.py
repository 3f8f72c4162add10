"""A ledger that went back in time: the warehouse has seen publications that it no longer has."""

from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import pytest

from boxout.errors import OtherHistory, StoreUnavailable
from boxout.ledger import SqliteLedger
from boxout.model.outcomes import Done
from boxout.run import catch_up, turn
from boxout.run.audit import audit, mend
from boxout.run.collect import collect
from boxout.run.rollback import of_publication, plan_rollback, roll_back
from incidents.small import Small

D1, D2 = "2026-02-01", "2026-02-02"
ONE, TWO = f"{D1}/AB", f"{D2}/AB"
TABLES = ("slate", "box", "totals", "form")


def kept(small: Small) -> None:
    """Make a backup of the ledger."""
    replaced(small, small.folder / "ledger.sqlite", small.folder / "backup.sqlite")


def put_back(small: Small) -> None:
    """Put the backup in the place of the ledger."""
    replaced(small, small.folder / "backup.sqlite", small.folder / "ledger.sqlite")


def replaced(small: Small, source: Path, target: Path) -> None:
    """Copy one file over the other while nobody has the ledger open."""
    small.engine.ledger.close()
    copyfile(source, target)
    opened = SqliteLedger.open(small.folder / "ledger.sqlite", clock=small.clock)
    small.engine = replace(small.engine, ledger=opened)


def public(small: Small) -> dict[str, list[tuple[object, ...]]]:
    """What readers see."""
    return {
        table: sorted(tuple(row.values()) for row in small.engine.warehouse.query(f"FROM {table}"))
        for table in TABLES
    }


@pytest.fixture
def went_back(small: Small) -> Small:
    """Two games public, then a correction of one; the backup is from before the correction."""
    small.days(D1, D2)
    small.box({ONE: 200, TWO: 210})
    small.run(D1, D2)
    kept(small)
    small.clock.pass_s(60)
    small.box({ONE: 250})
    small.run(D1, D2)
    small.clock.pass_s(3600)
    put_back(small)
    return small


def test_nothing_is_begun_and_readers_see_what_they_saw(went_back: Small) -> None:
    seen, head = public(went_back), went_back.engine.ledger.head()
    bad = of_publication(went_back.engine, head)
    for act in (
        lambda: went_back.run(D1, D2),
        lambda: went_back.box({TWO: 300}),
        lambda: turn(went_back.engine),
        lambda: collect(went_back.engine, 0, 0),
        lambda: roll_back(went_back.engine, plan_rollback(went_back.engine, bad, "wrong")),
    ):
        with pytest.raises(OtherHistory, match="of another history than this ledger's"):
            act()
    assert (public(went_back), went_back.engine.ledger.head()) == (seen, head)


def test_numbers_that_were_given_again_are_not_taken_for_what_readers_see(
    went_back: Small,
) -> None:
    seen, shown = public(went_back), went_back.engine.warehouse.projected()
    while went_back.engine.ledger.head() <= shown:
        went_back.engine.ledger.waive(TWO, "given again", "ann")
    for number in (shown, shown + 1):
        assert went_back.engine.ledger.news(number).of != 0
    with pytest.raises(OtherHistory):
        catch_up(went_back.engine)
    assert public(went_back) == seen


def test_the_audit_names_the_other_history_and_what_mending_would_change(went_back: Small) -> None:
    found = {(one.kind, one.table, one.partition) for one in audit(went_back.engine, D1, D2).faults}
    assert {("history", "", ""), ("pointer", "box", ONE), ("pointer", "totals", ONE)} <= found
    assert ("pointer", "box", TWO) not in found


def test_once_mended_readers_see_the_ledger_and_what_was_lost_can_be_landed_again(
    went_back: Small,
) -> None:
    lost, newest = public(went_back), went_back.engine.warehouse.newest_version()
    mend(went_back.engine)
    assert next(row for row in public(went_back)["box"] if row[0] == ONE)[1] == 200
    assert {one.kind for one in audit(went_back.engine, D1, D2).faults} == {"foreign"}
    went_back.box({ONE: 250})
    assert isinstance(went_back.run(D1, D2).outcomes["totals", ONE], Done)
    assert public(went_back) == lost
    head = went_back.engine.ledger.head()
    numbers = {one.version for one in went_back.engine.ledger.moves(0, head) if one.version}
    assert not numbers & set(range(newest - 3, newest + 1)) - known_before(went_back)
    assert max(numbers) > newest


def known_before(small: Small) -> set[int]:
    backup = SqliteLedger.open(small.folder / "backup.sqlite", clock=small.clock)
    numbers = {one.version for one in backup.moves(0, backup.head()) if one.version}
    backup.close()
    return numbers


def test_without_mending_a_number_whose_rows_are_there_is_refused(went_back: Small) -> None:
    """Whoever does not ask what is shown still writes nothing into rows of the lost history."""
    ledger, warehouse = went_back.engine.ledger, went_back.engine.warehouse
    claim = ledger.claim("box", [ONE], run="r", lease_s=60)
    version = ledger.open_version(claim.attempt, "box", "f", ())
    assert version <= warehouse.newest_version()
    with pytest.raises(ValueError, match="has rows already"):
        warehouse.append(went_back.engine.graph.tables["box"], version, "SELECT 1", {}, {})


def test_what_was_shown_before_there_were_marks_is_believed_by_its_number(small: Small) -> None:
    small.days(D1)
    small.engine.warehouse.query("DELETE FROM boxout.marked")
    small.box({ONE: 200})
    assert small.engine.warehouse.standing().mark == small.engine.ledger.news(0).mark != 0


def test_views_that_others_keep_moving_are_left_to_them(small: Small) -> None:
    small.days(D1)

    class Moved:
        def __getattr__(self, name: str) -> object:
            return getattr(small.engine.warehouse, name)

        def project(self, *_: object, **__: object) -> bool:
            return False

    small.engine.ledger.waive(ONE, "never", "ann")
    beside = replace(small.engine, warehouse=Moved())
    with pytest.raises(StoreUnavailable, match="others moved them"):
        catch_up(beside)
