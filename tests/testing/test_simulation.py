import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from boxout import Pipeline
from boxout.graph import build
from boxout.model.outcomes import Reason
from boxout.run.snapshot import Snapshot
from boxout.testing import Act, Fault, Scenario, Verdict, shrink, simulate
from boxout.testing.example import EXAMPLE
from boxout.testing.scenario import FAULTS, NEW_CODE, draw
from boxout.testing.shrink import without
from boxout.testing.simulate import work
from boxout.testing.symbols import symbols
from boxout.testing.world import World
from boxout_nba import GAMES, PIPELINE
from testing.mutants import MUTANTS

SEEDS = 1000
SEEDS_OF_A_MUTANT = 2000
SEEDS_AT_A_GLANCE = 200


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


@pytest.mark.parametrize("pipeline", [GAMES, PIPELINE], ids=lambda one: one.name)
@pytest.mark.parametrize("seed", range(40))
def test_the_nba_pipelines_keep_every_promise_too(seed: int, pipeline: Pipeline) -> None:
    verdict = simulate(seed, pipeline)
    assert not verdict.anomalies, str(verdict)


GRAPH = build(EXAMPLE)
DAY, GAME = "2026-02-03", "2026-02-03/A@B"
TWO_RUNS = Scenario(
    acts=(
        Act("land", "slate", DAY, "slate0", f"{GAME}=final"),
        Act("land", "box", GAME, "box0", "whole"),
        Act("run"),
        Act("run"),
        Act("run"),
    ),
    faults=(),
    workers=2,
    order=2,
)


def played(scenario: Scenario) -> World:
    world = World(EXAMPLE, GRAPH, symbols(EXAMPLE, GRAPH), scenario)
    work(world)
    return world


def first_publisher(world: World) -> int:
    """The attempt that made the game's totals public."""
    ((_, publication),) = world.ledger.history("player", GAME)
    return publication.attempt


def befallen(kind: str) -> World:
    """The first run that is about to publish totals is slow there; another run starts meanwhile."""
    trace = played(TWO_RUNS).trace
    at = next(n for n, (who, call) in enumerate(trace) if "run" in who and "ledger.publish" in call)
    return played(replace(TWO_RUNS, faults=(Fault(at, kind),)))


def test_a_slow_worker_whose_heart_beats_keeps_its_lease_and_publishes() -> None:
    assert first_publisher(befallen("slow")) == first_publisher(played(TWO_RUNS))


@pytest.mark.parametrize("kind", ["pause", "silent"])
def test_a_worker_whose_heart_stopped_loses_its_lease_to_the_next_and_is_fenced(kind: str) -> None:
    assert first_publisher(befallen(kind)) > first_publisher(played(TWO_RUNS))


def test_the_seeds_draw_every_fault_changed_code_and_both_kinds_of_arrival_again() -> None:
    drawn = [draw(seed, EXAMPLE, GRAPH) for seed in range(200)]
    faults = Counter(fault.kind for one in drawn for fault in one.faults)
    assert faults.keys() == set(FAULTS)
    assert any({act.code for act in one.acts} == {"", NEW_CODE} for one in drawn)
    lands = [[act[1:4] for act in one.acts if act.verb == "land"] for one in drawn]
    assert any(len(set(of)) < len(of) for of in lands), "the same file again"
    assert any(_is_older_later(of) for of in lands), "an older file after a newer one"


def _is_older_later(landed: list[tuple[str, ...]]) -> bool:
    at = {key: n for n, key in enumerate(landed)}
    return any(
        name.endswith("0") and at.get((table, key, f"{name[:-1]}1"), len(at)) < n
        for n, (table, key, name) in enumerate(landed)
    )


@pytest.mark.parametrize("seed", [2194, 5332, 9156, 14345, 16454])
def test_a_waiver_undone_on_a_date_that_lost_its_games_takes_down_what_was_computed(
    seed: int,
) -> None:
    verdict = simulate(seed)
    assert not verdict.anomalies, str(verdict)


def test_rows_that_were_rolled_back_and_come_again_hold_back_their_whole_group() -> None:
    verdict = simulate(68361)
    assert not verdict.anomalies, str(verdict)


def test_what_was_buried_is_known_by_its_rows_also_when_they_were_collected() -> None:
    later = (Act("land", "lines", f"2026-02-0{day}", f"lines{day}") for day in range(4, 9))
    acts = (*TWO_RUNS.acts[:3], Act("rollback", name="3"), *later, Act("collect"))
    checker = played(replace(TWO_RUNS, acts=acts, workers=1)).checker
    (buried,) = (one for one in checker.ledger.tombstones("", "~") if one.table == "player")
    assert checker.version_row(*buried[:3]) is None
    assert checker.is_buried("player", GAME, {"value": buried.content})
    assert not checker.is_buried("player", GAME, {"value": "other rows"})


def test_what_comes_from_a_buried_arrival_is_found_also_when_its_rows_were_collected() -> None:
    later = (Act("land", "lines", f"2026-02-0{day}", f"lines{day}") for day in range(4, 9))
    acts = (*TWO_RUNS.acts[:2], Act("rollback", name="2"), *later, Act("collect"))
    checker = played(replace(TWO_RUNS, acts=acts, workers=1)).checker
    (buried,) = checker.ledger.tombstones("", "~")
    assert checker.version_row(*buried[:3]) is None
    assert checker.origins_of_buried() == {f"{GAME} box0"}


def test_what_is_fresh_at_a_glance_is_fresh_when_all_that_it_read_is_asked(monkeypatch) -> None:
    glances: Counter[bool] = Counter()
    wrong: list[str] = []

    def both(self: Snapshot, table: str, partition: str) -> Reason | None:
        judged, is_settled = self._judged(table, partition), self._is_settled(table, partition)
        glances[is_settled] += 1
        if is_settled and judged:
            wrong.append(f"{table} {partition}: {judged}")
        return judged

    monkeypatch.setattr(Snapshot, "_found_stale", both)
    for seed in range(SEEDS_AT_A_GLANCE):
        simulate(seed)
    assert wrong == []
    assert glances[True] > 100 < glances[False]
