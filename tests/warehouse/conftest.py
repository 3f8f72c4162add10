from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse.kits import DuckdbKit, Kit, MemoryKit


@pytest.fixture(params=["memory", "duckdb"])
def kit(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kit]:
    made = MemoryKit() if request.param == "memory" else DuckdbKit(tmp_path)
    yield made
    made.warehouse.close()


@pytest.fixture
def duckdb_kit(tmp_path: Path) -> Iterator[DuckdbKit]:
    made = DuckdbKit(tmp_path)
    yield made
    made.warehouse.close()
