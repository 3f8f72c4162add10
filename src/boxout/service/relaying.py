"""The command line finds a running service, and works through it."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from boxout.project import CACHE
from boxout.relay import Door, Relay, forget, write
from boxout.service.desk import Desk
from boxout.warehouse import DuckdbWarehouse

KEY_PARTS = 4
"""Run ids of twelve hexadecimal digits: 192 bits that nobody guesses."""


@contextmanager
def relayed(desk: Desk) -> Generator[None]:
    """Let commands of this user on this machine use the warehouse, until the end of the block.

    One in BigQuery is held by nobody: they use it themselves.
    """
    if not isinstance(desk.project.warehouse_at, Path):
        yield
        return
    key = "".join(desk.engine.new_run() for _ in range(KEY_PARTS))
    warehouse = cast("DuckdbWarehouse", desk.engine.warehouse)
    relay = Relay(warehouse, desk.engine.graph.tables, desk.project.code(), key, desk.changes.tell)
    relay.open()
    folder = desk.project.folder / CACHE
    try:
        write(folder, Door(os.getpid(), relay.port, key))
        yield
    finally:
        forget(folder)
        relay.close()
