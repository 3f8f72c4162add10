"""Questions about what happened and what is public; nothing here changes anything."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from boxout.asked import chosen, known
from boxout.errors import DefinitionError
from boxout.model.partitions import AFTER, date_of
from boxout.report import history, plain, status, why
from boxout.run import make_plan
from boxout.run.audit import KINDS, audit
from boxout.run.diff import diff
from boxout.run.prove import prove, replay
from boxout.service.asked_of import (
    PAGE,
    First,
    Last,
    Limit,
    Page,
    Partition,
    Select,
    TableName,
    dates,
    paged,
    seen,
)
from boxout.service.desk import Desk
from boxout.service.problems import Problem

Number = Annotated[int | None, Query(ge=0, le=2**53)]
Cursor = Annotated[str | None, Query(max_length=100, description="The next of a page before.")]


def routes(desk: Desk) -> APIRouter:
    """Every question."""
    router = APIRouter(tags=["read"])
    _of_runs(router, desk)
    _of_messages(router, desk)
    _of_dates(router, desk)
    _of_partitions(router, desk)
    _of_rows(router, desk)
    return router


def _of_runs(router: APIRouter, desk: Desk) -> None:
    @router.get("/runs")
    def runs(limit: Limit = PAGE, cursor: Cursor = None) -> Page:
        """The runs, newest first."""
        return paged(desk.inbox.runs(limit + 1, before=cursor), limit, lambda one: one.run)

    @router.get("/runs/{run}")
    def one_run(run: Annotated[str, Path(max_length=100)]) -> dict[str, Any]:
        """A run: whether it was begun, how it ended, and what it published."""
        found = desk.inbox.ran(run)
        if found is None and (message := desk.inbox.promised(run)):
            return {"run": run, "state": message.state, "message": message.number}
        if found is None:
            raise Problem(404, f"{run}: no such run.")
        state = "running" if found.ended_at is None else "ended"
        published = desk.engine.ledger.publications(1000, run=run)
        return plain({"state": state, **found._asdict(), "publications": published})


def _of_messages(router: APIRouter, desk: Desk) -> None:
    @router.get("/messages")
    def messages(
        limit: Limit = PAGE,
        cursor: Annotated[int | None, Query(ge=0, le=2**53)] = None,
        is_rejected: Annotated[bool | None, Query(alias="rejected")] = None,
    ) -> Page:
        """The messages that came in, newest first; all, or those that were rejected or were not."""
        found = desk.inbox.messages(limit + 1, before=cursor, is_rejected=is_rejected)
        page = paged(found, limit, lambda one: one.number)
        for told, one in zip(page.items, found, strict=False):
            told["state"] = one.state
        return page

    @router.get("/messages/{number}")
    def message(number: Annotated[int, Path(ge=0, le=2**53)]) -> dict[str, Any]:
        """One message, and what became of it."""
        found = desk.inbox.message(number)
        if found is None:
            raise Problem(404, f"{number}: no such message.")
        return plain({"state": found.state, **found._asdict()})

    @router.get("/waiting")
    def waiting() -> dict[str, Any]:
        """What was asked for and is not public: since when, the next look, until when, and why."""
        return {"work": plain(desk.engine.ledger.work("", AFTER))}


def _of_dates(router: APIRouter, desk: Desk) -> None:
    @router.get("/graph")
    def graph() -> dict[str, Any]:
        """Each table, and the tables that it is computed from."""
        of = desk.engine.graph
        return {"tables": {name: sorted(of.parents(name)) for name in of.tables}}

    @router.get("/plan")
    def plan(first: First, last: Last = None, select: Select = "") -> dict[str, Any]:
        """What would run, wait or be kept on these dates, and why."""
        tables = chosen(desk.project, select)
        found = make_plan(desk.engine, *dates(desk, first, last), tables)
        steps = [
            {**one._asdict(), "reasons": [str(reason) for reason in one.reasons]}
            for one in found.steps
        ]
        return {"snapshot": found.snapshot, "steps": plain(steps)}

    @router.get("/status")
    def states(first: First, last: Last = None) -> dict[str, Any]:
        """How many partitions of each table and date are fresh, stale, waiting, withheld, missing."""
        begin, end = dates(desk, first, last)
        return plain(status(seen(desk, begin, end), begin, end))

    @router.get("/audit")
    def audited(first: First, last: Last = None) -> dict[str, Any]:
        """Whether anybody went round the checks: what is public, recomputed and compared."""
        found = audit(desk.engine, *dates(desk, first, last))
        return plain({**found._asdict(), "kinds": KINDS})


def _of_partitions(router: APIRouter, desk: Desk) -> None:
    @router.get("/why")
    def reasons(table: TableName, partition: Partition) -> dict[str, Any]:
        """Why a table's partition is as it is, with both sides of every comparison."""
        known(desk.project, desk.engine.ledger, table, partition)
        day = date_of(partition)
        return plain(why(seen(desk, day, day), table, partition))

    @router.get("/history")
    def versions(
        table: TableName, partition: Partition, limit: Limit = PAGE, cursor: Number = None
    ) -> Page:
        """Every version of a table's partition that was ever public, newest first."""
        known(desk.project, desk.engine.ledger, table, partition)
        found = history(desk.engine.ledger, table, partition)
        rest = [one for one in found if cursor is None or one.publication < cursor]
        return paged(rest[: limit + 1], limit, lambda one: one.publication)


def _of_rows(router: APIRouter, desk: Desk) -> None:
    @router.get("/diff")
    def differences(
        table: TableName, partition: Partition, before: Number = None, after: Number = None
    ) -> dict[str, Any]:
        """What differs between two publications; between the last two without their numbers."""
        ledger = desk.engine.ledger
        known(desk.project, ledger, table, partition)
        moments = [pointer.since for pointer, _ in ledger.history(table, partition)]
        head = ledger.head()
        late = head if after is None else after
        early = (moments[1] if len(moments) > 1 else 0) if before is None else before
        if not 0 <= early <= late <= head:
            raise DefinitionError(f"{early} to {late}: there are publications 1 to {head}")
        found = list(diff(desk.engine, table, (partition, partition), early, late))
        return plain({"from": early, "to": late, "partitions": found})

    @router.get("/prove")
    def proof(
        table: TableName,
        partition: Partition,
        *,
        is_replayed: Annotated[bool, Query(alias="replay")] = False,
    ) -> dict[str, Any]:
        """Everything a public number rests on; with `replay` it is computed again and compared."""
        known(desk.project, desk.engine.ledger, table, partition)
        found = prove(desk.engine, table, partition)
        again = replay(desk.engine, table, partition) if is_replayed else None
        told = again and {**again._asdict(), "is_equal": again.is_equal}
        return plain({"proof": found, "replayed": told})
