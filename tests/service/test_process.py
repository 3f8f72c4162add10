"""From a message to public: durable before it is acknowledged, done once, never lost."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from boxout.errors import StoreUnavailable
from boxout.project import open_project
from boxout.service import Manner, build, opened
from cli.night import DAY
from service.posted import client_of, is_idle, public, pushed, until

TABLE = "player_game_summary"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_message_is_acknowledged_kept_and_done(client, desk, landed):
    told = client.post("/process", json=pushed({"table": "team_boxscore", "date": DAY}))
    assert told.status_code == 202
    assert told.json()["state"] == "waiting"
    until(lambda: desk.inbox.message(told.json()["message"]).state == "answered")
    assert public(desk, TABLE) == sorted(landed.ids)
    run = desk.inbox.message(told.json()["message"]).run
    assert desk.inbox.ran(run).ended_at


def test_the_run_is_traced_under_the_message_that_asked_for_it(client, desk):
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    desk.worker.work.tracer = provider.get_tracer("test")
    client.post("/process", json=pushed({"date": DAY}, traceparent=PARENT))
    until(lambda: is_idle(desk) and desk.inbox.messages(9)[0].state == "answered")
    (ran,) = [one for one in spans.get_finished_spans() if one.name == "run"]
    assert (f"{ran.context.trace_id:032x}", f"{ran.parent.span_id:016x}") == (
        PARENT.split("-")[1],
        PARENT.split("-")[2],
    )


def test_a_second_delivery_is_no_second_message(client, desk):
    one = pushed({"date": DAY}, "same")
    numbers = {client.post("/process", json=one).json()["message"] for _ in range(3)}
    assert len(numbers) == 1
    assert desk.inbox.messages(9)[0].deliveries == 3


def test_every_unit_is_computed_once_however_often_it_is_asked_for(client, desk, landed):
    for table in ("gamebook_player_stats", "team_boxscore", "schedule") * 5:
        client.post("/process", json=pushed({"table": table, "date": DAY}))
    until(lambda: is_idle(desk))
    history = [desk.engine.ledger.history(TABLE, game) for game in landed.ids]
    assert [len(one) for one in history] == [1] * len(landed.ids)


@pytest.mark.parametrize("body", [b"", b"{", b'{"message": {}}', b"x" * 300_000])
def test_what_is_no_message_is_acknowledged_and_told_not_asked_for_again(client, desk, body):
    told = client.post("/process", content=body)
    assert (told.status_code, told.json()["state"]) == (200, "rejected")
    assert client.post("/process", content=body).json()["message"] == told.json()["message"]
    (kept,) = desk.inbox.messages(9, is_rejected=True)
    assert kept.deliveries == 2
    alerts = desk.engine.ledger.latest_events([""], "", "~")
    assert [(one.kind, one.found) for one in alerts] == [("rejected", told.json()["reason"])]


def test_files_that_messages_name_are_landed_and_computed(night, at_work):
    client = at_work(night, files=night.folder)
    for name in ("team_boxscore.csv", "gamebook.csv", "schedule.csv"):
        client.post("/process", json=pushed({"object": name}))
    until(lambda: public(client.desk, TABLE) == sorted(night.ids))
    until(lambda: is_idle(client.desk))
    assert {one.state for one in client.desk.inbox.messages(9)} == {"answered"}


def test_a_file_that_did_not_change_is_not_landed_again(night, at_work):
    client = at_work(night, files=night.folder)
    for _ in range(3):
        client.post("/process", json=pushed({"object": "schedule.csv"}))
        until(lambda: is_idle(client.desk))
    assert len(client.desk.engine.ledger.publications(99)) == 1
    night.schedule(g0="live")
    client.post("/process", json=pushed({"object": "schedule.csv"}))
    until(lambda: is_idle(client.desk))
    assert len(client.desk.engine.ledger.publications(99)) == 2


def test_a_file_that_is_not_there_is_rejected_and_told(landed, at_work):
    client = at_work(landed, files=landed.folder)
    told = client.post("/process", json=pushed({"object": "no/gamebook.csv"})).json()
    until(lambda: client.desk.inbox.message(told["message"]).state == "rejected")
    assert "no such file" in client.desk.inbox.message(told["message"]).asked.rejected


def test_a_link_out_of_the_folder_is_not_followed(landed, at_work, tmp_path):
    (tmp_path / "gamebook.csv").write_text("secret")
    (landed.folder / "gamebook.csv").unlink()
    (landed.folder / "gamebook.csv").symlink_to(tmp_path / "gamebook.csv")
    client = at_work(landed, files=landed.folder)
    told = client.post("/process", json=pushed({"object": "gamebook.csv"})).json()
    until(lambda: client.desk.inbox.message(told["message"]).state == "rejected")
    assert "not below the folder" in client.desk.inbox.message(told["message"]).asked.rejected


def test_dates_are_asked_for_with_a_run_to_follow(client, desk):
    told = client.post("/process-date-range", json={"first": DAY})
    assert told.status_code == 202
    run = told.json()["run"]
    assert told.headers["location"] == f"/runs/{run}"
    until(lambda: (ran := desk.inbox.ran(run)) and ran.ended_at)
    assert public(desk, TABLE)


def test_a_request_with_a_key_is_one_request(client, desk):
    asked = {"headers": {"Idempotency-Key": "k"}, "json": {"first": DAY}}
    runs = {client.post("/process-date-range", **asked).json()["run"] for _ in range(3)}
    assert len(runs) == 1
    other = client.post(
        "/process-date-range", headers={"Idempotency-Key": "k"}, json={"first": "2026-02-04"}
    )
    assert (other.status_code, other.json()["type"]) == (422, "urn:boxout:problem:invalid-request")


@pytest.mark.parametrize(
    ("asked", "status", "kind"),
    [
        ({"first": "NEVER"}, 400, "definition-error"),
        ({"first": DAY, "last": "2026-01-01"}, 400, "definition-error"),
        ({"first": DAY, "select": "nothing_like_it"}, 400, "definition-error"),
        ({}, 422, "invalid-request"),
        ({"first": DAY, "force": True}, 422, "invalid-request"),
    ],
)
def test_a_request_that_is_wrong_is_refused_at_once(client, desk, asked, status, kind):
    told = client.post("/process-date-range", json=asked)
    assert (told.status_code, told.json()["type"]) == (status, f"urn:boxout:problem:{kind}")
    assert told.headers["content-type"] == "application/problem+json"
    assert desk.inbox.messages(9) == []


def test_inline_a_message_is_answered_when_its_work_is_done(landed, at_work):
    client = at_work(landed, is_inline=True)
    told = client.post("/process", json=pushed({"table": "gamebook_player_stats", "date": DAY}))
    assert (told.status_code, told.json()["state"]) == (200, "answered")
    assert public(client.desk, TABLE) == sorted(landed.ids)


def test_inline_what_takes_too_long_is_asked_for_again(landed, at_work):
    client = at_work(landed, is_inline=True, inline_s_max=0.0)
    told = client.post("/process", json=pushed({"date": DAY}))
    assert (told.status_code, told.json()["type"]) == (503, "urn:boxout:problem:store-unavailable")
    assert told.headers["retry-after"] == "5"


def test_a_message_that_cannot_be_kept_is_not_acknowledged(client, monkeypatch):
    def full(*_: object) -> None:
        raise StoreUnavailable("no room on the disk")

    monkeypatch.setattr("boxout.ledger.inbox.SqliteInbox.receive", full)
    told = client.post("/process", json=pushed({"date": DAY}))
    assert (told.status_code, told.headers["retry-after"]) == (503, "5")


def test_what_nobody_had_begun_with_is_done_after_a_restart(landed, at_work):
    with opened(open_project(landed.folder), manner=Manner()) as before:
        before.mailbox.open()
        message = pushed({"table": "gamebook_player_stats", "date": DAY})
        assert client_of(build(before)).post("/process", json=message).status_code == 202
        before.mailbox.close()
        before.inbox.take([1])
    after = at_work(landed).desk
    until(lambda: after.inbox.message(1).state == "answered")
    assert public(after, TABLE) == sorted(landed.ids)


def test_what_arrives_without_a_message_is_computed_all_the_same(landed, at_work):
    desk = at_work(landed).desk
    until(lambda: public(desk, TABLE) == sorted(landed.ids))
    assert desk.inbox.messages(9) == []


def test_a_store_that_is_away_for_a_while_loses_nothing(client, desk, monkeypatch, landed):
    def away(*_: object, **__: object) -> None:
        raise StoreUnavailable("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr("boxout.ledger.sqlite.SqliteLedger.claim", away)
        told = client.post("/process", json=pushed({"date": DAY})).json()
        until(lambda: desk.worker._tries)
    until(lambda: desk.inbox.message(told["message"]).state == "answered")
    until(lambda: public(desk, TABLE) == sorted(landed.ids))


def test_work_that_breaks_each_time_is_rejected_in_the_end_and_told(client, desk, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("boxout.service.working.run", broken)
    told = client.post("/process", json=pushed({"date": DAY})).json()
    until(lambda: desk.inbox.message(told["message"]).state == "rejected")
    assert desk.inbox.message(told["message"]).asked.rejected == "a bug"
