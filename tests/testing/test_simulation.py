import logging
from collections.abc import Iterator

import pytest

from boxout.testing import Scenario, Verdict, shrink, simulate
from boxout.testing.shrink import without
from boxout_nba import GAMES
from testing.mutants import MUTANTS

SEEDS = 1000
SEEDS_OF_A_MUTANT = 2000


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def caught(mutant: str) -> Verdict | None:
    make, invariant = MUTANTS[mutant]
    with make():
        for seed in range(SEEDS_OF_A_MUTANT):
            verdict = simulate(seed)
            if any(one.invariant == invariant for one in verdict.anomalies):
                return verdict
    return None


@pytest.mark.parametrize("part", range(4))
def test_no_schedule_breaks_a_promise(part: int) -> None:
    for seed in range(part, SEEDS, 4):
        verdict = simulate(seed)
        assert not verdict.anomalies, f"seed {seed}\n{shrink(verdict)}"


@pytest.mark.parametrize("mutant", MUTANTS)
def test_every_pulled_tooth_is_missed(mutant: str) -> None:
    assert caught(mutant) is not None


def test_a_seed_is_the_same_schedule_every_time() -> None:
    assert simulate(7) == simulate(7)


def test_the_shortest_schedule_still_shows_the_same_anomaly() -> None:
    mutant = "the read set is not asked about"
    make, _ = MUTANTS[mutant]
    found = caught(mutant)
    assert found is not None
    with make():
        shortest = shrink(found)
    assert shortest.anomalies[0].name == found.anomalies[0].name
    assert len(shortest.scenario.acts) < len(found.scenario.acts)


def test_a_schedule_without_anomaly_is_not_shortened() -> None:
    verdict = simulate(7)
    assert shrink(verdict) is verdict


def test_what_is_needed_is_kept() -> None:
    assert without(range(20), lambda some: {3, 17} <= set(some)) == (3, 17)


def test_a_schedule_reads_as_a_list_of_acts() -> None:
    scenario: Scenario = simulate(7).scenario
    assert f"{scenario.workers} workers" in str(scenario)
    assert all(str(act) in str(scenario) for act in scenario.acts)


@pytest.mark.parametrize("seed", range(40))
def test_the_nba_pipeline_keeps_every_promise_too(seed: int) -> None:
    verdict = simulate(seed, GAMES)
    assert not verdict.anomalies, str(verdict)
