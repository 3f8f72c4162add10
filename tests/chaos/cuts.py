"""A line between a ledger and its server that can be cut at any statement, before it, after it was
sent, or after it was answered and before anybody heard the answer.
"""

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Final, NamedTuple

BEFORE, SENT, ANSWERED = "before", "sent", "answered"
MOMENTS: Final = (BEFORE, SENT, ANSWERED)
PLAIN: Final = "sslmode=disable&gssencmode=disable"
"""What the address of a line has to say: who listens in cannot read what is encrypted."""

QUERY, PARSE, BIND, SYNC, READY = b"Q", b"P", b"B", b"S", b"Z"


class Cut(NamedTuple):
    """Which statement, of all that ever went over the line, and when the line breaks there."""

    at: int
    moment: str


@dataclass
class Line:
    """Every connection that goes to a server through here; `said` are the statements so far."""

    target: int
    cut: Cut | None = None
    at_cut: Callable[[], None] | None = None
    said: list[str] = field(default_factory=list)
    is_cut: bool = False
    is_over: Event = field(default_factory=Event)
    port: int = 0
    _lock: Lock = field(default_factory=Lock)
    _listener: socket.socket = field(init=False)

    def open(self) -> None:
        """Begin to listen."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Hear nobody any more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def hears(self, statement: str) -> str | None:
        """Count a statement; the moment at which the line breaks over it, if it does."""
        with self._lock:
            self.said.append(statement)
            if self.cut is None or self.is_cut or len(self.said) - 1 != self.cut.at:
                return None
            self.is_cut = True
            return self.cut.moment

    def broken(self) -> None:
        """What happens when the line breaks, to its end; whoever was at work may be on its way."""
        if self.at_cut is not None:
            self.at_cut()
        self.is_over.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self.target))
                except OSError:
                    client.close()
                    continue
                Wire(self, client, server).begin()


@dataclass
class Wire:
    """One connection: two threads that pass on what each side says."""

    line: Line
    client: socket.socket
    server: socket.socket
    names: dict[bytes, str] = field(default_factory=dict)
    statement: str = ""
    is_deaf: bool = False

    def begin(self) -> None:
        """Pass on from now on, each word at once."""
        for one in (self.client, self.server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for way in (self._ask, self._answer):
            Thread(target=self._passing, args=(way,), daemon=True).start()

    def _passing(self, way: Callable[[], None]) -> None:
        with suppress(OSError, EOFError):
            way()
        self._hang_up()

    def _hang_up(self) -> None:
        for one in (self.client, self.server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _ask(self) -> None:
        (length,) = struct.unpack("!i", first := _exactly(self.client, 4))
        self.server.sendall(first + _exactly(self.client, length - 4))
        held = b""
        while True:
            kind, body = _message(self.client)
            held += kind + struct.pack("!i", len(body) + 4) + body
            self._note(kind, body)
            if kind in {QUERY, SYNC}:
                self._out(held)
                held = b""

    def _out(self, held: bytes) -> None:
        moment = self.line.hears(self.statement)
        if moment is None:
            self.server.sendall(held)
            return
        self.is_deaf = moment == ANSWERED
        if moment != BEFORE:
            self.server.sendall(held)
        if moment != ANSWERED:
            self.line.broken()
            raise EOFError

    def _note(self, kind: bytes, body: bytes) -> None:
        if kind == QUERY:
            self.statement = body.rstrip(b"\0").decode()
        elif kind == PARSE:
            name, text, *_ = body.split(b"\0")
            self.names[name] = self.statement = text.decode()
        elif kind == BIND:
            _, name, *_ = body.split(b"\0")
            self.statement = self.names.get(name, self.statement)

    def _answer(self) -> None:
        while True:
            kind, body = _message(self.server)
            if self.is_deaf and kind == READY:
                self.line.broken()
                raise EOFError
            if not self.is_deaf:
                self.client.sendall(kind + struct.pack("!i", len(body) + 4) + body)


def _message(of: socket.socket) -> tuple[bytes, bytes]:
    head = _exactly(of, 5)
    return head[:1], _exactly(of, struct.unpack("!i", head[1:])[0] - 4)


def _exactly(of: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        more = of.recv(count - len(found))
        if not more:
            raise EOFError
        found += more
    return found


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """A line to the server on this port."""
    line = Line(port)
    line.open()
    try:
        yield line
    finally:
        line.close()
