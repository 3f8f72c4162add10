"""Opening a warehouse in BigQuery: with the real clock, ids and waits."""

import random
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from time import sleep
from typing import Final

from boxout.errors import DefinitionError
from boxout.model import Rows, Table, ibis
from boxout.warehouse.bigquery import Address, BigqueryWarehouse, Tries, open_bigquery

BIGQUERY: Final = "bigquery://"


def open_distant(
    address: Address, tables: Iterable[Table], *, is_reading: bool = False
) -> BigqueryWarehouse:
    """The warehouse at this address, brought to the declared tables unless it is only read.

    NotReady when it is only read and nothing has been landed there.
    """
    return open_bigquery(
        address,
        tables,
        tries=Tries(sleep, random.random),
        new_id=lambda: uuid.uuid4().hex,
        now=lambda: datetime.now(UTC),
        is_reading=is_reading,
    )


def distant_rows(warehouse: BigqueryWarehouse, table: Table, at: int | None) -> Rows:
    """The public rows of a table as an Ibis table, brought to this machine."""
    head = warehouse.projected()
    if at is not None and (not str(at).isdecimal() or not 1 <= int(at) <= head):
        there = f"there are publications 1 to {head}" if head else "nothing was published yet"
        raise DefinitionError(f"at={at!r}: no such publication; {there}. Nothing was read.")
    return ibis.memtable(warehouse.arrow(table, at))
