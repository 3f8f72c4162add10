"""What the datasets hold, and how they follow the declared tables."""

from contextlib import closing

import pytest

from bigquery.emulator import PROJECT
from bigquery.kit import BigqueryKit, address, opened
from boxout.errors import DefinitionError, NotReady
from boxout.model import number, text
from warehouse.kits import COLUMNS, ONE, TOTALS, keep, row, table

MORE = number("more", "added later", null="of old rows")


@pytest.fixture
def kept(kit: BigqueryKit):
    """A warehouse with one public row."""
    keep(kit, TOTALS, 1, row(ONE))
    kit.warehouse.project([("totals", ONE, 1, 1)], 1)
    return kit.warehouse


def test_versions_are_partitioned_by_month_and_clustered_by_version_and_key(kept) -> None:
    name = f"{PROJECT}.{kept.address.versions}.totals"
    found = kept.wire.client.get_table(name)
    assert (found.time_partitioning.type_, found.time_partitioning.field) == ("MONTH", "_date")
    assert found.clustering_fields == ["_version", "game_id"]
    assert [str(one["_date"]) for one in kept.query(f"SELECT _date FROM `{name}`")] == [ONE[:10]]


def test_old_rows_have_null_in_a_new_column(kept) -> None:
    wider = table("totals", (*COLUMNS, MORE))
    with closing(opened(kept.address, [wider])) as again:
        assert again.rows(wider) == [{**row(ONE), "more": None}]


def test_a_column_of_another_type_is_refused_and_nothing_is_changed(kept) -> None:
    other = table("totals", (*COLUMNS[:-1], text("pts", "points", null="not played")))
    with pytest.raises(DefinitionError, match="column pts is INT64 in the warehouse and STRING"):
        opened(kept.address, [other])
    assert kept.rows(TOTALS) == [row(ONE)]


def test_a_table_that_is_declared_no_more_is_not_shown_and_keeps_its_rows(kept) -> None:
    opened(kept.address, []).close()
    shown = [name for name, _ in kept.wire.tables(kept.address.dataset)]
    assert shown == []
    with closing(opened(kept.address)) as again:
        assert again.rows(TOTALS) == [row(ONE)]


def test_what_is_only_read_is_not_made(endpoint) -> None:
    where = address(endpoint)
    with pytest.raises(NotReady, match="nothing has been landed"):
        opened(where, is_reading=True)


def test_what_is_there_is_told_in_the_words_of_declarations(kept) -> None:
    found = kept.deployed()["tables"]["totals"]
    assert found["partition"] == "game_id"
    assert found["columns"]["pts"] == {"type": "int64"}
    assert found["columns"]["at"] == {"type": "timestamp"}
