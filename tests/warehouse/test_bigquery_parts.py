"""What needs no BigQuery: addresses, tries, the ids of jobs, and the SQL that pins rows."""

import random
from typing import Any

import pytest

from boxout.deferred import deferred
from boxout.errors import DefinitionError, StoreUnavailable
from boxout.warehouse import Pinned
from boxout.warehouse.bigquery import Tries, address_of, wire
from boxout.warehouse.bigquery.binding import bind
from boxout.warehouse.bigquery.jobs import job_name
from boxout.warehouse.bigquery.names import Names
from boxout.warehouse.bigquery.wire import Given
from warehouse.kits import ONE, THREE, TOTALS

HERE = address_of("bigquery://my-project/nba")


def test_an_address_names_a_project_and_three_datasets() -> None:
    assert (HERE.project, HERE.dataset, HERE.versions, HERE.own, HERE.location) == (
        "my-project",
        "nba",
        "nba_versions",
        "nba_boxout",
        "US",
    )


def test_an_address_says_what_a_statement_may_cost_and_how_jobs_are_labelled() -> None:
    text = "bigquery://my-project/nba?location=EU&maximum_bytes_billed=5&labels=team:stats,env:prod"
    found = address_of(text)
    assert (found.location, found.bytes_billed_max) == ("EU", 5)
    assert found.labels == {"team": "stats", "env": "prod"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("bigquery://My/nba", "'My' is no project"),
        ("bigquery://my-project", "'' is no dataset"),
        ("bigquery://my-project/a-b", "'a-b' is no dataset"),
        ("bigquery://my-project/nba?maximum_bytes_billed=0", "a whole number above 0"),
        ("bigquery://my-project/nba?labels=Team:x", "in lower case expected"),
        ("bigquery://my-project/nba?endpoint=http://example.org", "on this machine"),
        ("bigquery://my-project/nba?region=EU", "region means nothing"),
    ],
)
def test_an_address_that_names_nothing_is_refused(text: str, says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        address_of(text)


def test_without_the_client_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "bigquery", deferred("google.cloud.not_there"))
    with pytest.raises(DefinitionError, match=r"pip install 'boxout\[bigquery\]'"):
        wire.Wire(HERE)


class Refused(Exception):
    def __init__(self, reason: str = "", code: int = 400) -> None:
        super().__init__(f"refused: {reason}")
        self.errors, self.code = [{"reason": reason}], code


class Server:
    """Fails so often with one error, then gives what it was asked for."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.times, self.asked = error, times, 0

    def __call__(self, _nth: int) -> str:
        self.asked += 1
        if self.asked <= self.times:
            raise self.error
        return "done"


def tries(slept: list[float]) -> Tries:
    return Tries(sleep=slept.append, draw=random.Random(1).random)


@pytest.mark.parametrize(
    "error",
    [
        Refused("rateLimitExceeded", 403),
        Refused("quotaExceeded", 403),
        Refused("backendError", 500),
        Refused("", 503),
        ConnectionResetError(),
        Exception("Could not serialize access to table t due to concurrent update"),
    ],
)
def test_what_passes_is_asked_again(error: Exception) -> None:
    slept: list[float] = []
    server = Server(error, 3)
    assert tries(slept).of(server) == "done"
    assert (server.asked, len(slept)) == (4, 3)


def test_tries_end_and_the_waits_between_them_grow() -> None:
    slept: list[float] = []
    server = Server(Refused("quotaExceeded", 403), 99)
    with pytest.raises(StoreUnavailable, match="in 6 tries"):
        tries(slept).of(server)
    assert server.asked == 6
    assert slept == sorted(slept)
    assert sum(slept) < 32


@pytest.mark.parametrize("error", [Refused("invalidQuery"), Refused("accessDenied", 403)])
def test_what_will_not_pass_is_asked_once(error: Exception) -> None:
    server = Server(error, 1)
    with pytest.raises(Refused):
        tries([]).of(server)
    assert server.asked == 1


def test_a_job_has_the_same_id_for_the_same_and_another_for_anything_else() -> None:
    given: dict[str, Any] = {"version": 7, "p0": Given("STRING", [ONE])}
    one = job_name("append", "store 1", "INSERT", given)
    assert one == job_name("append", "store 1", "INSERT", dict(reversed(given.items())))
    assert one.startswith("boxout_append_")
    others = {
        job_name("append", "store 2", "INSERT", given),
        job_name("append", "store 1", "INSERT ", given),
        job_name("append", "store 1", "INSERT", given | {"version": 8}),
        job_name("append", "store 1", "INSERT", given | {"p0": Given("STRING", [THREE])}),
    }
    assert len(others | {one}) == 5


def test_pinned_rows_are_looked_for_only_in_the_months_of_their_dates() -> None:
    bound, given = bind(Names(HERE), {"pinned": Pinned(TOTALS, [(THREE, 4), (ONE, 2)])})
    assert "BETWEEN @since0 AND @until0" in bound[0]
    dates = [str(given[name].value) for name in ("since0", "until0")]
    assert (dates, given["low0"], given["high0"]) == (["2026-02-03", "2026-02-04"], 2, 4)


def test_a_key_that_begins_with_no_date_leaves_no_month_out() -> None:
    bound, given = bind(Names(HERE), {"pinned": Pinned(TOTALS, [(ONE, 2), ("all", 3)])})
    assert "@since0" not in bound[0]
    assert "since0" not in given
