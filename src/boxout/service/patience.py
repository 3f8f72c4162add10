"""How long a connection may take to say what it wants; uvicorn waits for ever for the end of a head."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S_MAX: Final = 10.0
CONNECTIONS_MAX: Final = 1000
"""More at once are answered 503 and sent away: each costs memory, however little it says."""

_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def patient(head_s_max: float = HEAD_S_MAX) -> Callable[..., "Hurried"]:
    """Makes the protocol of each connection: uvicorn's own, in a hurry for the head of a request."""

    def made(**given: Any) -> Hurried:
        return Hurried(H11Protocol(**given), head_s_max)

    return made


class Hurried:
    """A connection whose request must be there, but for its body, so long after its first byte.

    A body has its own limit where it is read, and between two requests uvicorn closes by itself.
    """

    def __init__(self, plain: H11Protocol, head_s_max: float) -> None:
        self._plain = plain
        self._head_s_max = head_s_max
        self._deadline: asyncio.TimerHandle | None = None
        self.data_received = self._hear
        self.eof_received = plain.eof_received
        self.pause_writing = plain.pause_writing
        self.resume_writing = plain.resume_writing

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Somebody is there, and has said nothing yet."""
        self._plain.connection_made(transport)
        self._hurry()

    def _hear(self, part: bytes) -> None:
        """The time does not begin anew with each part of what it says."""
        self._plain.data_received(part)
        if self._plain.conn.their_state is not h11.IDLE:
            self._wait()
        elif self._deadline is None:
            self._hurry()

    def connection_lost(self, error: Exception | None) -> None:
        """Nobody is there any more."""
        self._wait()
        self._plain.connection_lost(error)

    def _hurry(self) -> None:
        self._deadline = self._plain.loop.call_later(self._head_s_max, self._give_up)

    def _wait(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if not self._plain.transport.is_closing():
            self._plain.transport.write(_TOO_SLOW)
            self._plain.transport.close()
