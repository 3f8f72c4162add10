"""The documentation of a pipeline, written from its declarations."""

from collections import Counter
from typing import Final

from boxout.compiled import Compiled
from boxout.graph import Graph, mermaid
from boxout.model import Pipeline
from boxout.report.checks_told import HEADS, every_check
from boxout.report.markdown import grid, linked, page, section
from boxout.report.table_page import table_page

MARK: Final = (
    "<!-- Written by `boxout docs` from the declarations: change those, not this file. -->"
)
FOLDER: Final = "tables/"
INDEX: Final = FOLDER + "README.md"
CHECKS: Final = "checks.md"


def reference(pipeline: Pipeline, graph: Graph, compiled: Compiled) -> dict[str, str]:
    """Every page by its path: one per table, their index, and the table of all checks."""
    pages = {
        f"{FOLDER}{name}.md": table_page(graph.tables[name], pipeline, graph, compiled)
        for name in sorted(graph.tables)
    }
    pages[INDEX] = _index(pipeline, graph)
    pages[CHECKS] = _checks(pipeline, graph, compiled)
    return {path: f"{MARK}\n\n{text}" for path, text in sorted(pages.items())}


def _index(pipeline: Pipeline, graph: Graph) -> str:
    layers = _layers(graph)
    return page(
        f"# The tables of {pipeline.name}",
        "Sources are landed from outside. A table of layer 1 is computed from sources, one of"
        " layer 2 also from layer 1, and so on. Dotted arrows are optional inputs; the tables in a"
        " box are public together or not at all. All [checks](../checks.md) stand in one table.",
        f"```mermaid\n{mermaid(graph)}```",
        *(
            section(f"Layer {depth}" if depth else "Sources", _layer(graph, layers, depth))
            for depth in sorted(set(layers.values()))
        ),
    )


def _layers(graph: Graph) -> dict[str, int]:
    """How many computations lie between a table and the sources; 0 for a source."""
    depth = {name: 0 for name, table in graph.tables.items() if table.is_source}
    for unit in graph.units:
        for one in unit.processors:
            name = one.target.name
            depth[name] = 1 + max((depth[read] for read in graph.parents(name)), default=0)
    return depth


def _layer(graph: Graph, layers: dict[str, int], depth: int) -> str:
    names = sorted(name for name, found in layers.items() if found == depth)
    rows = [
        (
            linked(name),
            graph.tables[name].one_row_per,
            graph.tables[name].scheme.name,
            ", ".join(map(linked, sorted(graph.parents(name)))),
        )
        for name in names
    ]
    heads = ("table", "one row per", "partition", "computed from")
    return grid(heads, rows) if depth else grid(heads[:3], [row[:3] for row in rows])


def _checks(pipeline: Pipeline, graph: Graph, compiled: Compiled) -> str:
    found = list(every_check(pipeline, graph, compiled))
    counts = Counter(one.if_not for one in found).most_common()
    told = "; ".join(f"{if_not} ({number} checks)" for if_not, number in counts)
    rows = ((", ".join(linked(name, FOLDER) for name in one.tables), *one.cells) for one in found)
    return page(
        f"# The checks of {pipeline.name}",
        "A check passes, fails, or cannot be answered: null where a value was needed, no rows"
        " where rows were expected. Only a check that passed lets a partition out.",
        f"{len(found)} checks. What becomes of a partition that does not pass: {told}. A check of"
        " several tables is an identity: it ties them into a group that is public as a whole.",
        grid(("tables", *HEADS), rows),
    )
