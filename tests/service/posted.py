"""Messages as they come over the wire, and waiting for what becomes of them."""

import base64
import json
from collections.abc import Callable
from itertools import count
from time import monotonic, sleep
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from boxout.service import Desk

IDS = count(1)


def pushed(says: object, name: str | None = None, **attributes: str) -> dict[str, Any]:
    """A Pub/Sub push envelope."""
    text = says if isinstance(says, bytes) else json.dumps(says).encode()
    message = {"data": base64.b64encode(text).decode(), "messageId": name or f"m{next(IDS)}"}
    return {"message": message | {"attributes": attributes}, "subscription": "projects/p/s"}


def until(holds: Callable[[], Any], timeout_s: float = 60) -> Any:
    """What the function gives, once that is something."""
    end = monotonic() + timeout_s
    while not (found := holds()):
        assert monotonic() < end, "it never came"
        sleep(0.02)
    return found


def is_idle(desk: Desk) -> bool:
    """Whether nothing waits and nothing is worked on."""
    return not desk.worker.active and not desk.inbox.waiting(1)


def public(desk: Desk, table: str) -> list[str]:
    """The partitions of a table that readers see."""
    ledger = desk.engine.ledger
    found = ledger.pointers([table], "", "~", ledger.head())
    return [one.partition for one in found if one.version is not None]


def client_of(app: FastAPI) -> TestClient:
    """A client on this very machine; a bug is the answer 500, as over the wire."""
    own = {"base_url": "http://127.0.0.1:8000", "client": ("127.0.0.1", 50000)}
    return TestClient(app, raise_server_exceptions=False, **own)
