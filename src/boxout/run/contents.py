"""What the warehouse holds now, against what the ledger recorded when the rows were audited."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from boxout.ledger.records import Census, Finding, Pointer
from boxout.model import Table
from boxout.model.partitions import AFTER
from boxout.run.compute import EMPTY
from boxout.run.engine import Engine
from boxout.warehouse import Warehouse

Contents = dict[tuple[int, str], Census]
"""What is held, by version and partition."""


class Changed(NamedTuple):
    """One public partition whose rows are not those of the record; None is no record of them."""

    recorded: Census | None
    held: Census

    def finding(self, table: str) -> Finding:
        """The same as something that a check of the table found."""
        found = f"not those that were published: {told(self.held)}"
        needed = f"{told(self.recorded) if self.recorded else 'a record of them'} expected"
        return Finding(self.held.partition, f"rows of {table}", "block", "failed", found, needed)


def held(
    engine: Engine,
    table: str,
    versions: Collection[int] | None,
    first: str = "",
    last: str = AFTER,
) -> Contents:
    """What the warehouse holds now of these versions, or of all that it has, in one scan."""
    sql = engine.compiled.contents[table]
    return held_in(engine.warehouse, engine.graph.tables[table], sql, versions, (first, last))


def held_in(
    warehouse: Warehouse,
    table: Table,
    sql: str,
    versions: Collection[int] | None,
    reach: tuple[str, str] = ("", AFTER),
) -> Contents:
    """The same of a warehouse that no engine works on; `sql` is the table's count and content."""
    asked = None if versions is None else sorted(set(versions))
    rows = warehouse.contents(sql, table, asked, *reach)
    return {
        (row["version"], row["partition"]): Census(
            row["partition"], row["rows"], str(row["content"])
        )
        for row in rows
    }


def changed(engine: Engine, pointers: Sequence[Pointer]) -> dict[tuple[str, str], Changed]:
    """The public partitions among these whose rows are not those that were published."""
    found: dict[tuple[str, str], Changed] = {}
    for table in dict.fromkeys(one.table for one in pointers):
        public = {
            (one.version, one.partition)
            for one in pointers
            if one.table == table and one.version is not None
        }
        if not public:
            continue
        versions = {version for version, _ in public}
        keys = [partition for _, partition in public]
        reach = (min(keys), max(keys))
        recorded = engine.ledger.censuses(versions, *reach)
        now = held(engine, table, versions, *reach)
        for key in sorted(public):
            one = compared(recorded.get(key), now.get(key), key[1])
            if one is not None:
                found[table, key[1]] = one
    return found


def compared(recorded: Census | None, now: Census | None, partition: str) -> Changed | None:
    """None when both are the same rows. Rows without a record are never those of the record."""
    there = now or Census(partition, 0, "")
    is_empty = recorded is not None and recorded.content == EMPTY and there.rows == 0
    return None if is_empty or recorded == there else Changed(recorded, there)


def told(census: Census) -> str:
    """How many rows, and their content."""
    rows = "1 row" if census.rows == 1 else f"{census.rows} rows"
    return f"{rows} of content {census.content}" if census.rows else rows
