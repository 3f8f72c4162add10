"""A service on a port of its own, and a browser that looks at it."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import uvicorn

from boxout.project import open_project
from boxout.service import Desk, Manner, build, opened
from boxout.service.serving import Place, configured, listen
from cli.night import Night
from service.conftest import PACE

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def found() -> str | None:
    """The Chromium of this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def serving(night: Night, **how: float) -> Iterator[tuple[Desk, str]]:
    """The service of a night, its files below its folder, and its address."""
    manner = Manner(files=night.folder, pace=PACE)
    with opened(open_project(night.folder), manner=manner) as desk:
        socket = listen(Place(port=0))
        server = uvicorn.Server(configured(build(desk), **how))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        end = monotonic() + 30
        while not server.started and monotonic() < end:
            sleep(0.02)
        try:
            yield desk, f"http://127.0.0.1:{socket.getsockname()[1]}"
        finally:
            desk.changes.close()
            server.should_exit = True
            thread.join(30)
            socket.close()
