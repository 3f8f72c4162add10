"""How far a command is, on stderr; it says what is finished, of all that was asked for."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from boxout.cli import show
from boxout.deferred import deferred

progress = deferred("rich.progress")

T = TypeVar("T")


@dataclass(slots=True)
class Count:
    """How many of how many are finished."""

    total: int
    finished: int = 0
    bar: Any = None
    task: Any = None

    def reach(self, finished: int) -> None:
        """So many are finished by now; a count never goes back, nor beyond the total."""
        self.finished = min(max(self.finished, finished), self.total)
        if self.bar is not None:
            self.bar.update(self.task, completed=self.finished)

    def each(self, things: Iterable[T]) -> Iterator[T]:
        """The things, each counted once it is there."""
        for thing in things:
            self.reach(self.finished + 1)
            yield thing


@contextmanager
def counting(what: str, total: int) -> Generator[Count]:
    """A bar for as long as the block runs, when there is more than one thing to count."""
    count = Count(total)
    console = show.err()
    if total < 2 or not console.is_terminal:
        yield count
        return
    columns = (
        progress.TextColumn(what),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TaskProgressColumn(),
        progress.TimeElapsedColumn(),
    )
    with progress.Progress(*columns, console=console, transient=True) as count.bar:
        count.task = count.bar.add_task(what, total=total)
        yield count
