"""Jobs are done once, whatever breaks: a server that keeps its jobs, and faults on the way to it."""

import random
from threading import Event, Thread
from typing import Any

import pytest

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.warehouse import Interrupted, Spent
from boxout.warehouse.bigquery import Tries
from boxout.warehouse.bigquery.jobs import Jobs, label
from boxout.warehouse.bigquery.wire import Asked
from boxout.warehouse.work import Work

INSERT = "INSERT INTO t SELECT 1"


class Told(Exception):
    """An error as BigQuery tells it."""

    def __init__(self, reason: str, code: int = 400) -> None:
        super().__init__(f"it said {reason}")
        self.errors, self.code = [{"reason": reason}], code


class Job:
    """A job that wrote, or one that failed and wrote nothing."""

    statement_type, total_bytes_processed, total_bytes_billed = "INSERT", 7, 10

    def __init__(self, error: Exception | None = None, *, is_endless: bool = False) -> None:
        self.error, self.error_result = error, None
        self.ended = Event()
        if not is_endless:
            self.end(error)

    def end(self, error: Exception | None) -> None:
        self.error, self.error_result = error, {"reason": "x"} if error else None
        self.ended.set()

    def result(self, **_: Any) -> list[Any]:
        self.ended.wait(30)
        if self.error:
            raise self.error
        return []


class Server:
    """What the wire reaches: of an id one job. `faults` meet one new job each, in order."""

    def __init__(self, *faults: Any) -> None:
        self.faults, self.jobs, self.asked = list(faults), dict[str, Job](), list[Asked]()

    def started(self, job_id: str, asked: Asked, *, is_again: bool = False) -> Job:
        if job_id in self.jobs:
            return self.jobs[job_id]
        self.asked.append(asked)
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Told) and fault.code == 503:
            raise fault
        made = fault if isinstance(fault, Job) else Job()
        self.jobs[job_id] = made
        if isinstance(fault, OSError):
            raise fault
        return made

    def cancel(self, job_id: str) -> None:
        if job_id in self.jobs:
            self.jobs[job_id].end(Told("stopped"))

    @property
    def written(self) -> int:
        return sum(one.ended.is_set() and one.error is None for one in self.jobs.values())


def jobs(server: Server) -> Jobs:
    numbers = iter(range(1000))
    tries = Tries(sleep=lambda _: None, draw=random.Random(0).random)
    return Jobs(server, tries, lambda: str(next(numbers)), Work())  # type: ignore[arg-type]


def write(of: Jobs, sql: str = INSERT) -> None:
    of.write(sql, {"version": 1}, what="append", of="store", versions=[1])


@pytest.mark.parametrize(
    "faults",
    [
        (),
        (Told("", 503), Told("", 503)),
        (ConnectionResetError(),),
        (Job(Told("backendError", 500)), ConnectionResetError()),
        (Told("", 503), Job(Told("rateLimitExceeded", 403)), Job(Told("quotaExceeded", 403))),
    ],
)
def test_whatever_breaks_on_the_way_one_job_writes(faults: tuple[Any, ...]) -> None:
    server = Server(*faults)
    write(jobs(server))
    assert server.written == 1


def test_another_process_that_asks_for_the_same_finds_the_job() -> None:
    server = Server(Job(Told("backendError", 500)))
    write(jobs(server))
    write(jobs(server))
    assert (server.written, len(server.jobs)) == (1, 2)
    write(jobs(server), INSERT + ", 2")
    assert server.written == 2


def test_what_stays_broken_is_told_and_wrote_nothing() -> None:
    server = Server(*(Job(Told("backendError", 500)) for _ in range(99)))
    with pytest.raises(StoreUnavailable, match="in 6 tries"):
        write(jobs(server))
    assert (server.written, len(server.jobs)) == (0, 6)


def test_what_would_cost_more_than_it_may_is_refused_with_how_to_allow_it() -> None:
    server = Server(Job(Told("bytesBilledLimitExceeded")))
    with pytest.raises(DefinitionError, match="maximum_bytes_billed"):
        write(jobs(server))
    assert (server.written, len(server.jobs)) == (0, 1)


def test_who_is_not_let_in_learns_where_the_roles_are() -> None:
    with pytest.raises(StoreUnavailable, match=r"docs/how-to/bigquery\.md"):
        write(jobs(Server(Job(Told("accessDenied", 403)))))


def test_wrong_sql_is_a_bug_and_asked_once() -> None:
    server = Server(Job(Told("invalidQuery")))
    with pytest.raises(Told):
        write(jobs(server))
    assert len(server.jobs) == 1


def test_a_job_that_never_ends_is_cancelled() -> None:
    server = Server(Job(is_endless=True))
    work, raised = Work(), list[type[BaseException]]()
    tries = Tries(sleep=lambda _: None, draw=random.Random(0).random)
    of = Jobs(server, tries, lambda: "1", work)  # type: ignore[arg-type]

    def until_it_ends() -> None:
        try:
            write(of)
        except BaseException as error:  # noqa: BLE001  # the test asks which it was
            raised.append(type(error))

    thread = Thread(target=until_it_ends)
    thread.start()
    while not server.jobs:
        thread.join(0.01)
    assert work.stop(1)
    thread.join(30)
    assert (raised, server.written) == ([Interrupted], 0)
    with pytest.raises(Interrupted):
        write(of)
    assert len(server.jobs) == 1


def test_what_was_asked_is_counted_with_what_is_billed() -> None:
    of = jobs(Server(ConnectionResetError()))
    write(of)
    of.rows("SELECT 1")
    assert of.spent == Spent(2, 14, 20)
    assert of.spent.since(Spent(1, 7, 10)) == Spent(1, 7, 10)


def test_a_job_says_what_it_is_for() -> None:
    server = Server()
    of = jobs(server)
    of.write(INSERT, {}, what="append", of="store", table="Player Game")
    of.rows("SELECT 1", what="audit")
    assert [one.labels for one in server.asked] == [
        {"boxout": "append", "boxout_table": "player_game"},
        {"boxout": "audit"},
    ]
    assert len(label("x" * 99)) == 63


def test_an_estimate_runs_nothing() -> None:
    server = Server()
    assert jobs(server).described(INSERT, {}) == ("INSERT", 7)
    assert [one.is_estimate for one in server.asked] == [True]
