from collections.abc import Iterator
from pathlib import Path

import pytest

from boxout.ledger import Ledger, MemoryLedger, SqliteLedger


@pytest.fixture(params=["memory", "sqlite"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    opened = MemoryLedger() if request.param == "memory" else SqliteLedger.open(tmp_path / "l.db")
    yield opened
    opened.close()
