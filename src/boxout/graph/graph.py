"""The graph of a pipeline: judged at once, then ordered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from boxout.errors import DefinitionError
from boxout.graph.cycles import table_reads, unit_reads
from boxout.graph.faults import definition_faults
from boxout.graph.order import ordered, reads_of
from boxout.model import Pipeline, Processor, Table
from boxout.model.partitions import date_of, look_back


@dataclass(frozen=True, slots=True)
class Unit:
    """What is claimed and published as one: a group, or a lone processor.

    Its processors come in the order in which they can run.
    """

    name: str
    processors: tuple[Processor, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """Tables and processors by table name; units in the order in which they can run.

    `days_back` is how far before its own date anything can depend on, windows over windows
    added up; `back` says it table by table.
    """

    tables: Mapping[str, Table]
    processors: Mapping[str, Processor]
    units: tuple[Unit, ...]
    days_back: int
    back: Mapping[str, int]

    def look_back(self, partition: str, tables: Collection[str] | None = None) -> str:
        """The first date that these tables, or any, depend on at this partition's date."""
        asked = self.back if tables is None else tables
        days = max((self.back.get(name, 0) for name in asked), default=0)
        return look_back(partition, days)[0] if days else date_of(partition)

    def computed(self, tables: Collection[str]) -> frozenset[str]:
        """Those of these tables that have a processor."""
        return frozenset(tables) & self.processors.keys()

    def upstream(self, tables: Collection[str]) -> set[str]:
        """These tables and all that they are computed from, however far."""
        found: set[str] = set()
        waiting = set(tables)
        while waiting:
            found |= waiting
            waiting = {name for table in waiting for name in self.parents(table)} - found
        return found

    def parents(self, table: str) -> set[str]:
        """The tables that this one is computed from; none for a source."""
        one = self.processors.get(table)
        return set(reads_of(one)) if one else set()

    def children(self, table: str) -> set[str]:
        """The tables that are computed from this one."""
        return {name for name, one in self.processors.items() if table in reads_of(one)}


def build(pipeline: Pipeline) -> Graph:
    """The graph of a pipeline; DefinitionError with every fault at once.

    Order depends on the definition only: what nothing forces stays as declared.
    """
    faults = definition_faults(pipeline)
    if faults:
        raise DefinitionError(faults)
    processors = {one.target.name: one for one in pipeline.processors}
    tables = {table.name: table for table in pipeline.sources}
    tables |= {name: one.target for name, one in processors.items()}
    units, back = _units(processors), _days_back(processors)
    most = max(back.values(), default=0)
    return Graph(
        MappingProxyType(tables), MappingProxyType(processors), units, most, MappingProxyType(back)
    )


def _days_back(processors: Mapping[str, Processor]) -> dict[str, int]:
    back: dict[str, int] = {}
    for name in ordered(table_reads(tuple(processors.values()))):
        back[name] = max(
            (
                (given.window_days or 0) + back.get(table.name, 0)
                for given in processors[name].inputs.values()
                for table in given.tables
            ),
            default=0,
        )
    return back


def _units(processors: Mapping[str, Processor]) -> tuple[Unit, ...]:
    members: dict[str, list[Processor]] = {}
    for name in ordered(table_reads(tuple(processors.values()))):
        members.setdefault(processors[name].unit, []).append(processors[name])
    names = ordered(unit_reads(tuple(processors.values())))
    return tuple(Unit(name, tuple(members[name])) for name in names)
