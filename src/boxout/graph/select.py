"""Selection in dbt's grammar: `name`, `+name`, `name+`, `2+name`, `@name`, `,` and space."""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

from boxout.errors import DefinitionError
from boxout.graph.faults import near
from boxout.graph.graph import Graph

_TERM = re.compile(r"(?P<at>@)?(?:(?P<up>\d*)\+)?(?P<name>[^+@]+)(?:\+(?P<down>\d*))?")


def select(graph: Graph, text: str) -> set[str]:
    """The tables that the text names; DefinitionError when a term names nothing."""
    chosen: set[str] = set()
    for union in text.split():
        chosen |= set.intersection(*(_term(graph, term) for term in union.split(",")))
    return chosen


def _term(graph: Graph, term: str) -> set[str]:
    parts = _TERM.fullmatch(term)
    if parts is None:
        raise DefinitionError(f"--select: {term!r} is not a selector")
    start = _named(graph, parts["name"])
    if not start:
        raise DefinitionError(
            f"--select: nothing is named {term!r}{near(parts['name'], graph.tables)}"
        )
    chosen = set(start)
    if parts["up"] is not None:
        chosen |= _walk(start, graph.parents, parts["up"])
    if parts["down"] is not None or parts["at"]:
        chosen |= _walk(start, graph.children, parts["down"] or "")
    if parts["at"]:
        chosen |= _walk(chosen, graph.parents, "")
    return chosen


def _named(graph: Graph, name: str) -> set[str]:
    kind, _, rest = name.partition(":")
    if rest and kind == "group":
        return {
            t
            for t, one in graph.processors.items()
            if fnmatchcase((one.group or "").replace(" ", "_"), rest)
        }
    if rest and kind == "source":
        return {n for n, t in graph.tables.items() if t.is_source and fnmatchcase(n, rest)}
    return {n for n in graph.tables if fnmatchcase(n, name)}


def _walk(start: set[str], step: Callable[[str], set[str]], steps: str) -> set[str]:
    seen = set(start)
    edge = set(start)
    left = int(steps) if steps else len(start) + 1000
    while edge and left:
        edge = {further for one in edge for further in step(one)} - seen
        seen |= edge
        left -= 1
    return seen
