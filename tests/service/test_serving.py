"""The process: its socket, who may reach it, and whether it is well."""

import asyncio
import socket
from threading import Thread

import pytest

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.service import Changes, Place
from boxout.service.serving import listen

ANY = Place(port=0)


def test_an_answer_is_sent_at_once():
    async def accepted() -> int:
        found: list[socket.socket] = []

        async def on_connection(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            found.append(writer.get_extra_info("socket"))
            is_delayed.set_result(found[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        is_delayed = asyncio.get_running_loop().create_future()
        listening = listen(ANY)
        server = await asyncio.start_server(on_connection, sock=listening)
        async with server:
            _, writer = await asyncio.open_connection(*listening.getsockname())
            no_delay = await is_delayed
            writer.close()
        return no_delay

    assert asyncio.run(accepted())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.invalid", ""])
def test_nobody_else_may_come_in_without_a_token(host):
    with pytest.raises(DefinitionError, match="without a token"):
        listen(Place(host, 0))


def test_a_port_that_is_taken_is_told():
    with listen(ANY) as first, pytest.raises(StoreUnavailable, match="cannot be listened on"):
        listen(Place("127.0.0.1", first.getsockname()[1]))


def test_it_is_alive_and_ready(night, at_work):
    client = at_work(night)
    assert client.get("/livez").json() == {"status": "alive"}
    told = client.get("/readyz")
    assert (told.status_code, told.json()) == (
        200,
        {"status": "ready", "publication": 0, "shown": 0},
    )
    assert client.get("/healthz").json()["status"] == "ready"


def test_a_store_that_is_away_is_not_ready(client, desk, monkeypatch):
    def away(_: object) -> int:
        raise StoreUnavailable("the disk is gone")

    monkeypatch.setattr("boxout.ledger.sqlite.SqliteLedger.head", away)
    told = client.get("/readyz")
    assert (told.status_code, told.json()["reason"]) == (503, "the disk is gone")


def test_a_ledger_that_went_back_in_time_is_not_ready(client, desk):
    desk.engine.warehouse.query("UPDATE boxout.marked SET mark = mark + 1")
    for path in ("/readyz", "/healthz"):
        told = client.get(path)
        assert told.status_code == 503
        assert "of another history" in told.json()["reason"]


def test_whoever_listens_is_told_that_something_moved():
    changes = Changes()

    async def listened() -> list[int]:
        heard: list[int] = []
        async for number in changes.each():
            heard.append(number)
            Thread(target=changes.tell if number < 3 else changes.close).start()
        return heard

    assert asyncio.run(listened()) == [0, 1, 2, 3]


def test_who_is_slow_is_told_once():
    changes = Changes()

    async def listened() -> list[int]:
        heard: list[int] = []
        async for number in changes.each():
            heard.append(number)
            if number == 0:
                for _ in range(1000):
                    changes.tell()
            else:
                changes.close()
        return heard

    assert asyncio.run(listened()) == [0, 1000]
