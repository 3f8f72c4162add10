"""A server between client and emulator: it knows its jobs as BigQuery does, and loses answers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen


class Between:
    """What happens to requests. Of an id there is one job: asked for again, it is a conflict.

    `losing` is how many jobs that write are done without an answer; `busy` how many requests are
    refused first. `begun` counts what reached the emulator, by id.
    """

    def __init__(self, endpoint: str) -> None:
        self.endpoint, self.lock = endpoint, Lock()
        self.losing, self.busy = 0, 0
        self.begun: dict[str, int] = {}
        self.labels: list[dict[str, str]] = []
        self.limits: set[str] = set()

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes] | None:
        """Status and body; None when the answer is lost."""
        with self.lock:
            if self.busy:
                self.busy -= 1
                return refused(503, "backendError")
            job_id = self._job(method, path, body)
            if job_id and self.begun.get(job_id):
                return refused(409, "duplicate")
            if job_id:
                self.begun[job_id] = 1
        found = self._forwarded(method, path, body)
        if job_id and "_append_" in job_id and self.losing:
            self.losing -= 1
            return None
        return found

    def _job(self, method: str, path: str, body: bytes) -> str:
        if method != "POST" or not path.partition("?")[0].endswith("/jobs"):
            return ""
        try:
            said = json.loads(body)
        except ValueError:
            return ""
        config = said.get("configuration", {})
        self.labels.append(config.get("labels", {}))
        self.limits.add(str(config.get("query", {}).get("maximumBytesBilled")))
        return said.get("jobReference", {}).get("jobId", "")

    def _forwarded(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        kind = {"Content-Type": "application/json"}
        asked = Request(self.endpoint + path, body or None, kind, method=method)
        try:
            with urlopen(asked, timeout=120) as found:
                return found.status, found.read()
        except HTTPError as error:
            return error.code, error.read()


def refused(code: int, reason: str) -> tuple[int, bytes]:
    error = {"code": code, "message": reason, "errors": [{"reason": reason, "message": reason}]}
    return code, json.dumps({"error": error}).encode()


@contextmanager
def between(endpoint: str) -> Iterator[tuple[str, Between]]:
    """The address to ask instead of the emulator's, and what happens there."""
    made = Between(endpoint)

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found = made.answer(self.command, self.path, body)
            if found is None:
                self.close_connection = True
                return
            self.send_response(found[0])
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(found[1])))
            self.end_headers()
            self.wfile.write(found[1])

        def log_message(self, *_: Any) -> None:
            return

    for verb in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{verb}", Handler._answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
