"""What only the warehouse in memory does."""

from pathlib import Path

import pytest

from boxout.errors import Withheld
from boxout.warehouse import MemoryWarehouse, Pinned
from warehouse.kits import ONE, TOTALS, MemoryKit, append, held, keep, row


def test_it_reads_no_files(tmp_path: Path) -> None:
    warehouse = MemoryWarehouse({})
    with pytest.raises(Withheld, match="reads no files"):
        warehouse.file_columns(tmp_path / "a.csv")
    with pytest.raises(Withheld, match="reads no files"):
        warehouse.stage("*", tmp_path / "a.csv", "any")


def spoil(bound: dict) -> list:
    for one in bound["p"]:
        one["pts"] = 99
    return bound["p"]


def test_a_version_is_changed_neither_by_a_program_nor_by_a_reader() -> None:
    warehouse = MemoryWarehouse({"spoil": spoil})
    warehouse.keep_rows(TOTALS, 1, [row(ONE)])
    warehouse.append(TOTALS, 2, "spoil", {}, {"p": Pinned(TOTALS, [(ONE, 1)])})
    warehouse.audit("spoil", {"p": (TOTALS, 1)})
    spoil({"p": warehouse.version_rows(TOTALS, 1)})
    assert warehouse.version_rows(TOTALS, 1) == [row(ONE)]
    assert warehouse.version_rows(TOTALS, 2) == [row(ONE, pts=99)]


def test_a_program_that_is_not_there_leaves_nothing() -> None:
    kit = MemoryKit()
    with pytest.raises(KeyError, match="nowhere"):
        kit.warehouse.append(TOTALS, 1, "nowhere", {}, {})
    assert held(kit, 1) == []


def test_untyped_rows_may_hold_anything_beside_their_partition() -> None:
    symbol = {"game_id": ONE, "origins": ("box 1", "box 2")}
    warehouse = MemoryWarehouse({"same": lambda bound: bound["p"]}, is_typed=False)
    warehouse.keep_rows(TOTALS, 1, [symbol])
    warehouse.append(TOTALS, 2, "same", {}, {"p": Pinned(TOTALS, [(ONE, 1)])})
    assert warehouse.version_rows(TOTALS, 2) == [symbol]


def test_a_whole_number_is_a_number() -> None:
    kit = MemoryKit()
    keep(kit, TOTALS, 1, row(ONE, share=1))
    append(kit, 2, "pinned", (ONE, 1))
    assert repr(held(kit, 2)[0]["share"]) == "1.0"
