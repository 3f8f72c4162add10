"""The process: its socket, its signals, its end."""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from ipaddress import ip_address
from signal import SIGINT, SIGTERM, signal
from types import FrameType
from typing import Any, NamedTuple

import uvicorn
from starlette.types import ASGIApp

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.service.app import build
from boxout.service.desk import Desk
from boxout.service.patience import CONNECTIONS_MAX, HEAD_S_MAX, patient
from boxout.service.pushes import Pushes
from boxout.service.relaying import relayed
from boxout.service.roles import Guard

BACKLOG = 2048


class Place(NamedTuple):
    """Where the service listens; port 0 takes any that is free."""

    host: str = "127.0.0.1"
    port: int = 8000


class Doors(NamedTuple):
    """Where the service listens, and whom it lets in."""

    place: Place
    guard: Guard
    pushes: Pushes | None = None


def serve(desk: Desk, doors: Doors, grace_s: int = 25) -> None:
    """Answer until SIGTERM or Ctrl-C; then end what is under way, for at most `grace_s`."""
    listening = listen(doors.place, doors.guard)
    app = build(desk, doors.guard, doors.pushes)
    server = uvicorn.Server(configured(app, grace_s))
    ends = server.handle_exit

    def on_exit(sig: int, frame: FrameType | None) -> None:
        desk.worker.end()
        desk.changes.close()
        ends(sig, frame)

    server.handle_exit = on_exit
    with listening, relayed(desk), _heard_twice():
        server.run(sockets=[listening])


def configured(app: ASGIApp, grace_s: int = 25, head_s_max: float = HEAD_S_MAX) -> uvicorn.Config:
    """How connections are taken: not too many, and none that takes for ever to say what it wants."""
    hurried: Any = patient(head_s_max)
    return uvicorn.Config(
        app,
        http=hurried,
        log_config=None,
        limit_concurrency=CONNECTIONS_MAX,
        timeout_graceful_shutdown=grace_s,
        server_header=False,
    )


@contextmanager
def _heard_twice() -> Generator[None]:
    """The server raises a signal again once it has ended; by then everything is being closed."""
    before = {one: signal(one, lambda *_: None) for one in (SIGINT, SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal(one, handler)


def listen(place: Place, guard: Guard | None = None) -> socket.socket:
    """A listening socket, of which every accepted one sends at once.

    With its protocol named: without it asyncio cannot tell that the accepted sockets are TCP,
    leaves Nagle's algorithm on, and every answer waits 40 ms for an acknowledgement.
    """
    refuse_unguarded(place, guard or Guard())
    try:
        found = socket.getaddrinfo(*place, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError as error:
        raise DefinitionError(f"{place.host}: no address to listen on: {error}") from error
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(BACKLOG)
    except OSError as error:
        made.close()
        raise StoreUnavailable(
            f"{place.host} port {place.port} cannot be listened on: {error.strerror}."
            " Nothing was started. Next: end what listens there, or name another --port."
        ) from error
    return made


def refuse_unguarded(place: Place, guard: Guard) -> None:
    """Only this very machine may come in without showing who it is."""
    if guard.is_open and not is_loopback(place.host):
        raise DefinitionError(
            f"{place.host}: others could come in without a token. Nothing was started."
            " Next: listen on 127.0.0.1, or set BOXOUT_READ_TOKENS, BOXOUT_OPERATE_TOKENS and"
            " BOXOUT_FORCE_TOKENS."
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
