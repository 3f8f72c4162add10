"""The worker inside: takes jobs, does those side by side that share no date, looks after the rest."""

import logging
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, Event, Thread
from typing import Final

from boxout.errors import NotReady, StoreUnavailable
from boxout.run.repair import has_work, touched
from boxout.service.changes import Changes
from boxout.service.jobs import ALL_DATES, Job, jobs_of, merged
from boxout.service.tidying import Tidying
from boxout.service.working import Cut, Work, is_final

LOG = logging.getLogger("boxout")

WAITING_MAX: Final = 1000
"""How many waiting messages are looked at in one go; the others are looked at next."""

TRIES_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class Pace:
    """How often and how long. A burst is gathered for `linger_s` before anything is begun.

    Without a message the ledger is looked at every `look_s`; what moved is followed up once
    nothing came in for `settle_s`; a store that is away is asked again after `away_s`. Whoever wants
    dates for himself waits `alone_s` for what is under way there.
    """

    workers: int = 4
    linger_s: float = 0.02
    look_s: float = 0.5
    settle_s: float = 1.0
    away_s: float = 2.0
    alone_s: float = 10.0
    retention_s: float = 30 * 86400


@dataclass(slots=True)
class Worker:
    """One thread that hands out, and a pool that works.

    What is to be done is asked of the ledger each time: a message that nobody heard of is found
    at the next look, and a crash leaves nothing behind that the next start does not find.
    """

    work: Work
    changes: Changes
    pace: Pace = field(default_factory=Pace)
    active: set[Job] = field(default_factory=set)
    is_ending: Event = field(default_factory=Event)
    _after: list[Job] = field(default_factory=list)
    _tries: dict[int, int] = field(default_factory=dict)
    _moved: Condition = field(default_factory=Condition)
    _has_mail: bool = True
    _quiet_s: float = 0.0
    _tidying: Tidying = field(init=False)
    _thread: Thread | None = None
    _pool: ThreadPoolExecutor | None = None

    def __post_init__(self) -> None:
        self._tidying = Tidying(self.work.engine, self.pace.retention_s)

    def open(self) -> None:
        """Begin; what a process before this one had begun is begun again."""
        self.work.engine.ledger.inbox.give_back()
        self.work.is_cut = self.is_cut
        self._pool = ThreadPoolExecutor(self.pace.workers, "work")
        self._thread = Thread(target=self._go_on, name="worker", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Begin nothing more; runs end after the part they are at, and are taken up next time."""
        self.is_ending.set()
        self.wake()

    def close(self) -> None:
        """End, and wait for what is under way."""
        self.end()
        if self._thread is not None and self._pool is not None:
            self._thread.join()
            self._pool.shutdown()

    def wake(self) -> None:
        """Something came in, or is over."""
        with self._moved:
            self._has_mail = True
            self._moved.notify_all()

    @contextmanager
    def alone_on(self, first: str, last: str) -> Generator[None]:
        """Have dates for oneself: nothing is begun there until the end of the block.

        NotReady when something is under way there for longer than anybody wants to wait.
        """
        mine = Job((), first, last)
        with self._moved:
            if not self._moved.wait_for(lambda: self._is_free(mine), self.pace.alone_s):
                raise NotReady(
                    f"{first} to {last}: a run is under way there, for {self.pace.alone_s:g} s and"
                    " longer. Nothing was begun; what it publishes stays. Ask again when it has ended."
                )
            self.active.add(mine)
        try:
            yield
        finally:
            self._freed(mine)

    def is_cut(self, job: Job) -> bool:
        """Whether a run should end early: the service ends, or a message waits for a chore."""
        return self.is_ending.is_set() or (not job.numbers and self._has_mail)

    def _go_on(self) -> None:
        while not self.is_ending.is_set():
            try:
                self._look()
                pause_s = self.pace.look_s
            except StoreUnavailable as error:
                LOG.warning("The worker looks again later: %s", error)
                pause_s = self.pace.away_s
            with self._moved:
                if not self._has_mail:
                    self._moved.wait(pause_s)
                    self._quiet_s = 0.0 if self._has_mail else self._quiet_s + pause_s
            self.is_ending.wait(self.pace.linger_s)

    def _look(self) -> None:
        with self._moved:
            has_mail, self._has_mail = self._has_mail, False
            free = self.pace.workers - len(self.active)
        inbox = self.work.engine.ledger.inbox
        found = jobs_of(inbox.waiting(WAITING_MAX)) if free > 0 else []
        begun = self._begin_all([*merged(self._after), *found], free)
        if not (has_mail or found or begun or self.active):
            self._chores()

    def _begin_all(self, jobs: Iterable[Job], free: int) -> int:
        begun = 0
        held: list[Job] = []
        for job in jobs:
            if begun == free:
                break
            if all(job.is_beside(one) for one in held) and self._holds(job):
                self._begin(job)
                begun += 1
            else:
                held.append(job)  # nothing newer for these dates overtakes it
        return begun

    def _is_free(self, job: Job) -> bool:
        return all(job.is_beside(one) for one in self.active)

    def _holds(self, job: Job) -> bool:
        """Whether the dates of a job are its own from now on."""
        with self._moved:
            is_free = self._is_free(job)
            if is_free:
                self.active.add(job)
        return is_free

    def _freed(self, job: Job) -> None:
        with self._moved:
            self.active.discard(job)
        self.wake()

    def _begin(self, job: Job) -> None:
        of_job = set(job.numbers)
        self._after = [one for one in self._after if of_job.isdisjoint(one.numbers)]
        try:
            self.work.engine.ledger.inbox.take(job.numbers)
        except BaseException:
            self._freed(job)
            raise
        self._start(job, self._land if job.object else self._run)

    def _start(self, job: Job, do: Callable[[Job], None]) -> None:
        if self._pool is not None:
            self._pool.submit(self._done, job, do)

    def _done(self, job: Job, do: Callable[[Job], None]) -> None:
        try:
            do(job)
            for number in job.numbers:
                self._tries.pop(number, None)
        except Cut:
            self.work.engine.ledger.inbox.give_back(job.numbers)
        except Exception as error:  # noqa: BLE001 - told as an event; a worker outlives its work
            self._failed(job, error)
        finally:
            self.changes.tell()
            self._freed(job)

    def _run(self, job: Job) -> None:
        ran = self.work.compute(job)
        self.work.engine.ledger.inbox.answer(job.numbers, ran)

    def _land(self, job: Job) -> None:
        next_job = self.work.bring_in(job)
        if next_job is None:
            self.work.engine.ledger.inbox.answer(job.numbers, "")
            return
        with self._moved:
            self._after.append(next_job)

    def _failed(self, job: Job, error: Exception) -> None:
        """A store that is away is asked again; what can never be is rejected, with an alert."""
        LOG.warning("%s: %s", job, error, exc_info=error)
        if not job.numbers:
            self._quiet_s = -self.pace.away_s
            self.is_ending.wait(self.pace.away_s)
            return
        inbox, subject = self.work.engine.ledger.inbox, f"messages {list(job.numbers)}"
        tries = max((self._tries.get(number, 0) for number in job.numbers), default=0) + 1
        try:
            if is_final(error) or tries >= TRIES_MAX:
                inbox.reject(job.numbers, str(error) or type(error).__name__)
                self.work.tell("rejected", subject, error)
                return
            self._tries |= dict.fromkeys(job.numbers, tries)
            self.is_ending.wait(self.pace.away_s)
            inbox.give_back(job.numbers)
        except StoreUnavailable:
            LOG.warning("%s is taken up at the next start: the ledger is away", subject)

    def _chores(self) -> None:
        """What nobody asked for: what is due, what moved and was not followed up, what is old."""
        ledger = self.work.engine.ledger
        if self._pool is not None and self._tidying.begin(self.pace.look_s):
            self._pool.submit(self._tidying.do_a_part)
        code = self.work.engine.compiled
        is_due = bool(ledger.due_work(1))
        if is_due or (self._quiet_s >= self.pace.settle_s and has_work(ledger, code)):
            reach = touched(self.work.engine)
            chore = Job((), *(ALL_DATES if is_due or reach is None else reach))
            if self._holds(chore):
                self._start(chore, self.work.mend)
