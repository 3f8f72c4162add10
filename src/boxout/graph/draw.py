"""The graph as text and as Mermaid."""

import re

from boxout.graph.graph import Graph, Unit
from boxout.model import Input, Need, Processor

_RESERVED = {"class", "click", "default", "end", "graph", "style", "subgraph"}
"""Mermaid's own words, which it does not take as the identifier of a node."""


def mermaid(graph: Graph) -> str:
    """A Mermaid flow chart: sources rounded, groups as boxes, optional inputs dotted."""
    lines = ["flowchart LR"]
    lines += [f"  {_id(name)}([{name}])" for name, table in graph.tables.items() if table.is_source]
    for unit in graph.units:
        lines += _box(unit, graph)
    lines += [
        f"  {_id(read)} {_arrow(one, read)} {_id(name)}"
        for name, one in graph.processors.items()
        for read in sorted(graph.parents(name))
    ]
    return "\n".join(lines) + "\n"


def tree(graph: Graph) -> str:
    """Sources, then one line per derived table in the order of running, with what it reads."""
    sources = [name for name, table in graph.tables.items() if table.is_source]
    lines = ["sources", *(f"  {name}" for name in sources)]
    width = max((len(name) for name in graph.processors), default=0)
    for unit in graph.units:
        is_group = unit.processors[0].group is not None
        lines += [f"group {unit.name}"] if is_group else []
        lines += [
            f"{'  ' * is_group}{one.target.name:<{width}}  <-  {_reading(one)}"
            for one in unit.processors
        ]
    return "\n".join(lines) + "\n"


def _id(name: str) -> str:
    plain = re.sub(r"\W", "_", name)
    return f"{plain}_" if plain.lower() in _RESERVED else plain


def _box(unit: Unit, graph: Graph) -> list[str]:
    nodes = [f"{_id(one.target.name)}[{one.target.name}]" for one in unit.processors]
    if unit.processors[0].group is None:
        return [f"  {node}" for node in nodes]
    box = _id(unit.name)
    while box in graph.tables:  # a box and a node of one name would be one thing to Mermaid
        box += "_"
    return [f'  subgraph {box}["{unit.name}"]', *(f"    {node}" for node in nodes), "  end"]


def _arrow(one: Processor, read: str) -> str:
    needs = {
        given.need
        for given in one.inputs.values()
        if read in (table.name for table in given.tables)
    }
    return "-.->" if needs == {Need.OPTIONAL} else "-->"


def _reading(one: Processor) -> str:
    described = (_described(given) for given in one.inputs.values())
    return ", ".join(dict.fromkeys(described)) or "nothing"


def _described(given: Input) -> str:
    text = " or ".join(table.name for table in given.tables)
    notes = ["optional"] if given.need is Need.OPTIONAL else []
    notes += [f"{given.window_days} days before"] if given.window_days is not None else []
    return f"{text} ({', '.join(notes)})" if notes else text
