"""The graph of a pipeline as a drawing: sources on the left, every arrow to the right."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from boxout.graph import Graph
from boxout.model import Need
from boxout.pages.words import LOOK_FIRST, plain, worst

WIDTH: Final = 236
HEIGHT: Final = 46
ACROSS: Final = 64
DOWN: Final = 16
MARGIN: Final = 2


class Node(NamedTuple):
    """A table: where it is drawn, and how many partitions are in which state."""

    table: str
    name: str
    x: float
    y: float
    state: str
    said: str
    is_source: bool


class Arrow(NamedTuple):
    """From a table to one that reads it: the path, and whether it may stay away."""

    path: str
    is_optional: bool


class Drawing(NamedTuple):
    """Everything to draw, and how large it is."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    box: tuple[int, int] = (WIDTH, HEIGHT)


def drawing(graph: Graph, states: Mapping[str, Mapping[str, int]]) -> Drawing:
    """The graph, each table with its states."""
    columns = _columns(graph)
    tallest = max((len(of) for of in columns), default=0)
    height = 2 * MARGIN + tallest * HEIGHT + max(0, tallest - 1) * DOWN
    places: dict[str, tuple[float, float]] = {}
    for nth, of in enumerate(columns):
        top = (height - len(of) * HEIGHT - (len(of) - 1) * DOWN) / 2
        for row, name in enumerate(of):
            places[name] = (MARGIN + nth * (WIDTH + ACROSS), top + row * (HEIGHT + DOWN))
    nodes = tuple(_node(graph, name, *places[name], states.get(name, {})) for name in places)
    width = 2 * MARGIN + len(columns) * WIDTH + max(0, len(columns) - 1) * ACROSS
    return Drawing(width, height, nodes, tuple(_arrows(graph, places)))


def _node(graph: Graph, name: str, x: float, y: float, states: Mapping[str, int]) -> Node:
    told = ", ".join(f"{states[one]} {one}" for one in LOOK_FIRST if states.get(one))
    is_source = graph.tables[name].is_source
    return Node(name, plain(name), x, y, worst(dict(states)), told or "nothing known", is_source)


def _columns(graph: Graph) -> list[list[str]]:
    """The tables by how many computations lie behind them, near to what they read."""
    depth = {name: 0 for name, one in graph.tables.items() if one.is_source}
    for unit in graph.units:
        for one in unit.processors:
            name = one.target.name
            depth[name] = 1 + max((depth[read] for read in graph.parents(name)), default=0)
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for name, nth in depth.items():
        columns[nth].append(name)
    row: dict[str, float] = {}
    for of in columns:
        of.sort(key=lambda name: (_middle(graph, name, row), name) if row else (0, 0))
        row |= {name: (nth + 0.5) / len(of) for nth, name in enumerate(of)}
    return columns


def _middle(graph: Graph, name: str, row: Mapping[str, float]) -> float:
    """How far down, on the average, what it reads is drawn."""
    read = [row[one] for one in graph.parents(name) if one in row]
    return sum(read) / len(read) if read else 0.5


def _arrows(graph: Graph, places: Mapping[str, tuple[float, float]]) -> Sequence[Arrow]:
    return [
        Arrow(_path(places[read], places[name]), _is_optional(graph, read, name))
        for name in graph.processors
        for read in sorted(graph.parents(name))
    ]


def _is_optional(graph: Graph, read: str, name: str) -> bool:
    given = graph.processors[name].inputs.values()
    needs = {one.need for one in given if read in {table.name for table in one.tables}}
    return needs == {Need.OPTIONAL}


def _path(start: tuple[float, float], end: tuple[float, float]) -> str:
    x0, y0 = start[0] + WIDTH, start[1] + HEIGHT / 2
    x1, y1 = end[0], end[1] + HEIGHT / 2
    bend = max(30.0, (x1 - x0) / 2)
    return f"M{x0:g} {y0:g}C{x0 + bend:g} {y0:g} {x1 - bend:g} {y1:g} {x1:g} {y1:g}"
