"""Selection in dbt's grammar.

`name` one table, `*` and `?` allowed; `+name` and what it is computed from; `name+` and what
is computed from it; `2+name` no further than two steps; `@name` its descendants and all that
they are computed from; `group:name` and `source:name`; a comma intersects, a space unites.
"""

import re
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase

from boxout.errors import DefinitionError
from boxout.graph.graph import Graph
from boxout.graph.order import near

_TERM = re.compile(
    r"(?:(?P<around>@)|(?P<up>\d*)\+)?(?P<name>[^+@]+?)(?:(?P<plus>\+)(?P<down>\d*))?"
)


def select(graph: Graph, text: str) -> set[str]:
    """The tables that the text names; DefinitionError with every term that names nothing.

    In `group:`, an underscore stands for a space of the group's name.
    """
    faults: list[str] = []
    chosen: set[str] = set()
    for part in text.split():
        terms = [_term(graph, term, faults) for term in part.split(",")]
        chosen |= set.intersection(*terms)
    if faults:
        raise DefinitionError(tuple(dict.fromkeys(faults)))
    return chosen


def _term(graph: Graph, term: str, faults: list[str]) -> set[str]:
    parts = _TERM.fullmatch(term)
    if parts is None or (parts["around"] and parts["plus"]):
        faults.append(
            f"select: {term!r} is not a selector; write name, +name, name+, 2+name or @name"
        )
        return set()
    named = _named(graph, parts["name"], faults)
    chosen = set(named)
    if parts["up"] is not None:
        chosen |= _walk(named, graph.parents, parts["up"])
    if parts["plus"]:
        chosen |= _walk(named, graph.children, parts["down"])
    if parts["around"]:
        chosen |= _walk(_walk(named, graph.children), graph.parents)
    return chosen


def _named(graph: Graph, name: str, faults: list[str]) -> set[str]:
    method, colon, pattern = name.partition(":")
    methods = {"": _by_name, "group": _by_group, "source": _by_source}
    if colon and method not in methods:
        faults.append(
            f"select: {method!r} in {name!r} is no method; group: and source: are"
            f"{near(method, ('group', 'source'))}"
        )
        return set()
    known = methods[method if colon else ""](graph)
    wanted = pattern if colon else name
    found = [table for called, table in known if fnmatchcase(called, wanted)]
    if not found:
        slip = near(wanted, (called for called, _ in known))
        what = {"": "table", "group": "group", "source": "source"}[method if colon else ""]
        faults.append(f"select: no {what} is named {wanted!r}{slip}")
    return set(found)


def _by_name(graph: Graph) -> list[tuple[str, str]]:
    return [(name, name) for name in graph.tables]


def _by_source(graph: Graph) -> list[tuple[str, str]]:
    return [(name, name) for name, table in graph.tables.items() if table.is_source]


def _by_group(graph: Graph) -> list[tuple[str, str]]:
    return [
        (one.group.replace(" ", "_"), name)
        for name, one in graph.processors.items()
        if one.group is not None
    ]


def _walk(start: Iterable[str], step: Callable[[str], set[str]], most: str = "") -> set[str]:
    """All that `most` steps reach, the start included; any number when `most` is empty."""
    seen = set(start)
    edge = set(seen)
    taken = 0
    while edge and (not most or taken < int(most)):
        edge = {further for one in edge for further in step(one)} - seen
        seen |= edge
        taken += 1
    return seen
