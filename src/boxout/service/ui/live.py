"""What a page needs beside itself: its style, its scripts, and word of every change."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from boxout.pages import ASSETS, asset
from boxout.service.desk import Desk
from boxout.service.problems import Problem

LOOK_S: Final = 0.4
"""How often the ledger is asked whether another process published."""

QUIET_S: Final = 0.25
"""Between two words to one page: a burst is told once."""

KEPT: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
NOT_KEPT: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def assets() -> APIRouter:
    """Style and scripts, by the digest of what is in them."""
    router = APIRouter(include_in_schema=False)

    @router.get("/ui/assets/{digest}/{name}")
    def one(digest: str, name: str) -> Response:
        if ASSETS.get(name) is None or asset(name).digest != digest:
            raise Problem(404, "No such file.")
        found = asset(name)
        return Response(found.body, media_type=ASSETS[name], headers=KEPT)

    return router


def listening(router: APIRouter, desk: Desk) -> None:
    """The stream that a page listens to."""

    @router.get("/ui/live")
    async def live() -> StreamingResponse:
        return StreamingResponse(changes(desk), media_type="text/event-stream", headers=NOT_KEPT)


async def changes(desk: Desk) -> AsyncGenerator[str]:
    """A word for every change, the first at once: nothing is missed between a page and its stream."""
    yield "retry: 1000\n\n"
    head, number = -1, 0
    each = desk.changes.each()
    moved = asyncio.ensure_future(anext(each, None))
    try:
        while True:
            done, _ = await asyncio.wait({moved}, timeout=LOOK_S)
            now = await asyncio.to_thread(desk.engine.ledger.head)
            if done:
                if moved.result() is None:
                    return
                moved = asyncio.ensure_future(anext(each, None))
            if done or now != head:
                head, number = now, number + 1
                yield f"event: changed\ndata: {number}\n\n"
                await asyncio.sleep(QUIET_S)
    finally:
        moved.cancel()
        await asyncio.wait({moved})
        await each.aclose()
