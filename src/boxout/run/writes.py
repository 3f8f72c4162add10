"""The one place that writes the rows of a version, and the one that makes versions public.

Nobody else calls the stores for it; a test reads the whole source for who does.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from boxout.ledger.records import Day, Published
from boxout.model import Table
from boxout.run.engine import Engine
from boxout.warehouse import Pinned, Warehouse


def write_computed(  # noqa: PLR0917
    engine: Engine,
    table: Table,
    version: int,
    sql: str,
    shaped: Mapping[str, str],
    pins: Mapping[str, Pinned],
) -> None:
    """The rows that a processor computes from exactly the pinned ones, as a version."""
    engine.warehouse.append(table, version, sql, shaped, pins)


def write_landed(engine: Engine, table: Table, version: int) -> None:
    """The rows that this thread staged, as a version."""
    engine.warehouse.keep_staged(table, version)


def write_copied(warehouse: Warehouse, table: Table, versions: Sequence[int], rows: Any) -> None:
    """Rows that are versions of another warehouse, in one in which nothing is public yet."""
    warehouse.keep_copied(table, versions, rows)


def publish(
    engine: Engine,
    attempt: int,
    versions: Sequence[int],
    *,
    calendar: Sequence[Day] = (),
    calendar_dates: Sequence[str] = (),
    forced: str | None = None,
) -> Published:
    """Whatever of these audited versions may go out, in one publication."""
    return engine.ledger.publish(
        attempt, versions, calendar=calendar, calendar_dates=calendar_dates, forced=forced
    )
