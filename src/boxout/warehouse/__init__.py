"""Where the rows are."""

from boxout.warehouse.duckdb import DuckdbWarehouse
from boxout.warehouse.memory import MemoryWarehouse, Program
from boxout.warehouse.pointers import show_as_of
from boxout.warehouse.port import Interrupted, Move, Pinned, Pins, Row, Stray, Warehouse
from boxout.warehouse.schema import deployed

__all__ = [
    "DuckdbWarehouse",
    "Interrupted",
    "MemoryWarehouse",
    "Move",
    "Pinned",
    "Pins",
    "Program",
    "Row",
    "Stray",
    "Warehouse",
    "deployed",
    "show_as_of",
]
