"""The declarations of a pipeline as one JSON value: what is committed, and compared with."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from boxout.compiled import Join, Lineage, Sources, lineage
from boxout.graph import Graph
from boxout.model import Column, Pipeline, Processor, RowCheck, Table

_FLAT: Final = re.compile(r"(?<=[\[{])\n\s*(?:[^\[\]{}]+)(?=[\]}])")
"""What stands inside brackets that hold no others: one line is enough for it."""


def kept_lineages(snapshot: Mapping[str, Any]) -> dict[str, Lineage]:
    """What each processor of a snapshot read, by the table that it computes."""
    return {name: _kept(one) for name, one in snapshot.get("processors", {}).items()}


def _kept(one: Mapping[str, Any]) -> Lineage:
    columns = {name: _sources(of) for name, of in one["columns"].items()}
    joins = tuple(Join(how, _sources(of)) for how, *of in one["joins"])
    return Lineage(columns, joins, _sources(one["rows"]))


def _sources(told: list[str]) -> Sources:
    pairs = (one.partition(".") for one in told)
    return frozenset((table, column) for table, _, column in pairs)


class Declared(NamedTuple):
    """The declarations, and by table the processors that cannot be built on them, with why."""

    snapshot: Mapping[str, Any]
    faults: Mapping[str, str]


def declared(pipeline: Pipeline, graph: Graph) -> Declared:
    """Tables, columns, checks, readers and what each processor reads, column by column."""
    faults: dict[str, str] = {}
    processors: dict[str, Any] = {}
    for name, one in sorted(graph.processors.items()):
        try:
            processors[name] = _processor(one, lineage(one))
        # Whatever Ibis says of an expression that cannot be built: it is told, with its processor.
        except Exception as error:  # noqa: BLE001
            faults[name] = str(error).splitlines()[0] if str(error) else type(error).__name__
    snapshot = {
        "pipeline": pipeline.name,
        "tables": {name: _table(table) for name, table in sorted(graph.tables.items())},
        "processors": processors,
        "identities": {
            one.name: {"group": one.group, "tables": sorted(one.tables.values())}
            for one in sorted(pipeline.cross_checks, key=lambda one: one.name)
        },
        "readers": {
            one.name: {"table": one.table.name, "needs": list(one.needs)}
            for one in sorted(pipeline.readers, key=lambda one: one.name)
        },
    }
    return Declared(snapshot, faults)


def as_text(snapshot: Mapping[str, Any]) -> str:
    """A snapshot as it is committed: a change of one declaration is a change of few lines."""
    text = json.dumps(snapshot, indent=1, ensure_ascii=False)
    return _FLAT.sub(lambda found: re.sub(r"\n\s*", " ", found[0]), text) + "\n"


def _table(table: Table) -> dict[str, Any]:
    return {
        "is_source": table.is_source,
        "one_row_per": table.one_row_per,
        "partition": table.scheme.column,
        "key": list(table.key),
        "columns": {column.name: _column(column) for column in table.columns},
        "checks": {
            check.name: f"{check.severity.value}: "
            + ("every row" if isinstance(check, RowCheck) else str(check.bound))
            for check in table.checks
        },
    }


def _column(column: Column) -> dict[str, Any]:
    return {"type": column.dtype, "unit": column.unit, "null": column.null}


def _processor(one: Processor, reads: Lineage) -> dict[str, Any]:
    return {
        "name": one.name,
        "group": one.group,
        "inputs": {
            name: {
                "tables": [table.name for table in given.tables],
                "need": given.need.value,
                "window_days": given.window_days,
            }
            for name, given in one.inputs.items()
        },
        "columns": {name: _told(of) for name, of in reads.columns.items()},
        "joins": sorted([join.how, *_told(join.reads)] for join in set(reads.joins)),
        "rows": _told(reads.rows),
    }


def _told(sources: Sources) -> list[str]:
    return sorted(f"{table}.{column}" for table, column in sources)
