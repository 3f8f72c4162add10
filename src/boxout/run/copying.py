"""A project copied from two stores into two others, and compared before it counts.

In this order, so that a crash leaves either nothing that anybody can see, or a whole copy:

1. the source's ledger is held still; whatever others write meanwhile is not part of the copy
2. the rows of every version are brought, read back, and compared with what was taken out; at the
   source they must be those of its record
3. the ledger is written in one transaction: from here on the copy is a project
4. the pointers are moved; anyone may do that later

A copy that was interrupted before 3 is made again, over what it left.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from boxout.compiled import Compiled
from boxout.errors import DefinitionError, Withheld
from boxout.graph import Graph
from boxout.ledger import Cut, Kept, SqliteLedger, relabelled, unchanged
from boxout.model import Table
from boxout.run.contents import Contents, compared, held_in
from boxout.run.engine import bring_up
from boxout.run.writes import write_copied
from boxout.warehouse import Warehouse, told

BATCH_ROWS: Final = 200_000
"""Rows that are under way at a time, as far as whole versions allow it."""


class Side(NamedTuple):
    """The two stores of a project, and its pipeline in the words of their warehouse."""

    compiled: Compiled
    ledger: SqliteLedger
    warehouse: Warehouse


class Copied(NamedTuple):
    """What was copied: rows by table, the versions that have them, and what is public."""

    rows: Mapping[str, int]
    versions: int
    set_aside: int
    publication: int


def copy(
    graph: Graph, source: Side, target: Side, each: Callable[[str], None] = lambda _: None
) -> Copied:
    """Copy everything of one project into an empty one; `each` is told every table that is there.

    DefinitionError when the target has anything, or the ledger a table that is not declared; Withheld when rows of the source are not those
    of its record, or arrived as others.
    """
    target.ledger.copies.refuse_used()
    contents: dict[tuple[int, str], str] = {}
    kept: dict[str, list[Kept]] = {}
    with source.ledger.copies.cut() as cut:
        _refuse_undeclared(graph, cut.tables())
        for name, table in graph.tables.items():
            kept[name] = cut.versions(name)
            contents |= _table(source, target, table, cut, kept[name])
            target.warehouse.begin_history(table, cut.history_begins(name))
            each(name)
        aside = source.warehouse.quarantine()
        target.warehouse.bring_in_quarantine(aside)
        is_alike = source.warehouse.dialect == target.warehouse.dialect
        relabel = unchanged if is_alike else relabelled(contents, _fingerprints(source, target))
        target.ledger.copies.take(cut, relabel)
    bring_up(target.ledger, target.warehouse)
    rows = {name: sum(one.rows for one in of if not one.is_collected) for name, of in kept.items()}
    versions = sum(not one.is_collected for of in kept.values() for one in of)
    return Copied(rows, versions, len(aside), target.ledger.head())


def _table(
    source: Side, target: Side, table: Table, cut: Cut, kept: Sequence[Kept]
) -> dict[tuple[int, str], str]:
    """The rows of every version of a table; their content in the words of the target."""
    versions = [one.version for one in kept if not one.is_collected]
    sql = source.compiled.contents[table.name]
    recorded = cut.recorded(table.name)
    _refuse_changed(table, recorded, held_in(source.warehouse, table, sql, versions))
    for batch in _batches([one for one in kept if not one.is_collected]):
        rows = source.warehouse.taken_out(table, batch)
        write_copied(target.warehouse, table, batch, rows)
        came = target.warehouse.taken_out(table, batch)
        if told(table, rows) != told(table, came):
            raise Withheld(
                f"{table}: the rows of versions {batch[0]} to {batch[-1]} are others in the copy"
                f" than where they came from ({rows.num_rows} taken out, {came.num_rows} there)."
                " Nothing of the copy counts, the source is as it was. Next: copy again; if it says"
                " the same, tell us which columns the table has."
            )
    arrived = held_in(target.warehouse, table, target.compiled.contents[table.name], versions)
    return {key: one.content for key, one in arrived.items() if key in recorded}


def _refuse_undeclared(graph: Graph, tables: Collection[str]) -> None:
    """The rows of a table that is declared no more would be left behind."""
    gone = sorted(set(tables) - graph.tables.keys())
    if gone:
        raise DefinitionError(
            f"{', '.join(gone)}: the ledger has versions of it, and the pipeline does not declare it."
            " Nothing was copied. Next: declare it, copy, and take it out again."
        )


def _refuse_changed(table: Table, recorded: Contents, there: Contents) -> None:
    """Rows that are not those of the record would be vouched for by the copy."""
    changed = sorted(key for key, of in recorded.items() if compared(of, there.get(key), key[1]))
    if changed:
        version, partition = changed[0]
        raise Withheld(
            f"{table}: {len(changed)} partitions do not hold the rows that were recorded, 0 expected;"
            f" the first is {partition} of version {version}. Nothing was copied. Next: boxout audit"
        )


def _batches(kept: Sequence[Kept]) -> Iterator[list[int]]:
    batch: list[int] = []
    rows = 0
    for one in kept:
        if batch and rows + one.rows > BATCH_ROWS:
            yield batch
            batch, rows = [], 0
        batch.append(one.version)
        rows += one.rows
    if batch:
        yield batch


def _fingerprints(source: Side, target: Side) -> dict[tuple[str, str], str]:
    """The present code of every table, as either side calls it."""
    there = target.compiled.processors
    return {
        (name, one.fingerprint): there[name].fingerprint
        for name, one in source.compiled.processors.items()
    }
