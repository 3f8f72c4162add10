"""Simulated schedules by the hundred thousand, and how soon each pulled tooth is missed.

    python benchmarks/bench_simulation.py [schedules]     100,000 when none are given

Prints schedules without and with a broken promise, how many stops and publications they had,
and for every mutation of the engine the first seed that shows it.
"""

import logging
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from boxout.testing import shrink, simulate
from testing.mutants import MUTANTS

SCHEDULES = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
PART = 500
MUTANT_SEEDS = 2000


def played(first: int) -> tuple[int, int, list[str]]:
    """Stops, publications and broken promises of `PART` seeds."""
    logging.disable(logging.CRITICAL)
    stops = publications = 0
    broken: list[str] = []
    for seed in range(first, min(first + PART, SCHEDULES)):
        verdict = simulate(seed)
        stops += len(verdict.trace)
        publications += verdict.publications
        if verdict.anomalies:
            broken.append(f"seed {seed}\n{shrink(verdict)}")
    return stops, publications, broken


def first_caught(mutant: str) -> int | None:
    """The first seed whose schedule shows the mutation; None when none does."""
    logging.disable(logging.CRITICAL)
    make, invariant = MUTANTS[mutant]
    with make():
        for seed in range(MUTANT_SEEDS):
            if any(one.invariant == invariant for one in simulate(seed).anomalies):
                return seed
    return None


def main() -> None:
    logging.disable(logging.CRITICAL)
    with ProcessPoolExecutor() as pool:
        began = perf_counter()
        parts = list(pool.map(played, range(0, SCHEDULES, PART)))
        took = perf_counter() - began
        broken = [one for part in parts for one in part[2]]
        print(
            f"{SCHEDULES:,} schedules in {took:.0f} s, {sum(p[0] for p in parts):,} stops,"
            f" {sum(p[1] for p in parts):,} publications, {len(broken)} with a broken promise"
        )
        for one in broken[:5]:
            print(one)
        for mutant, seed in zip(MUTANTS, pool.map(first_caught, MUTANTS), strict=True):
            told = f"caught by seed {seed}" if seed is not None else "NOT CAUGHT"
            print(f"  {MUTANTS[mutant][1]}  {mutant:48} {told}")
    began = perf_counter()
    count = min(1000, SCHEDULES)
    for seed in range(count):
        simulate(seed)
    print(f"one process: {count / (perf_counter() - began):.0f} schedules a second")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
