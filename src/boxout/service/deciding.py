"""What a person decides, with a reason on record: roll back, waive, acknowledge, force."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from boxout import decided
from boxout.asked import chosen
from boxout.errors import NotReady
from boxout.model.outcomes import Fenced
from boxout.run import RunResult, run
from boxout.run.rollback import Bad, RollbackPlan, plan_rollback, roll_back
from boxout.service.asked_of import Because, Key, Who, Why, dates, once
from boxout.service.desk import Desk
from boxout.service.problems import Problem

Count = Annotated[int | None, Field(ge=1, le=2**53)]


class Target(BaseModel):
    """What is to be taken back, exactly one of: a partition, a publication, a run, a version."""

    model_config = ConfigDict(extra="forbid")

    table: str | None = Field(default=None, max_length=200)
    partition: str | None = Field(default=None, max_length=200)
    publication: Count = None
    run: str | None = Field(default=None, max_length=100)
    version: Count = None

    def bad(self, desk: Desk) -> Bad:
        """The pointers that are to go; DefinitionError when the target is none, or several."""
        where = tuple(one for one in (self.table, self.partition) if one)
        target = decided.Target(where, self.publication, self.run or None, self.version)
        return decided.bad_of(desk.project, desk.engine, target)


class TakeBack(BaseModel):
    """Which target, and the publication on which the plan that was looked at stands."""

    model_config = ConfigDict(extra="forbid")

    reason: Why
    by: Who
    target: Target
    at: int = Field(ge=0, le=2**53, description="`at` of the plan.")


class Forced(BaseModel):
    """Dates whose failed checks are passed; the publication is marked for ever."""

    model_config = ConfigDict(extra="forbid")

    reason: Why
    by: Who
    first: str = Field(max_length=10)
    last: str | None = Field(default=None, max_length=10)
    select: str = Field(default="", max_length=2000)


def routes(desk: Desk) -> APIRouter:
    """What an operator decides."""
    router = APIRouter(tags=["decide"])
    _of_rollback(router, desk)
    _of_waivers(router, desk)
    _of_alerts(router, desk)
    return router


def forcing(desk: Desk) -> APIRouter:
    """What goes past a failed check, and nothing else."""
    router = APIRouter(tags=["force"])

    @router.post("/force")
    async def force(asked: Forced, key: Key = None) -> JSONResponse:
        """Publish past failed checks. It passes neither a gate nor a fence.

        It waits for a run that is under way on these dates, for a while: then it is refused, to be
        asked for again.
        """

        def do() -> dict[str, Any]:
            tables = chosen(desk.project, asked.select)
            first, last = dates(desk, asked.first, asked.last)
            forced = f"{asked.reason} ({asked.by})"
            with desk.worker.alone_on(first, last):
                ran = run(desk.engine, first, last, tables, forced=forced)
            desk.changes.tell()
            _refuse_fenced(ran)
            kinds = {f"{u} {p}": type(one).__name__ for (u, p), one in ran.outcomes.items()}
            return {"run": ran.run, "outcomes": kinds}

        return await once(desk, key, f"force {asked.model_dump_json()}", do)

    return router


def _refuse_fenced(ran: RunResult) -> None:
    """Another process holds what was to be forced: nobody did that, and it may be asked again."""
    fenced = [f"{u} {p}" for (u, p), one in ran.outcomes.items() if isinstance(one, Fenced)]
    if fenced:
        more = f" and {len(fenced) - 1} more" if len(fenced) > 1 else ""
        raise NotReady(
            f"{fenced[0]}{more}: another process is at work on it. Of run {ran.run} the other"
            f" {len(ran.outcomes) - len(fenced)} are as it ended; ask again for these."
        )


def _of_rollback(router: APIRouter, desk: Desk) -> None:
    @router.post("/rollback/plan")
    def planned(asked: Target) -> dict[str, Any]:
        """What would go back to which version, and what came from it. Changes nothing."""
        return _told(plan_rollback(desk.engine, asked.bad(desk), ""))

    @router.post("/rollback")
    async def done(asked: TakeBack, key: Key = None) -> JSONResponse:
        """Take back what the plan at `at` showed: that, or nothing, in one publication."""

        def do() -> dict[str, Any]:
            reason = f"{asked.reason} ({asked.by})"
            plan = plan_rollback(desk.engine, asked.target.bad(desk), reason)
            number = roll_back(desk.engine, plan) if plan.at == asked.at else None
            if number is None:
                raise Problem(
                    409,
                    f"Something was published after publication {asked.at}, on which the plan was"
                    " made. Nothing was changed; look at the new plan.",
                )
            desk.changes.tell()
            desk.worker.wake()
            return {**_told(plan), "publication": number}

        return await once(desk, key, f"rollback {asked.model_dump_json()}", do)


def _told(plan: RollbackPlan) -> dict[str, Any]:
    return {"at": plan.at, "steps": [one._asdict() for one in plan.steps]}


def _of_waivers(router: APIRouter, desk: Desk) -> None:
    @router.post("/waive/{game:path}")
    async def waived(
        game: Annotated[str, Path(max_length=200)], asked: Because, key: Key = None
    ) -> JSONResponse:
        """Say that a game will never come: nobody waits for it any more."""

        def do() -> dict[str, Any]:
            number = decided.waived(desk.engine.ledger, game, asked.reason, asked.by)
            desk.changes.tell()
            return {"partition": game, "publication": number}

        return await once(desk, key, f"waive {game} {asked.model_dump_json()}", do)

    @router.post("/unwaive/{game:path}")
    async def expected(
        game: Annotated[str, Path(max_length=200)], asked: Because, key: Key = None
    ) -> JSONResponse:
        """Take a waiver back: the calendar's word counts again."""

        def do() -> dict[str, Any]:
            number = decided.expected_again(desk.engine, game, asked.reason, asked.by)
            if number is None:
                raise Problem(409, f"{game}: something was published meanwhile. Ask again.")
            desk.changes.tell()
            return {"partition": game, "publication": number}

        return await once(desk, key, f"unwaive {game} {asked.model_dump_json()}", do)


def _of_alerts(router: APIRouter, desk: Desk) -> None:
    @router.post("/acknowledge/{game:path}")
    def acknowledged(game: Annotated[str, Path(max_length=200)]) -> dict[str, Any]:
        """Say that an alert was seen: nobody looks at the game until it is asked for again."""
        units = decided.acknowledged(desk.engine.ledger, game)
        desk.changes.tell()
        return {"partition": game, "units": units}

    @router.post("/messages/{number}/seen")
    def looked_at(number: Annotated[int, Path(ge=0, le=2**53)]) -> dict[str, Any]:
        """Say that a rejected message was seen: it may be deleted when it is old."""
        desk.inbox.see([number])
        desk.changes.tell()
        return {"message": number}
