"""What every way into the service shares: the project, its engine, what came in, what moves."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from boxout.ledger import Inbox
from boxout.project import Project
from boxout.run import Engine
from boxout.service.changes import Changes
from boxout.service.mailbox import Mailbox
from boxout.service.worker import Pace, Worker
from boxout.service.working import Work
from boxout.telemetry import Metrics, observed


@dataclass(frozen=True, slots=True)
class Manner:
    """How the service works.

    `files` is the folder below which the files lie that messages name. With `is_inline` a message
    is answered when its work is done, for platforms that compute only during a request, and no
    later than after `inline_s_max`.
    """

    files: Path | None = None
    is_inline: bool = False
    inline_s_max: float = 540
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True)
class Desk:
    """The project and its engine, open for as long as the service runs; threads share it.

    `engine.ledger` answers what happened and what is public, `engine.warehouse` has the rows,
    `changes` tells when to look again. `metrics` count what the engine does, where they can.
    """

    project: Project
    engine: Engine
    changes: Changes
    mailbox: Mailbox
    worker: Worker
    manner: Manner
    metrics: Metrics | None = None

    @property
    def inbox(self) -> Inbox:
        """The messages that came in."""
        return self.engine.ledger.inbox

    def begin(self) -> None:
        """Keep what comes in, and work on it."""
        self.worker.open()
        self.mailbox.open()

    def end(self) -> None:
        """Keep what has come in; end what is under way, and leave the rest for the next start."""
        self.worker.end()
        self.mailbox.close()
        self.worker.close()


@contextmanager
def opened(
    project: Project, wait_s_max: float = 0, manner: Manner | None = None
) -> Generator[Desk]:
    """The desk of a project; its files are held until the end of the block."""
    with project.working(wait_s_max, is_closed=True) as engine:
        if find_spec("prometheus_client") is None:
            yield desk_on(project, engine, manner or Manner())
            return
        metrics = Metrics(engine.ledger)
        counted = observed(engine, [metrics], perf_counter)
        yield replace(desk_on(project, counted, manner or Manner()), metrics=metrics)


def desk_on(project: Project, engine: Engine, manner: Manner) -> Desk:
    """The desk of an engine that is open; nothing is begun yet."""
    changes = Changes()
    worker = Worker(Work(engine, manner.files), changes, manner.pace)

    def on_mail() -> None:
        changes.tell()
        worker.wake()

    return Desk(project, engine, changes, Mailbox(engine.ledger, on_mail), worker, manner)
