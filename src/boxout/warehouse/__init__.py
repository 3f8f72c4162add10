"""Where the rows are."""

from boxout.warehouse.duckdb import DuckdbWarehouse
from boxout.warehouse.port import Pins, Warehouse

__all__ = ["DuckdbWarehouse", "Pins", "Warehouse"]
