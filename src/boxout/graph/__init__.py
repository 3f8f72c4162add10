"""The graph of a pipeline: faults, order, selection, drawing."""

from boxout.graph.draw import mermaid, tree
from boxout.graph.graph import Graph, Unit, build
from boxout.graph.select import select

__all__ = ["Graph", "Unit", "build", "mermaid", "select", "tree"]
