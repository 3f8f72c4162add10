"""The graph of a pipeline: judged at once, then ordered."""

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from boxout.errors import DefinitionError
from boxout.graph.faults import definition_faults
from boxout.model import Pipeline, Processor, Table


@dataclass(frozen=True, slots=True)
class Unit:
    """What is claimed and published as one: a group, or a lone processor."""

    name: str
    processors: tuple[Processor, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """Tables and processors by table name; units in the order in which they can run."""

    tables: Mapping[str, Table]
    processors: Mapping[str, Processor]
    units: tuple[Unit, ...]

    def parents(self, table: str) -> set[str]:
        """The tables that this one is computed from."""
        one = self.processors.get(table)
        return {t.name for given in one.inputs.values() for t in given.tables} if one else set()

    def children(self, table: str) -> set[str]:
        """The tables that are computed from this one."""
        return {name for name in self.processors if table in self.parents(name)}


def build(pipeline: Pipeline) -> Graph:
    """The graph of a pipeline; DefinitionError with every fault at once."""
    faults = definition_faults(pipeline)
    reads = {
        one.target.name: [t.name for given in one.inputs.values() for t in given.tables]
        for one in pipeline.processors
    }
    order = _ordered(reads, faults)
    by_table = {one.target.name: one for one in pipeline.processors}
    ties: dict[str, set[str]] = {one.unit: set() for one in pipeline.processors}
    for one in pipeline.processors:
        ties[one.unit] |= {
            by_table[name].unit for name in reads[one.target.name] if name in by_table
        } - {one.unit}
    names = _ordered(ties, faults) if order else []
    if faults:
        raise DefinitionError(list(dict.fromkeys(faults)))
    units = tuple(
        Unit(name, tuple(by_table[t] for t in order if t in by_table and by_table[t].unit == name))
        for name in names
    )
    tables = {t.name: t for t in (*pipeline.sources, *(one.target for one in pipeline.processors))}
    return Graph(tables, by_table, units)


def _ordered(reads: Mapping[str, object], faults: list[str]) -> list[str]:
    try:
        return list(TopologicalSorter(reads).static_order())  # type: ignore[arg-type]
    except CycleError as error:
        path = " -> ".join(reversed(error.args[1]))
        faults.append(f"cycle: {path}")
        return []
