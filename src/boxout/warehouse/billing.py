"""Warehouses that are paid by what they read: what was asked of them, and what something would cost."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol, cast

from boxout.model import Table
from boxout.warehouse.port import Pins, Warehouse


class Spent(NamedTuple):
    """What was asked so far, and what is billed for it."""

    jobs: int = 0
    bytes_processed: int = 0
    bytes_billed: int = 0

    def since(self, before: "Spent") -> "Spent":
        """What came after an earlier look."""
        return Spent(*(now - then for now, then in zip(self, before, strict=True)))


class Billing(Protocol):
    """What a warehouse that is paid by what it reads can say."""

    @property
    def spent(self) -> Spent:
        """What this process has asked so far."""
        ...

    @property
    def bytes_billed_max(self) -> int:
        """What no statement may go beyond."""
        ...

    def estimate(self, table: Table, sql: str, shaped: Mapping[str, str], pins: Pins) -> int:
        """The bytes that an append of this would read, at most; nothing is written."""
        ...


def billing_of(warehouse: Warehouse) -> Billing | None:
    """What a warehouse can say of its costs; None when it costs nothing."""
    limit = getattr(warehouse, "bytes_billed_max", None)
    return cast("Billing", warehouse) if isinstance(limit, int) else None
