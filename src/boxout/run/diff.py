"""What differs between two snapshots of a table, row by row and column by column."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from boxout.ledger.records import Pointer
from boxout.model import Table
from boxout.model.partitions import AFTER
from boxout.run.engine import Engine

Row: TypeAlias = Mapping[str, Any]


class Changed(NamedTuple):
    """One row that both have, by its key, and the columns that differ: (before, after)."""

    key: tuple[Any, ...]
    columns: dict[str, tuple[Any, Any]]


class Diff(NamedTuple):
    """One partition: its versions before and after, None where nothing was public."""

    partition: str
    before: int | None
    after: int | None
    added: tuple[Row, ...]
    gone: tuple[Row, ...]
    changed: tuple[Changed, ...]


def diff(
    engine: Engine, table: str, reach: tuple[str, str], before: int, after: int
) -> Iterator[Diff]:
    """The partitions of a range whose public version differs between two publications.

    A partition whose versions hold equal rows is told as well, with nothing in it.
    """
    then, now = (_versions(engine, table, reach, at) for at in (before, after))
    for partition in sorted(then.keys() | now.keys()):
        if then.get(partition) != now.get(partition):
            yield _compared(engine, table, partition, then.get(partition), now.get(partition))


def between(engine: Engine, table: str, partition: str, before: int, after: int) -> Diff:
    """What differs between two versions of one partition, public or not."""
    return _compared(engine, table, partition, before, after)


def _versions(engine: Engine, table: str, reach: tuple[str, str], at: int) -> dict[str, int | None]:
    pointers: list[Pointer] = engine.ledger.pointers((table,), reach[0], reach[1] + AFTER, at)
    return {p.partition: p.version for p in pointers}


def _compared(
    engine: Engine, name: str, partition: str, before: int | None, after: int | None
) -> Diff:
    table = engine.graph.tables[name]
    old, new = (_rows(engine, table, partition, version) for version in (before, after))
    both = [key for key in old if key in new]
    differing = (Changed(key, _columns(table, old[key], new[key])) for key in both)
    return Diff(
        partition,
        before,
        after,
        added=tuple(new[key] for key in new if key not in old),
        gone=tuple(old[key] for key in old if key not in new),
        changed=tuple(one for one in differing if one.columns),
    )


def _rows(
    engine: Engine, table: Table, partition: str, version: int | None
) -> dict[tuple[Any, ...], Row]:
    if version is None:
        return {}
    rows = engine.warehouse.version_rows(table, version)
    mine = (row for row in rows if row[table.scheme.column] == partition)
    return {tuple(row[name] for name in table.key): row for row in mine}


def _columns(table: Table, old: Row, new: Row) -> dict[str, tuple[Any, Any]]:
    return {name: (old[name], new[name]) for name in table.column_names if old[name] != new[name]}
