"""A process that has the warehouse and lets others in, as a service does."""

import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

from boxout.project import CACHE, open_project
from boxout.relay import Door, Relay, write
from chaos.acts import WAIT_S
from chaos.processes import Child

KEY = "5" * 64


def held(folder: Path) -> Child:
    """Such a process, once others can come in; it ends when it is killed."""
    reader, writer = os.pipe()
    child = Child(partial(_holding, folder, writer))
    os.close(writer)
    os.read(reader, 1)
    os.close(reader)
    return child


def _holding(folder: Path, is_open: int) -> None:
    project = open_project(folder)
    with project.working(WAIT_S, is_closed=True) as engine:
        warehouse: Any = engine.warehouse
        relay = Relay(warehouse, engine.graph.tables, project.code(), KEY)
        relay.open()
        write(folder / CACHE, Door(os.getpid(), relay.port, KEY))
        os.write(is_open, b"!")
        signal.pause()
