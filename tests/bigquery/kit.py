"""The acts of the contract suite, done in BigQuery; files are read in DuckDB's SQL."""

import random
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bigquery.emulator import PROJECT
from boxout.model import Table
from boxout.warehouse.bigquery import Address, BigqueryWarehouse, Tries, open_bigquery
from warehouse.kits import PLAYERS, TEXTS, TOTALS, DuckdbKit

NO_WAIT = Tries(sleep=lambda _: None, draw=random.Random(0).random)

IN_BIGQUERY = {
    "pinned": "SELECT * FROM pinned",
    "by reader": "SELECT * EXCEPT (as_of) REPLACE (as_of AS game_id) FROM pinned",
    "shape": "SELECT * REPLACE (UPPER(name) AS name) FROM pinned",
    "shaped": "SELECT * FROM shaped",
    "pts as text": "SELECT * REPLACE (name AS pts) FROM pinned",
    "one column more": "SELECT *, 7 AS more FROM pinned",
    "a column less": "SELECT * EXCEPT (pts) FROM pinned",
    "breaks": (
        "SELECT * REPLACE (CASE WHEN pts > 10 THEN ERROR('broken half-way') ELSE pts END AS pts)"
        " FROM pinned"
    ),
    "audit": (
        "SELECT game_id AS `partition`, COUNT(*) AS `rows`, SUM(_content) AS content"
        " FROM audited GROUP BY game_id"
    ),
    "held": (
        "SELECT _version AS version, game_id AS `partition`, COUNT(*) AS `rows`,"
        " SUM(_content) AS content FROM held GROUP BY _version, game_id"
    ),
    "public": "SELECT game_id, pts FROM totals WHERE pts >= @least",
}


def address(endpoint: str, dataset: str = "") -> Address:
    return Address(PROJECT, dataset or f"t{uuid.uuid4().hex[:12]}", "US", endpoint=endpoint)


def opened(
    where: Address, tables: Iterable[Table] = (TOTALS, PLAYERS), **said: Any
) -> BigqueryWarehouse:
    return open_bigquery(
        where,
        tables,
        tries=said.get("tries", NO_WAIT),
        new_id=lambda: uuid.uuid4().hex[:12],
        now=lambda: datetime.now(UTC),
        is_reading=said.get("is_reading", False),
    )


class BigqueryKit:
    """A warehouse in datasets of its own."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self.folder = folder
        self.warehouse = opened(address(endpoint))

    def text(self, name: str) -> str:
        return IN_BIGQUERY.get(name, TEXTS[name][0])

    stage = DuckdbKit.stage
    again = DuckdbKit.again
