"""Where the rows are."""

from boxout.warehouse.billing import Billing, Spent, billing_of
from boxout.warehouse.copies import told
from boxout.warehouse.duckdb import DuckdbWarehouse
from boxout.warehouse.memory import MemoryWarehouse, Program
from boxout.warehouse.pointers import show_as_of
from boxout.warehouse.port import Interrupted, Move, Pinned, Pins, Row, Standing, Stray, Warehouse
from boxout.warehouse.schema import deployed

__all__ = [
    "Billing",
    "DuckdbWarehouse",
    "Interrupted",
    "MemoryWarehouse",
    "Move",
    "Pinned",
    "Pins",
    "Program",
    "Row",
    "Spent",
    "Standing",
    "Stray",
    "Warehouse",
    "billing_of",
    "deployed",
    "show_as_of",
    "told",
]
