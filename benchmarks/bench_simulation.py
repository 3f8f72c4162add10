"""Simulated schedules by the hundred thousand, and how soon each pulled tooth is missed.

    python benchmarks/bench_simulation.py [schedules] [--ledger memory|sqlite|postgres]

100,000 schedules when none are given, 300 on another ledger than the one in memory. Prints
schedules without and with a broken promise, how many stops and publications they had, and for every
mutation of the engine the first seed that shows it; of another ledger, on how many seeds it had
another verdict than the one in memory.
"""

import argparse
import logging
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from boxout.testing import shrink, simulate
from testing.ledgers import LEDGERS
from testing.mutants import MUTANTS

MEMORY = "memory"
SCHEDULES = {MEMORY: 100_000}
FEW = 300
PARTS = {MEMORY: 500}
PART = 50
MUTANT_SEEDS = 2000


class Played(NamedTuple):
    """What came of some seeds: sums, the broken promises, and the seeds with another verdict."""

    stops: int
    publications: int
    broken: list[str]
    differing: list[int]


def played(ledger: str, part: int, count: int, first: int) -> Played:
    """Play one part of so many seeds, each also in memory when that is not where they are played."""
    logging.disable(logging.CRITICAL)
    stops = publications = 0
    broken: list[str] = []
    differing: list[int] = []
    with LEDGERS[ledger]() as opened:
        for seed in range(first, min(first + part, count)):
            verdict = simulate(seed, opened=opened)
            stops += len(verdict.trace)
            publications += verdict.publications
            if verdict.anomalies:
                broken.append(f"seed {seed}\n{shrink(verdict) if ledger == MEMORY else verdict}")
            if ledger != MEMORY and verdict != simulate(seed):
                differing.append(seed)
    return Played(stops, publications, broken, differing)


def first_caught(mutant: str) -> int | None:
    """The first seed whose schedule shows the mutation; None when none does."""
    logging.disable(logging.CRITICAL)
    make, invariant = MUTANTS[mutant]
    with make():
        for seed in range(MUTANT_SEEDS):
            if any(one.invariant == invariant for one in simulate(seed).anomalies):
                return seed
    return None


def all_played(pool: ProcessPoolExecutor, ledger: str, count: int) -> bool:
    """Play and tell; whether no promise was broken, and no verdict was another."""
    began, part = perf_counter(), PARTS.get(ledger, PART)
    parts = list(pool.map(partial(played, ledger, part, count), range(0, count, part)))
    took = perf_counter() - began
    broken = [one for each in parts for one in each.broken]
    differing = [one for each in parts for one in each.differing]
    print(
        f"{ledger}: {count:,} schedules in {took:.0f} s, {sum(p.stops for p in parts):,} stops,"
        f" {sum(p.publications for p in parts):,} publications, {len(broken)} with a broken promise"
    )
    if ledger != MEMORY:
        print(f"{len(differing)} with another verdict than in memory {differing[:10]}")
    print("\n".join(broken[:5]))
    return not broken and not differing


def all_mutated(pool: ProcessPoolExecutor) -> None:
    for mutant, seed in zip(MUTANTS, pool.map(first_caught, MUTANTS), strict=True):
        told = f"caught by seed {seed}" if seed is not None else "NOT CAUGHT"
        print(f"  {MUTANTS[mutant][1]}  {mutant:48} {told}")


def speed(count: int) -> None:
    began = perf_counter()
    for seed in range(count):
        simulate(seed)
    print(f"one process: {count / (perf_counter() - began):.0f} schedules a second")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("schedules", type=int, nargs="?")
    parser.add_argument("--ledger", choices=LEDGERS, default=MEMORY)
    asked = parser.parse_args()
    count = asked.schedules or SCHEDULES.get(asked.ledger, FEW)
    logging.disable(logging.CRITICAL)
    with ProcessPoolExecutor() as pool:
        is_well = all_played(pool, asked.ledger, count)
        if asked.ledger == MEMORY:
            all_mutated(pool)
    if asked.ledger == MEMORY:
        speed(min(1000, count))
    sys.exit(not is_well)


if __name__ == "__main__":
    main()
