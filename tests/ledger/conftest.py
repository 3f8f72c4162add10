from collections.abc import Iterator
from pathlib import Path

import pytest

from boxout.ledger import Ledger, MemoryLedger, SqliteLedger
from ledger.acts import Time


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture(params=["memory", "sqlite"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path, time: Time) -> Iterator[Ledger]:
    if request.param == "memory":
        opened: Ledger = MemoryLedger(time)
    else:
        opened = SqliteLedger.open(tmp_path / "l.db", clock=time)
    yield opened
    opened.close()
