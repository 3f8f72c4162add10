"""`POST /process` and `POST /process-date-range`: what starts work."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response, Security
from pydantic import BaseModel, ConfigDict, Field

from boxout.asked import chosen
from boxout.errors import DefinitionError, StoreUnavailable
from boxout.ledger import Message, Received
from boxout.service.asks import day_named, message_of, rejected
from boxout.service.desk import Desk
from boxout.service.envelopes import unnamed
from boxout.service.problems import Problem
from boxout.service.pushes import Pushes, let_in
from boxout.service.roles import BEARER, Guard

MESSAGE_BYTES_MAX = 256 * 1024
KEY_MAX = 200


class Range(BaseModel):
    """Dates and tables that are to be brought up to date."""

    model_config = ConfigDict(extra="forbid")

    first: str = Field(description="A date (2026-02-03), TODAY, YESTERDAY or TOMORROW.")
    last: str | None = Field(default=None, description="The same; the first date without it.")
    select: str = Field(
        default="", max_length=2000, description="Tables, as of --select; all without it."
    )


class Accepted(BaseModel):
    """What became of a message: kept under a number, to be followed."""

    message: int = Field(description="The number under which it is kept.")
    state: str = Field(description="waiting, running, answered or rejected.")
    run: str = Field(description="The run that does it, once it is known.")
    reason: str = Field(default="", description="Why it was rejected.")


def messages(desk: Desk, guard: Guard, pushes: Pushes | None) -> APIRouter:
    """Where messages come in: signed, or with a token that may operate."""
    router = APIRouter(tags=["process"])

    @router.post("/process", status_code=202, openapi_extra=DESCRIBED)
    async def process(
        request: Request, response: Response, _: Annotated[object, Security(BEARER)]
    ) -> Accepted:
        """Keep a message, acknowledge it, and do what it asks for.

        A Pub/Sub push envelope, or a CloudEvent, structured or binary. It names a table and a
        date, a game or first and last, or a file. One that cannot be understood is kept with the
        reason and acknowledged all the same: it would be no better the next time.
        """
        await let_in(request, guard, pushes)
        message = await _message(desk, request)
        kept = await desk.mailbox.keep(message)
        if kept.asked.rejected:
            response.status_code = 200
        elif desk.manner.is_inline:
            kept = await _answered(desk, kept)
            response.status_code = 200
        return accepted(kept)

    return router


def dates(desk: Desk) -> APIRouter:
    """Where people and scripts ask for dates."""
    router = APIRouter(tags=["process"])

    @router.post("/process-date-range", status_code=202)
    async def process_date_range(
        asked: Range,
        response: Response,
        idempotency_key: Annotated[str | None, Header(max_length=KEY_MAX)] = None,
    ) -> Accepted:
        """Bring dates up to date: answered at once, with the run to follow."""
        message = _requested(desk, asked, idempotency_key)
        kept = await desk.mailbox.keep(message)
        if kept.asked.meaning != message.meaning:
            raise Problem(422, "This Idempotency-Key was used for another request before.")
        response.headers["Location"] = f"/runs/{kept.asked.promised}"
        if desk.manner.is_inline:
            kept = await _answered(desk, kept)
        return accepted(kept)

    return router


DESCRIBED: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "object"},
                "example": {"message": {"messageId": "1", "data": "e30="}, "subscription": "s"},
            },
            "application/cloudevents+json": {"schema": {"type": "object"}},
        },
    }
}


def accepted(kept: Received) -> Accepted:
    """What whoever sent it is told."""
    run = kept.run or kept.asked.promised
    return Accepted(message=kept.number, state=kept.state, run=run, reason=kept.asked.rejected)


async def _message(desk: Desk, request: Request) -> Message:
    body = bytearray()
    async for part in request.stream():
        body += part[: MESSAGE_BYTES_MAX + 1 - len(body)]
        if len(body) > MESSAGE_BYTES_MAX:
            reason = f"more than {MESSAGE_BYTES_MAX} bytes"
            return rejected(unnamed(bytes(body)), "", reason)
    has_files = desk.manner.files is not None
    return message_of(request.headers, bytes(body), desk.project.pipeline, has_files=has_files)


def _requested(desk: Desk, asked: Range, key: str | None) -> Message:
    zone, now = desk.project.pipeline.calendar.zone, desk.engine.ledger.now()
    first = day_named(asked.first, zone, now)
    last = day_named(asked.last or asked.first, zone, now)
    if last < first:
        raise DefinitionError(f"{first} {last}: the range ends before it begins.")
    chosen(desk.project, asked.select)
    run = desk.engine.new_run()
    meaning = f"range {first}..{last} {asked.select}"
    named = f"key/{key}" if key else f"request/{run}"
    return Message(named, meaning, first, last, asked.select, "", "", "", promised=run)


async def _answered(desk: Desk, kept: Received) -> Received:
    """The message once its run has ended; StoreUnavailable when that takes too long."""
    try:
        async with asyncio.timeout(desk.manner.inline_s_max):
            async for _ in desk.changes.each():
                found = await asyncio.to_thread(desk.inbox.message, kept.number)
                if found is not None and found.state in {"answered", "rejected"}:
                    return found
    except TimeoutError:
        pass
    raise StoreUnavailable(
        f"Message {kept.number} is kept, and its work goes on at the next request. Send it again."
    )
