from collections.abc import Iterator
from pathlib import Path

import pytest

from boxout.ledger import Ledger, MemoryLedger, SqliteLedger
from ledger.acts import Time
from ledger.postgres import empty_ledger, serving


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with serving() as started:
        yield started.get_uri()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path, time: Time) -> Iterator[Ledger]:
    if request.param == "postgres":
        with empty_ledger(request.getfixturevalue("server"), time) as opened:
            yield opened
        return
    if request.param == "memory":
        opened = MemoryLedger(time)
    else:
        opened = SqliteLedger.open(tmp_path / "l.db", clock=time)
    yield opened
    opened.close()
