"""What is taken out of one warehouse and brought into another is the same there."""

from datetime import datetime

import pytest

from boxout.errors import DefinitionError
from boxout.warehouse import told
from warehouse.kits import ONE, THREE, TOTALS, TWO, DuckdbKit, Kit, held, in_order, keep, row


def carried(kit: Kit, other: Kit, *versions: int) -> None:
    rows = kit.warehouse.taken_out(TOTALS, versions)
    other.warehouse.keep_copied(TOTALS, versions, rows)


@pytest.fixture
def other(tmp_path) -> DuckdbKit:
    (tmp_path / "other").mkdir()
    return DuckdbKit(tmp_path / "other")


def test_the_rows_of_versions_are_the_same_in_the_other_warehouse(kit: Kit, other: Kit) -> None:
    odd = row(TWO, None, None, share=None, at=datetime.fromisoformat("1999-12-31T23:59:59.000001"))
    keep(kit, TOTALS, 1, row(ONE, "a"), row(ONE, "b"))
    keep(kit, TOTALS, 2, odd, row(THREE, "ß"))
    carried(kit, other, 1, 2)
    for version in (1, 2):
        assert in_order(held(other, version)) == in_order(held(kit, version))
    came = (kit.warehouse.taken_out(TOTALS, [1, 2]), other.warehouse.taken_out(TOTALS, [1, 2]))
    assert told(TOTALS, came[0]) == told(TOTALS, came[1])


def test_what_was_brought_before_gives_way(kit: Kit, other: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, "right"))
    keep(other, TOTALS, 1, row(ONE, "half"), row(TWO, "of a copy"))
    carried(kit, other, 1)
    assert held(other, 1) == [row(ONE, "right")]


def test_one_other_value_is_told(kit: Kit, other: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, "a", 10), row(ONE, "b", 20))
    keep(other, TOTALS, 1, row(ONE, "a", 20), row(ONE, "b", 10))
    sides = [told(TOTALS, one.warehouse.taken_out(TOTALS, [1])) for one in (kit, other)]
    assert sides[0] != sides[1]


def test_a_warehouse_in_use_takes_nothing(kit: Kit, other: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    kit.warehouse.project([("totals", ONE, 1, 1)], 1)
    keep(other, TOTALS, 1, row(ONE, "another"))
    with pytest.raises(ValueError, match="publication 1"):
        carried(other, kit, 1)
    with pytest.raises(ValueError, match="publication 1"):
        kit.warehouse.bring_in_quarantine([])
    assert held(kit, 1) == [row(ONE)]


def test_a_history_that_was_not_brought_is_refused(kit: Kit) -> None:
    keep(kit, TOTALS, 2, row(ONE))
    kit.warehouse.begin_history(TOTALS, 2)
    kit.warehouse.project([("totals", ONE, 1, 1), ("totals", ONE, 2, 2)], 2)
    with pytest.raises(DefinitionError, match="not kept"):
        kit.warehouse.rows(TOTALS, 1)
    assert kit.warehouse.rows(TOTALS, 2) == [row(ONE)]
