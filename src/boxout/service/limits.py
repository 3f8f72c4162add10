"""What a request may cost before anybody has looked at it: its size and its time."""

import asyncio
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from boxout.service.problems import refused

BODY_BYTES_MAX: Final = 1024 * 1024
BODY_S_MAX: Final = 20.0
PUSH: Final = "/process"
PUSH_BYTES_MAX: Final = 16 * 1024 * 1024
"""More than Pub/Sub sends. What is too large for us is acknowledged there, or it came for ever."""


class Limited:
    """An application of which no request may be large, or slow to arrive."""

    def __init__(
        self, app: ASGIApp, bytes_max: int = BODY_BYTES_MAX, body_s_max: float = BODY_S_MAX
    ) -> None:
        self.app, self.bytes_max, self.body_s_max = app, bytes_max, body_s_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        bytes_max = PUSH_BYTES_MAX if scope["path"] == PUSH else self.bytes_max
        if _declared(scope) > bytes_max:
            await refused(413, _too_large(bytes_max), CLOSE)(scope, receive, send)
            return
        await self.app(scope, _Counted(receive, bytes_max, self.body_s_max), send)


class _Counted:
    """The body as it arrives; once it is there, whoever waits for the end may wait for ever."""

    def __init__(self, receive: Receive, bytes_max: int, body_s_max: float) -> None:
        self.receive, self.bytes_max, self.body_s_max = receive, bytes_max, body_s_max
        self.is_whole = False
        self.count = 0
        self.deadline: float | None = None

    async def __call__(self) -> Any:
        """The next part of it."""
        if self.is_whole:
            return await self.receive()
        now = asyncio.get_running_loop().time()
        self.deadline = now + self.body_s_max if self.deadline is None else self.deadline
        try:
            async with asyncio.timeout_at(self.deadline):
                message = await self.receive()
        except TimeoutError as error:
            raise HTTPException(408, "The body did not arrive in time.", CLOSE) from error
        self.count += len(message.get("body", b""))
        self.is_whole = not message.get("more_body", False)
        if self.count > self.bytes_max:
            raise HTTPException(413, _too_large(self.bytes_max), CLOSE)
        return message


CLOSE: Final = {"Connection": "close"}


def _too_large(bytes_max: int) -> str:
    return f"More than {bytes_max} bytes."


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
