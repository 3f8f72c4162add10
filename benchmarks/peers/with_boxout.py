"""Boxout, as its command line works: gated, audited and published game by game."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from work import Work

from boxout.model.outcomes import Done
from boxout.project import open_project
from boxout.run import run

KEEPS = "per game: versions, what they read, findings, publications"


def set_up(work: Work) -> None:
    """Nothing: the folder has a project whose sources were landed, and its SQL compiled."""
    work.path.symlink_to("warehouse.duckdb")


@contextmanager
def opened(work: Work) -> Generator[Callable[[str, str], None], None, None]:
    """Brings everything up to date for the dates from first to last."""
    engine = open_project(work.folder).engine()

    def go(first: str, last: str) -> None:
        result = run(engine, first, last, set(engine.graph.processors))
        others = [one for one in result.outcomes.values() if not isinstance(one, Done)]
        if others or not result.outcomes:
            raise RuntimeError(f"{len(others)} of {len(result.outcomes)} not public: {others[:2]}")

    yield go
    engine.warehouse.close()
