"""Every answer that may ever be public, each from a clean project of its own."""

from collections.abc import Mapping
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, TypeAlias

from boxout.run import Engine
from chaos import nights
from chaos.acts import landing, new_project, opened, running
from chaos.processes import Child, scratch

Read: TypeAlias = tuple[str, str | None]
"""Which variants of the gamebook and of the team box score; None when there was none to read."""

Rows: TypeAlias = list[tuple[Any, ...]]
Truth: TypeAlias = Mapping[Read, Mapping[tuple[str, str], Rows]]
"""What the public tables hold, by what was read and then by (table, partition)."""

BOXES = [one for one in nights.VARIANTS[nights.TEAM_BOX] if one not in nights.UNREADABLE]
READS: list[Read] = [
    (book, box)
    for book, box in product(nights.VARIANTS[nights.GAMEBOOK], (None, *BOXES))
    if box not in nights.UNTRUE
]


def computed(files: Path, compiled: Path) -> Truth:
    """One clean serial run for everything that can be read, each in a process of its own."""
    children = [(read, Child(partial(_clean, files, compiled, read))) for read in READS]
    found: dict[Read, Mapping[tuple[str, str], Rows]] = {}
    for read, child in children:
        ended = child.wait()
        if ended.error is not None:
            raise RuntimeError(ended.error)
        found[read] = ended.answer
    return found


def _clean(files: Path, compiled: Path, read: Read) -> Mapping[tuple[str, str], Rows]:
    book, box = read
    with scratch() as folder:
        new_project(Path(folder), compiled)
        with opened(Path(folder)) as engine:
            for reader, variant in (
                (nights.SCHEDULE, "first"),
                (nights.GAMEBOOK, book),
                (nights.TEAM_BOX, box),
            ):
                if variant is not None:
                    landing(engine, files, nights.Arrival(reader, nights.ALL, variant))
            running(engine)
            return public(engine)


def public(engine: Engine) -> dict[tuple[str, str], Rows]:
    """The rows of every public derived partition, in the order of their key."""
    found: dict[tuple[str, str], Rows] = {}
    for name, one in engine.graph.processors.items():
        key = ", ".join(one.target.key)
        for row in engine.warehouse.query(f'FROM "{name}" ORDER BY {key}'):
            found.setdefault((name, row[one.target.scheme.column]), []).append(tuple(row.values()))
    return found
