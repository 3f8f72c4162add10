"""What was held back and not told, because the process died in between: the next start tells it."""

import pytest

from boxout.cli.main import answer
from boxout.project import open_project
from boxout.service import Manner, build, opened
from boxout.service.desk import Desk
from boxout.service.jobs import jobs_of
from cli.night import DAY
from service.posted import client_of, pushed, until


class Died(BaseException):
    """What nothing in the process can catch, like a signal."""


def die(*_: object) -> None:
    raise Died


def told(desk: Desk) -> list[str]:
    """The kinds of what was told of the tables of games, in order."""
    found = desk.engine.ledger.outbox(0, 1000)
    return [one.kind for one in found if one.table.startswith("team_offense")]


@pytest.fixture
def half_right(night):
    """A night with one game whose numbers do not add up, landed."""
    night.files()
    night.broken(0)
    assert answer(["land", "-p", str(night.folder), str(night.folder)]) == 0
    return night


def test_what_was_withheld_is_told_by_the_next_start(half_right, at_work, monkeypatch):
    with opened(open_project(half_right.folder), manner=Manner()) as before:
        before.mailbox.open()
        client_of(build(before)).post("/process", json=pushed({"date": DAY}))
        before.mailbox.close()
        (job,) = jobs_of(before.inbox.waiting(9))
        before.inbox.take(job.numbers)
        with monkeypatch.context() as patched:
            patched.setattr("boxout.run.runner.settle", die)
            with pytest.raises(Died):
                before.worker.work.compute(job)
        assert told(before) == ["published"]
    after = at_work(half_right).desk
    until(lambda: "withheld" in told(after))
    until(lambda: after.inbox.message(1).state == "answered")
