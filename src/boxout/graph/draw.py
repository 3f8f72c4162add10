"""The graph as text and as Mermaid."""

from boxout.graph.graph import Graph


def mermaid(graph: Graph) -> str:
    """A Mermaid flow chart: sources rounded, groups as boxes."""
    lines = ["flowchart LR"]
    lines += [f"  {name}([{name}])" for name, table in graph.tables.items() if table.is_source]
    for unit in graph.units:
        lines.append(f'  subgraph {unit.name.replace(" ", "_")}["{unit.name}"]')
        lines += [f"    {one.target.name}[{one.target.name}]" for one in unit.processors]
        lines.append("  end")
    lines += [
        f"  {parent} --> {name}"
        for name in graph.processors
        for parent in sorted(graph.parents(name))
    ]
    return "\n".join(lines) + "\n"


def tree(graph: Graph) -> str:
    """One line per derived table, in order, with what it reads."""
    lines = [
        f"{one.target.name}  <-  {', '.join(sorted(graph.parents(one.target.name)))}  [{unit.name}]"
        for unit in graph.units
        for one in unit.processors
    ]
    return "\n".join(lines) + "\n"
