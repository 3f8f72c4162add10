"""A real HTTP server on loopback that remembers what was posted to it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Served:
    """A server on loopback: what was posted to it, and how it answers."""

    url: str
    posted: list[tuple[dict[str, str], Any]] = field(default_factory=list)
    answer: int = 200


@contextmanager
def serving() -> Iterator[Served]:
    known = Served("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            known.posted.append((dict(self.headers.items()), json.loads(body)))
            self.send_response(known.answer)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    known.url = f"127.0.0.1:{server.server_port}"
    yield known
    server.shutdown()
    server.server_close()
    thread.join()
