"""Seventy-five simulated seasons in one backfill, against the bare SQL and checks.

One season is simulated and moved to 75 years; every game is still gated, checked and published on
its own. Prints the ratio, the part that the two stores take, the peak of memory, and how the
progress advanced.
"""

import resource
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

import duckdb
from bench_season import SEED, Timed, bare, prepared, report

from boxout.project import init, open_project
from boxout.run import land, run
from boxout_nba.simulator import simulate_season

SEASONS = int(sys.argv[1]) if len(sys.argv) > 1 else 75
MOVED = """
COPY (SELECT columns(lambda c: c NOT IN ('game_id', 'game_date')),
  (left(game_id, 4)::INT - n)::VARCHAR || substr(game_id, 5) AS game_id,
  (left(game_id, 4)::INT - n)::VARCHAR || substr(game_id, 5, 6) AS game_date
FROM read_csv(?, all_varchar = true), range({seasons}) t(n)) TO '{target}' (FORMAT parquet)
"""


def main() -> None:
    root = Path(tempfile.mkdtemp())
    prepared(root / "one", simulate_season(SEED, "2025-10-21")).warehouse.close()
    init(root / "all", "nba-games")
    engine = open_project(root / "all").engine()
    engine.warehouse.query("SET memory_limit = '2GB'")
    for reader in engine.pipeline.readers[:4]:
        path = root / "one" / f"{reader.name}.csv"
        if path.is_file():
            target = root / f"{reader.name}.parquet"
            duckdb.execute(MOVED.format(seasons=SEASONS, target=target), [str(path)])
            began = perf_counter()
            landed = land(engine, target, reader)
            print(f"{landed.table}: {landed.rows} rows landed in {perf_counter() - began:.1f} s")
    plain = min(bare(engine) for _ in range(2))
    seen: list[tuple[float, int, int]] = []
    seconds: Counter[str] = Counter()
    timed = {name: Timed(getattr(engine, name), name, seconds) for name in ("warehouse", "ledger")}
    began, busy = perf_counter(), process_time()
    result = run(
        replace(engine, **timed),
        "1900-01-01",
        "2099-12-31",
        set(engine.graph.processors),
        progress=lambda done, total: seen.append((perf_counter() - began, done, total)),
    )
    ours, busy = perf_counter() - began, process_time() - busy
    peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    kinds = {type(one).__name__ for one in result.outcomes.values()}
    report(f"{len(result.outcomes)} games, {kinds}", ours, plain, 2)
    parts = ", ".join(f"{name} {spent:.1f} s" for name, spent in seconds.most_common())
    print(f"of ours: {parts}, where two work side by side counted twice; CPU {busy:.1f} s")
    print(
        f"memory at most {peak_gib:.2f} GiB; progress "
        + ", ".join(f"{d}/{t} at {s:.1f} s" for s, d, t in seen[:: max(1, len(seen) // 6)])
    )


if __name__ == "__main__":
    main()
