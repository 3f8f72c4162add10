"""Where the rows are."""

from boxout.warehouse.duckdb import DuckdbWarehouse
from boxout.warehouse.port import Interrupted, Move, Pins, Row, Warehouse

__all__ = ["DuckdbWarehouse", "Interrupted", "Move", "Pins", "Row", "Warehouse"]
