"""Where the rows are."""

from boxout.warehouse.duckdb import DuckdbWarehouse
from boxout.warehouse.memory import MemoryWarehouse
from boxout.warehouse.port import Pins, Warehouse

__all__ = ["DuckdbWarehouse", "MemoryWarehouse", "Pins", "Warehouse"]
