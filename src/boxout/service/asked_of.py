"""What the routes share: ranges, partitions, pages, and requests that are done once."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeAlias

from fastapi import Header, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from boxout.errors import DefinitionError, NotReady
from boxout.report import Seen, look, plain
from boxout.service.asks import day_named
from boxout.service.desk import Desk
from boxout.service.problems import Problem

PAGE: int = 50
PAGE_MAX: int = 500
KEY_MAX: int = 200

First: TypeAlias = Annotated[
    str, Query(max_length=10, description="A date, TODAY, YESTERDAY or TOMORROW.")
]
Last: TypeAlias = Annotated[
    str | None, Query(max_length=10, description="The same; the first date without it.")
]
Select: TypeAlias = Annotated[
    str, Query(max_length=2000, description="Tables, as of --select; all without it.")
]
TableName: TypeAlias = Annotated[str, Query(max_length=200, description="A table.")]
Partition: TypeAlias = Annotated[
    str, Query(max_length=200, description="A game (2026-02-03/BOS@LAL) or a date.")
]
Limit: TypeAlias = Annotated[int, Query(ge=1, le=PAGE_MAX, description="How many of them.")]
Key: TypeAlias = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=KEY_MAX,
        description="The same key and request again gets the same answer, and does nothing twice.",
    ),
]


Why: TypeAlias = Annotated[str, Field(min_length=1, max_length=1000)]
Who: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]


class Because(BaseModel):
    """A person's decision: why, and who says so. Both stay on record for ever."""

    model_config = ConfigDict(extra="forbid")

    reason: Why
    by: Who


class Page(BaseModel):
    """Some of many; `next` is the cursor of what follows, null at the end."""

    items: list[dict[str, Any]]
    next: str | None


def paged(items: Sequence[Any], limit: int, cursor: Callable[[Any], Any]) -> Page:
    """A page, of one item more than it may have: that one says whether anything follows."""
    shown = items[:limit]
    following = str(cursor(shown[-1])) if len(items) > limit else None
    return Page(items=[plain(one) for one in shown], next=following)


def dates(desk: Desk, first: str, last: str | None) -> tuple[str, str]:
    """The first and the last date; DefinitionError when they are none."""
    zone, now = desk.project.pipeline.calendar.zone, desk.engine.ledger.now()
    begin = day_named(first, zone, now)
    end = begin if last is None else day_named(last, zone, now)
    if end < begin:
        raise DefinitionError(f"{begin} {end}: the range ends before it begins.")
    return begin, end


def seen(desk: Desk, first: str, last: str) -> Seen:
    """What the ledger knows of these dates."""
    engine = desk.engine
    parts = (engine.ledger, engine.pipeline, engine.graph, engine.fingerprints)
    return look(*parts, first, last)


async def once(
    desk: Desk, key: str | None, request: str, do: Callable[[], dict[str, Any]]
) -> JSONResponse:
    """Do what is asked for, in a thread; with a key once, and give the same answer again.

    Only what was done is kept: what was refused may be asked for again with the same key.
    """
    if key is None:
        return JSONResponse(plain(await asyncio.to_thread(do)))
    return await asyncio.to_thread(
        _done_once, desk, f"{request.partition(' ')[0]} {key}", request, do
    )


def _done_once(
    desk: Desk, key: str, request: str, do: Callable[[], dict[str, Any]]
) -> JSONResponse:
    known = desk.inbox.begin_answer(key, request)
    if known is None:
        try:
            answer = plain(do())
        except BaseException:
            desk.inbox.forget_answer(key)
            raise
        desk.inbox.keep_answer(key, 200, json.dumps(answer))
        return JSONResponse(answer)
    if known.asked != request:
        raise Problem(422, "This Idempotency-Key was used for another request before.")
    if known.status is None:
        raise NotReady("The first request with this Idempotency-Key is not done yet.")
    return JSONResponse(json.loads(known.body), known.status)
