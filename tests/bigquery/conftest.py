from collections.abc import Iterator
from pathlib import Path

import pytest

from bigquery.emulator import serving
from bigquery.kit import BigqueryKit


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture
def kit(tmp_path: Path, endpoint: str) -> Iterator[BigqueryKit]:
    made = BigqueryKit(tmp_path, endpoint)
    yield made
    made.warehouse.close()
