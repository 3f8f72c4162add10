"""Declared tables as expressions without rows."""

from collections.abc import Mapping

from boxout.model import Rows, Table, ibis


def unbound(table: Table, name: str, extra: Mapping[str, str] | None = None) -> Rows:
    """The table as an expression without rows, under the name it will be bound to."""
    return ibis.table({**{c.name: c.dtype for c in table.columns}, **(extra or {})}, name=name)
