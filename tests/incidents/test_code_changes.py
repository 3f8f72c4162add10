"""A pipeline that is changed while its project lives on."""

from dataclasses import replace

from boxout import text
from boxout.warehouse import DuckdbWarehouse
from incidents.small import BOX, TOTALS

DAY = "2026-02-03"
GAME = f"{DAY}/AB"


def test_a_column_that_is_declared_later_is_null_in_what_was_there(small):
    small.days(DAY)
    small.box({GAME: 200})
    small.run(DAY)
    small.engine.warehouse.close()
    wider = replace(TOTALS, columns=(*TOTALS.columns, text("note", "a remark", null="none")))
    again = DuckdbWarehouse.open(small.folder / "warehouse.duckdb", [wider])
    columns = [row["column_name"] for row in again.query("DESCRIBE totals")]
    again.close()
    assert "note" in columns


def test_a_pipeline_that_was_not_changed_finds_everything_fresh(small):
    small.days(DAY)
    small.box({GAME: 200})
    small.run(DAY)
    small.engine.warehouse.close()
    paths = small.folder / "warehouse.duckdb", small.engine.graph.tables.values()
    small.engine = replace(small.engine, warehouse=DuckdbWarehouse.open(*paths))
    head = small.engine.ledger.head()
    small.run(DAY)
    assert small.engine.ledger.head() == head


def test_an_old_project_opens_with_a_new_column_and_its_rows_stay_as_they_were(small):
    small.days(DAY)
    small.box({GAME: 200})
    small.run(DAY)
    small.engine.warehouse.close()
    wider = replace(BOX, columns=(*BOX.columns, text("arena", "where", null="unknown")))
    tables = {**small.engine.graph.tables, "box": wider}
    again = DuckdbWarehouse.open(small.folder / "warehouse.duckdb", tables.values())
    (row,) = again.rows(wider)
    again.close()
    assert row == {"game": GAME, "points": 200, "overtimes": "0", "arena": None}
