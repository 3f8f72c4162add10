"""What is done for a job: a file landed, a run; and what nobody asked for but is due."""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

from boxout.errors import BoxoutError, DefinitionError, StoreUnavailable, Withheld
from boxout.graph import select
from boxout.ledger import Event
from boxout.model.partitions import date_of
from boxout.run import Engine, Landed, find_readers, land, run
from boxout.run.repair import mend
from boxout.service.jobs import Job
from boxout.telemetry import is_installed, traced

LOG = logging.getLogger("boxout")

FILES_REMEMBERED = 10_000


class Cut(Exception):
    """Somebody else's work comes first, or the service ends: what is not done is done later."""


@dataclass(slots=True)
class Work:
    """An engine, the folder of files, and when to stop; threads share it.

    A file that was landed whole and has not changed since is not landed again: `landed` keeps,
    for the latest of them, which bytes it was and which dates it held. Spans go to `tracer`, or to
    OpenTelemetry's global provider.
    """

    engine: Engine
    files: Path | None
    is_cut: Callable[[Job], bool] = lambda _: False
    tracer: Any = None
    _landed: OrderedDict[str, tuple[tuple[int, int], frozenset[str], tuple[str, str] | None]] = (
        field(default_factory=OrderedDict)
    )
    _lock: Lock = field(default_factory=Lock)

    def compute(self, job: Job) -> str:
        """Bring the job's dates up to date; the run that did it."""
        tables = self._derived(job.selected)
        if not tables:
            return ""
        engine = self.engine
        if job.promised:
            engine = replace(engine, new_run=lambda: job.promised)
        with self._traced(engine, job.trace) as seen:
            ran = run(seen, job.first, job.last, tables, progress=lambda *_: self._go_on(job))
        return ran.run

    def _traced(self, engine: Engine, trace: str) -> AbstractContextManager[Engine]:
        """The engine under the trace of whoever asked, where traces can be made."""
        if not is_installed("opentelemetry", "opentelemetry.sdk"):
            return nullcontext(engine)
        return traced(engine, trace, self.tracer)

    def _derived(self, selectors: Iterable[str]) -> set[str]:
        graph = self.engine.graph
        named = set(graph.tables) if not selectors else select(graph, " ".join(sorted(selectors)))
        return named & set(graph.processors)

    def _go_on(self, job: Job) -> None:
        if self.is_cut(job):
            raise Cut

    def bring_in(self, job: Job) -> Job | None:
        """Land the job's file; the job of computing what it holds, None when that is nothing."""
        path = self._path(job.object)
        written = path.stat()
        is_as_known = (written.st_mtime_ns, written.st_size)
        with self._lock:
            known = self._landed.get(job.object)
        if known is None or known[0] != is_as_known:
            done = self._all_landed(path)
            known = (is_as_known, frozenset(f"{one.table}+" for one in done), _reach(done))
            self._remember(job.object, known, done)
        _, selected, reach = known
        if reach is None:
            return None
        return job._replace(first=reach[0], last=reach[1], selected=selected, object="")

    def _path(self, stored: str) -> Path:
        """The file, below the folder also when links are followed."""
        if self.files is None:
            raise DefinitionError(f"{stored}: no folder of files is served. Nothing was landed.")
        path = self.files / stored
        if not path.resolve().is_relative_to(self.files.resolve()):
            raise DefinitionError(f"{stored}: not below the folder of files. Nothing was landed.")
        if not path.is_file():
            raise DefinitionError(f"{stored}: no such file. Nothing was landed.")
        return path

    def _all_landed(self, path: Path) -> list[Landed]:
        calendar = self.engine.pipeline.calendar.table
        readers = find_readers(self.engine.pipeline, path, "")
        readers.sort(key=lambda one: one.table != calendar)
        return [land(self.engine, path, one) for one in readers]

    def _remember(
        self,
        stored: str,
        known: tuple[tuple[int, int], frozenset[str], tuple[str, str] | None],
        done: list[Landed],
    ) -> None:
        if any(one.withheld or one.faults for one in done):
            return
        with self._lock:
            self._landed[stored] = known
            while len(self._landed) > FILES_REMEMBERED:
                self._landed.popitem(last=False)

    def mend(self, chore: Job) -> None:
        """Look at what is due and repair what moved since the last time."""
        mend(self.engine, lambda *_: self._go_on(chore))

    def tell(self, kind: str, subject: str, error: Exception) -> None:
        """An event, for people to hear of."""
        at = self.engine.ledger.now()
        event = Event(at, "", "", "", kind, subject, str(error), "")
        try:
            self.engine.ledger.record_events([event])
        except StoreUnavailable:
            LOG.warning("%s: %s", subject, error)


def is_final(error: Exception) -> bool:
    """Whether asking again would end the same way: the request is wrong, or the file is."""
    return isinstance(error, DefinitionError | Withheld) or not isinstance(
        error, BoxoutError | OSError
    )


def _reach(done: Iterable[Landed]) -> tuple[str, str] | None:
    days = [date_of(p) for one in done for p in (*one.published, *one.unchanged, *one.withheld)]
    return (min(days), max(days)) if days else None
