"""Lost answers, taken ids and busy servers, through the real client: nothing is written twice."""

from contextlib import closing

import pytest

from bigquery.faults import between
from bigquery.kit import address, opened
from boxout.errors import StoreUnavailable
from boxout.warehouse import Pinned
from warehouse.kits import ONE, TOTALS

ROWS = "SELECT ONE AS game_id, name, 0.5 AS share, TRUE AS is_home, DATE '2026-02-03' AS on_date, DATETIME '2026-02-03T10:00:00' AS at, 1 AS pts FROM UNNEST(['a', 'b']) AS name"
SQL = ROWS.replace("ONE", f"'{ONE}'")


@pytest.fixture
def behind(endpoint):
    """A warehouse whose requests go through a server that knows its jobs, and that server."""
    with between(endpoint) as (where, server), closing(opened(address(where))) as warehouse:
        yield warehouse, server


def append(warehouse, version: int) -> None:
    warehouse.append(TOTALS, version, SQL, {}, {"pinned": Pinned(TOTALS, [])})


def count(warehouse, version: int) -> int:
    return len(warehouse.version_rows(TOTALS, version))


def test_a_version_whose_answer_was_lost_is_there_once(behind):
    warehouse, server = behind
    server.losing = 1
    append(warehouse, 1)
    assert count(warehouse, 1) == 2
    assert [one for one in server.begun if "_append_" in one] != []
    assert set(server.begun.values()) == {1}


def test_another_process_that_appends_the_same_takes_the_job_that_is_there(behind):
    warehouse, _ = behind
    append(warehouse, 1)
    with closing(opened(warehouse.address)) as other:
        append(other, 1)
    assert count(warehouse, 1) == 2


def test_a_version_that_has_other_rows_is_refused(behind):
    warehouse, _ = behind
    append(warehouse, 1)
    with pytest.raises(ValueError, match="version 1 has rows already"):
        warehouse.append(TOTALS, 1, SQL.replace("0.5", "0.75"), {}, {})
    assert count(warehouse, 1) == 2


def test_a_busy_server_is_asked_again(behind):
    warehouse, server = behind
    server.busy = 3
    append(warehouse, 1)
    assert count(warehouse, 1) == 2


def test_a_server_that_stays_busy_is_a_store_that_cannot_be_used(behind):
    warehouse, server = behind
    server.busy = 99
    with pytest.raises(StoreUnavailable, match="in 6 tries"):
        append(warehouse, 1)
    server.busy = 0
    assert count(warehouse, 1) == 0


def test_every_job_has_a_label_and_a_limit(behind):
    warehouse, server = behind
    append(warehouse, 1)
    warehouse.audit("SELECT COUNT(*) AS n FROM audited", {"audited": (TOTALS, 1)})
    assert {one.get("boxout") for one in server.labels} >= {"schema", "append", "audit"}
    assert server.limits == {"100000000000"}


def test_a_machine_without_credentials_is_told_so(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    with pytest.raises(StoreUnavailable, match="no credentials"):
        opened(address(""))


def test_an_estimate_writes_nothing(behind):
    warehouse, _ = behind
    assert warehouse.estimate(TOTALS, SQL, {}, {}) == 0  # the emulator has no prices
    assert count(warehouse, 0) == 0
