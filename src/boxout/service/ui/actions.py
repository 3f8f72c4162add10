"""What a person decides on a page: taken back, waived; always with a reason, always shown first."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from boxout import decided
from boxout.errors import DefinitionError, StoreUnavailable
from boxout.run.rollback import RollbackPlan, plan_rollback, roll_back
from boxout.service.desk import Desk
from boxout.service.problems import Problem
from boxout.service.ui.chrome import fragment

FORM_BYTES_MAX = 20_000
Name = Annotated[str, Path(max_length=200)]
Form = Mapping[str, str]


async def sent(request: Request) -> Form:
    """The form of a page of ours.

    The header of its script is what no page of another site can send: its own browser would first
    ask here whether it may.
    """
    if request.headers.get("hx-request") != "true":
        raise Problem(403, "Only the dashboard's own pages may ask for this. Nothing was done.")
    body = await request.body()
    if len(body) > FORM_BYTES_MAX:
        raise Problem(413, "The form is too large. Nothing was done.")
    found = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
    return {name: values[-1].strip() for name, values in found.items()}


Sent = Annotated[Form, Depends(sent)]


def actions(desk: Desk) -> APIRouter:
    """Everything that changes what is public or waited for."""
    router = APIRouter(include_in_schema=False)
    _of_rollback(router, desk)
    _of_waivers(router, desk)
    _of_messages(router, desk)
    return router


def _of_rollback(router: APIRouter, desk: Desk) -> None:
    @router.post("/ui/rollback/plan/{table}/{where:path}")
    async def planned(table: Name, where: Name, form: Sent) -> HTMLResponse:
        def given() -> tuple[str, dict[str, Any]]:
            plan = _plan(desk, table, where, form)
            return "plan.html", {"plan": plan, "table": table, "partition": where, "form": form}

        return await run_in_threadpool(fragment, given)

    @router.post("/ui/rollback/{table}/{where:path}")
    async def done(table: Name, where: Name, form: Sent) -> HTMLResponse:
        def given() -> tuple[str, dict[str, Any]]:
            number = _taken_back(desk, table, where, form)
            told = f"Taken back by publication {number}. Rolling that back undoes it."
            return "done.html", {"told": told}

        return await run_in_threadpool(fragment, given)


def _plan(desk: Desk, table: str, where: str, form: Form) -> RollbackPlan:
    said = _said(form)
    bad = decided.bad_of(desk.project, desk.engine, decided.Target((table, where)))
    return plan_rollback(desk.engine, bad, said)


def _taken_back(desk: Desk, table: str, where: str, form: Form) -> int:
    """The publication; what was shown is what is done, or nothing."""
    plan = _plan(desk, table, where, form)
    number = roll_back(desk.engine, plan) if form.get("at") == str(plan.at) else None
    if number is None:
        raise StoreUnavailable(
            "Something was published after the plan was made. Nothing was changed; look at the"
            " new plan."
        )
    desk.changes.tell()
    desk.worker.wake()
    return number


def _of_waivers(router: APIRouter, desk: Desk) -> None:
    @router.post("/ui/waive/{where:path}")
    async def waived(where: Name, form: Sent) -> HTMLResponse:
        def given() -> tuple[str, dict[str, Any]]:
            reason, by = _reason(form), _by(form)
            number = decided.waived(desk.engine.ledger, where, reason, by)
            desk.changes.tell()
            return "done.html", {"told": f"Waived by publication {number}: nobody waits for it."}

        return await run_in_threadpool(fragment, given)

    @router.post("/ui/unwaive/{where:path}")
    async def expected(where: Name, form: Sent) -> HTMLResponse:
        def given() -> tuple[str, dict[str, Any]]:
            reason, by = _reason(form), _by(form)
            number = decided.expected_again(desk.engine, where, reason, by)
            if number is None:
                raise StoreUnavailable(f"{where}: something was published meanwhile. Ask again.")
            desk.changes.tell()
            return "done.html", {"told": f"Expected again since publication {number}."}

        return await run_in_threadpool(fragment, given)


def _of_messages(router: APIRouter, desk: Desk) -> None:
    @router.post("/ui/seen/{number}")
    async def looked_at(number: Annotated[int, Path(ge=0, le=2**53)], form: Sent) -> HTMLResponse:
        def given() -> tuple[str, dict[str, Any]]:
            desk.inbox.see([number])
            desk.changes.tell()
            return "done.html", {
                "told": "Seen." if not form.get("by") else f"Seen by {form['by']}."
            }

        return await run_in_threadpool(fragment, given)


def _reason(form: Form) -> str:
    reason = form.get("reason", "")
    if not reason or len(reason) > 1000:
        raise DefinitionError("Say why, in up to 1,000 characters; it stays on record for ever.")
    return reason


def _by(form: Form) -> str:
    by = form.get("by", "")
    if not by or len(by) > 200:
        raise DefinitionError("Say who you are; it stays on record with the reason.")
    return by


def _said(form: Form) -> str:
    """The reason and whose it is, as it stays on record."""
    return f"{_reason(form)} ({_by(form)})"
