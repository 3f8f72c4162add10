"""One seed, one verdict: on every ledger the same calls, the same publications, the same pointers."""

import logging
from collections.abc import Iterator

import pytest

from boxout.testing import simulate
from testing.ledgers import in_postgres, in_sqlite

IN_SQLITE = (0, 3, 9)
IN_POSTGRES = (3, 8)
"""Few, as each takes a second or two; benchmarks/bench_simulation.py plays them by the hundred."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_a_seed_has_the_same_verdict_in_a_file_as_in_memory() -> None:
    with in_sqlite() as opened:
        for seed in IN_SQLITE:
            assert simulate(seed, opened=opened) == simulate(seed)


def test_a_seed_has_the_same_verdict_on_a_server_as_in_memory() -> None:
    with in_postgres() as opened:
        for seed in IN_POSTGRES:
            assert simulate(seed, opened=opened) == simulate(seed)
