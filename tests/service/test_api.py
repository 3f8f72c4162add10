"""The same answers as the command line gives, over HTTP; every refusal has its type."""

import json
from dataclasses import replace
from threading import Event, Timer
from urllib.parse import quote

import pytest

from boxout.cli.main import answer
from boxout.service.jobs import Job
from boxout.service.working import Work
from cli.night import DAY
from service.posted import pushed, until

TABLE = "player_game_summary"


@pytest.fixture
def done(client, desk, landed):
    """The application once the night is public."""
    until(lambda: computed(desk, landed))
    return client


def computed(desk, landed) -> bool:
    ledger = desk.engine.ledger
    found = ledger.pointers([TABLE], "", "~", ledger.head())
    return len(found) == len(landed.ids) and not desk.worker.active


def of(landed, table: str = TABLE, **more: object) -> dict[str, object]:
    return {"table": table, "partition": landed.ids[0], **more}


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (("status", DAY), {"first": DAY}),
        (("plan", DAY), {"first": DAY}),
        (("why", TABLE, "GAME"), {"table": TABLE, "partition": "GAME"}),
    ],
)
def test_the_answer_is_that_of_the_command_line(done, landed, capsys, words, asked):
    named = {name: landed.ids[0] if one == "GAME" else one for name, one in asked.items()}
    told = done.get(f"/{words[0]}", params=named).json()
    capsys.readouterr()
    answer(
        [*(landed.ids[0] if w == "GAME" else w for w in words), "-p", str(landed.folder), "--json"]
    )
    said = json.loads(capsys.readouterr().out)
    for extra in ("counts", "examples", "examples_lacking"):
        said.pop(extra, None)
    assert told == said


def test_a_number_is_proved_and_computed_again(done, landed):
    told = done.get("/prove", params=of(landed, replay=True)).json()
    assert told["replayed"]["is_equal"]
    assert {one["pointer"]["table"] for one in told["proof"]["inputs"]} >= {
        "team_offense_game_summary"
    }


def test_nobody_went_round_the_checks(done):
    told = done.get("/audit", params={"first": DAY}).json()
    assert (told["faults"], told["partitions"] > 0) == ([], True)


def test_the_graph_says_what_is_computed_from_what(client):
    assert "team_boxscore" in client.get("/graph").json()["tables"]["team_offense_game_summary"]


def test_lists_are_read_page_by_page(client, desk):
    for _ in range(5):
        client.post("/process", content=f"{len(desk.inbox.messages(9))} is no message")
    numbers: list[int] = []
    cursor = None
    while True:
        asked = {"limit": 2} | ({} if cursor is None else {"cursor": cursor})
        page = client.get("/messages", params=asked).json()
        numbers += [one["number"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert numbers == [5, 4, 3, 2, 1]
    assert client.get("/messages", params={"rejected": False}).json()["items"] == []


def test_runs_are_listed_and_each_tells_what_it_published(done, desk):
    run = done.post("/process-date-range", json={"first": DAY}).json()["run"]
    until(lambda: done.get(f"/runs/{run}").json()["state"] == "ended")
    page = done.get("/runs", params={"limit": 1}).json()
    older = done.get("/runs", params={"limit": 100, "cursor": page["next"]}).json()["items"]
    assert any(done.get(f"/runs/{one['run']}").json()["publications"] for one in older)


def test_a_run_that_is_not_begun_is_known_by_its_message(client, desk, monkeypatch):
    desk.worker.end()
    run = client.post("/process-date-range", json={"first": DAY}).json()["run"]
    assert client.get(f"/runs/{run}").json() == {"run": run, "state": "waiting", "message": 1}


def test_a_rollback_is_planned_and_then_done_as_planned(done, landed):
    target = of(landed)
    plan = done.post("/rollback/plan", json=target).json()
    assert plan["steps"]
    asked = {"target": target, "at": plan["at"], "reason": "a test", "by": "ann"}
    key = {"Idempotency-Key": "once"}
    told = done.post("/rollback", json=asked, headers=key)
    assert (told.status_code, told.json()["steps"]) == (200, plan["steps"])
    assert done.post("/rollback", json=asked, headers=key).json() == told.json()
    other = done.post("/rollback", json=asked | {"reason": "other"}, headers=key)
    assert other.json()["type"] == "urn:boxout:problem:invalid-request"


def test_a_plan_that_is_out_of_date_does_nothing(done, landed, desk):
    plan = done.post("/rollback/plan", json=of(landed)).json()
    asked = {"target": of(landed), "at": plan["at"] - 1, "reason": "a test", "by": "ann"}
    before = desk.engine.ledger.head()
    told = done.post("/rollback", json=asked, headers={"Idempotency-Key": "k"})
    assert (told.status_code, told.json()["type"]) == (409, "urn:boxout:problem:conflict")
    assert desk.engine.ledger.head() == before
    again = done.post("/rollback", json=asked | {"at": before}, headers={"Idempotency-Key": "k"})
    assert again.status_code == 200


@pytest.mark.parametrize(
    "target", [{}, {"table": TABLE}, {"run": "r", "version": 1}, {"table": "x", "partition": DAY}]
)
def test_a_target_that_is_none_is_refused(client, target):
    told = client.post("/rollback/plan", json=target)
    assert (told.status_code, told.json()["type"]) == (400, "urn:boxout:problem:definition-error")


def test_a_game_is_waived_and_expected_again(client, landed):
    said = {"reason": "postponed for ever", "by": "ann"}
    game = quote(landed.ids[0])
    assert client.post(f"/waive/{game}", json=said).json()["partition"] == landed.ids[0]
    assert client.post(f"/unwaive/{game}", json=said).status_code == 200
    assert client.post(f"/unwaive/{game}", json=said).status_code == 400
    assert client.post("/waive/nothing", json=said).status_code == 400
    assert client.post(f"/waive/{game}", json={"reason": "", "by": "ann"}).status_code == 422


def test_an_alert_is_acknowledged(client, desk, landed):
    assert client.post(f"/acknowledge/{quote(landed.ids[0])}").status_code == 400
    number = client.post("/process", content=b"nothing").json()["message"]
    client.post(f"/messages/{number}/seen")
    assert client.get(f"/messages/{number}").json()["seen_at"]
    assert client.get("/messages/999").json()["type"] == "urn:boxout:problem:not-found"


def test_a_forced_run_is_marked_with_its_reason(night, at_work):
    client = at_work(night, files=night.folder)
    night.broken(0)
    for name in ("team_boxscore.csv", "gamebook.csv", "schedule.csv"):
        client.post("/process", json=pushed({"object": name}))
    until(lambda: client.get("/status", params={"first": DAY}).json()["totals"].get("withheld"))
    until(lambda: not client.desk.worker.active)
    told = client.post("/force", json={"first": DAY, "reason": "it is right", "by": "ann"})
    assert told.status_code == 200
    assert list(client.desk.engine.ledger.forced().values()) == ["it is right (ann)"]


def at_run(desk, monkeypatch) -> tuple[Event, Event]:
    """A run that stays where it is: set once it is there, and to be set for it to go on."""
    is_there, may_go = Event(), Event()
    computes = Work.compute

    def compute(work: Work, job: Job) -> str:
        is_there.set()
        assert may_go.wait(60)
        return computes(work, job)

    monkeypatch.setattr(Work, "compute", compute)
    return is_there, may_go


def test_forcing_waits_for_the_run_that_is_under_way(client, desk, monkeypatch):
    is_there, may_go = at_run(desk, monkeypatch)
    client.post("/process-date-range", json={"first": DAY})
    assert is_there.wait(60)
    Timer(0.3, may_go.set).start()
    told = client.post("/force", json={"first": DAY, "reason": "it is right", "by": "ann"})
    assert told.status_code == 200
    assert "Fenced" not in told.json()["outcomes"].values()


def test_forcing_is_refused_when_the_run_takes_too_long(client, desk, monkeypatch):
    is_there, may_go = at_run(desk, monkeypatch)
    desk.worker.pace = replace(desk.worker.pace, alone_s=0.1)
    client.post("/process-date-range", json={"first": DAY})
    assert is_there.wait(60)
    told = client.post("/force", json={"first": DAY, "reason": "it is right", "by": "ann"})
    may_go.set()
    assert (told.status_code, told.headers["retry-after"]) == (409, "60")
    assert "a run is under way there" in told.json()["detail"]
    assert not desk.engine.ledger.forced()


def test_forcing_what_another_process_holds_is_refused_with_what_was_done(client, desk):
    ledger, unit = desk.engine.ledger, desk.engine.graph.units[0].name
    game = ledger.expectations(DAY, DAY + "~", ledger.head())[0].partition
    ledger.claim(unit, [game], run="elsewhere", lease_s=600)
    told = client.post("/force", json={"first": DAY, "reason": "it is right", "by": "ann"})
    assert (told.status_code, told.headers["retry-after"]) == (409, "60")
    assert f"{unit} {game}: another process is at work on it" in told.json()["detail"]


@pytest.mark.parametrize(
    ("path", "asked", "refusal"),
    [
        ("/why", {"table": "nothing", "partition": DAY}, (400, "definition-error")),
        ("/why", {"table": TABLE}, (422, "invalid-request")),
        ("/plan", {"first": DAY, "select": "nothing"}, (400, "definition-error")),
        ("/runs/nobody", {}, (404, "not-found")),
        ("/runs", {"limit": 0}, (422, "invalid-request")),
        ("/nothing", {}, (404, "not-found")),
        ("/process", {}, (405, "method-not-allowed")),
        ("/diff", {"table": TABLE, "partition": "GAME", "before": 9999}, (400, "definition-error")),
    ],
)
def test_a_refusal_is_a_problem_of_its_type(client, landed, path, asked, refusal):
    named = {name: landed.ids[0] if one == "GAME" else one for name, one in asked.items()}
    told = client.get(path, params=named)
    status, kind = refusal
    assert (told.status_code, told.json()["type"]) == (status, f"urn:boxout:problem:{kind}")
    assert told.headers["content-type"] == "application/problem+json"


def test_what_is_not_public_yet_is_not_ready(client, landed, desk):
    desk.worker.end()
    told = client.get("/prove", params=of(landed, "shots"))
    assert (told.status_code, told.json()["type"]) == (409, "urn:boxout:problem:not-ready")
    assert told.headers["retry-after"] == "60"
