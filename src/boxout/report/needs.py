"""Which sources of the calendar's partitions are needed, which stand in, which may be absent."""

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from boxout.graph import Graph
from boxout.model import Calendar, Input, Need

REQUIRED: Final = "required"
FALLBACK: Final = "fallback"
OPTIONAL: Final = "optional"

Choice: TypeAlias = tuple[str, ...]
"""Sources of which one is needed, the preferred one first."""


class Needs(NamedTuple):
    """What must be there for a partition to be complete: of every choice one source.

    A source that some processor can do without is in no choice of its own: its late arrival
    makes stale what was computed, and holds up nothing before.
    """

    sources: tuple[str, ...]
    choices: tuple[Choice, ...]
    units: dict[str, frozenset[str]]
    """Per source, the units that read it."""

    def role(self, source: str) -> str:
        """What the absence of a source means: required, fallback (of another), or optional."""
        places = [one.index(source) for one in self.choices if source in one]
        if not places:
            return OPTIONAL
        return REQUIRED if 0 in places else FALLBACK


def needs(graph: Graph, calendar: Calendar) -> Needs:
    """The needs as the processors declare them; where none needs any source, each one is needed."""
    sources = tuple(
        name
        for name, table in graph.tables.items()
        if table.is_source and table.scheme.name == calendar.scheme.name
    )
    inputs = [one for processor in graph.processors.values() for one in processor.inputs.values()]
    spare = {name for one in inputs if one.need is Need.OPTIONAL for name in _names(one)}
    asked = [_names(one) for one in inputs if one.need is Need.REQUIRED]
    choices = [one for one in asked if set(one) <= set(sources) and not set(one) <= spare]
    return Needs(
        sources,
        # Without a need there would be nothing to judge, and everything would be complete.
        tuple(dict.fromkeys(choices)) or tuple((name,) for name in sources),
        {name: _units(graph, name) for name in sources},
    )


def _names(given: Input) -> tuple[str, ...]:
    return tuple(table.name for table in given.tables)


def _units(graph: Graph, source: str) -> frozenset[str]:
    readers: Sequence[str] = [
        one.unit
        for one in graph.processors.values()
        for given in one.inputs.values()
        if source in _names(given)
    ]
    return frozenset(readers)
