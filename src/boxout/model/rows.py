"""The types a processor is written in: Ibis tables and columns, imported at first use."""

from typing import TYPE_CHECKING, Any, TypeAlias

from boxout.deferred import deferred

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue, Table

    Rows: TypeAlias = Table
    Predicate: TypeAlias = BooleanValue
else:
    ibis = deferred("ibis")
    Rows = Any
    Predicate = Any

Measure: TypeAlias = Any

__all__ = ["Measure", "Predicate", "Rows", "ibis"]
