"""No request may be large, or slow to arrive."""

import asyncio

import pytest
from fastapi import FastAPI, Request

from boxout.service import problems
from boxout.service.limits import Limited
from cli.night import DAY


def test_a_large_request_is_refused(client):
    told = client.post("/process-date-range", json={"first": DAY, "select": "x" * 2_000_000})
    assert (told.status_code, told.json()["type"]) == (413, "urn:boxout:problem:too-large")


def test_a_large_request_that_does_not_say_so_is_refused(client):
    parts = (b"x" * 100_000 for _ in range(20))
    told = client.post("/process-date-range", content=parts)
    assert (told.status_code, told.json()["type"]) == (413, "urn:boxout:problem:too-large")


def test_a_large_message_is_acknowledged_and_rejected(client):
    told = client.post("/process", content=b"x" * 3_000_000)
    assert (told.status_code, told.json()["state"]) == (200, "rejected")


@pytest.mark.parametrize("body_s", [0.05])
def test_a_body_that_does_not_arrive_is_given_up(body_s):
    app = FastAPI()
    problems.listen_for(app)

    @app.post("/")
    async def take(request: Request) -> int:
        return len(await request.body())

    sent: list[dict] = []

    async def never() -> dict:
        await asyncio.sleep(60)
        return {}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
    asyncio.run(Limited(app, body_s_max=body_s)(scope, never, send))
    assert sent[0]["status"] == 408
