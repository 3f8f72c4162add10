"""A season of games: gated, checked and published per game, against the bare SQL and checks.

Both do the same SQL and the same checks on the same DuckDB file; the bare script writes plain
tables, with no versions, no ledger and no gate. Prints the ratio and where the time goes.
"""

import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from boxout.project import init, open_project
from boxout.run import Engine, land, run
from boxout_nba.simulator import (
    Game,
    gamebook_rows,
    play,
    schedule_rows,
    simulate_night,
    simulate_season,
    team_rows,
    write_csv,
)

SEED = 7


def prepared(folder: Path, games: list[Game]) -> Engine:
    """A project with the sources of these games landed."""
    init(folder, "nba-games")
    engine = open_project(folder).engine()
    readers = {one.name: one for one in engine.pipeline.readers}
    final = [g for g in games if g.status == "final"]
    boxes = [(g.game_id, play(SEED, g.away, g.home, g.game_id)) for g in final]
    rows = {
        "schedule": schedule_rows(games),
        "gamebook_player_stats": [row for key, box in boxes for row in gamebook_rows(key, box)],
        "team_boxscore": [row for key, box in boxes for row in team_rows(key, box)],
    }
    for name, of in rows.items():
        land(engine, write_csv(of, folder / f"{name}.csv"), readers[name])
    return engine


def bare(engine: Engine, day: str = "") -> float:
    """Seconds for the same SQL and the same checks over plain tables, for a date or for all.

    The plain tables hold what is public, as a script that overwrites tables would have it.
    """
    cursor = engine.warehouse._connection.cursor()  # noqa: SLF001
    for name, table in engine.graph.tables.items():
        if table.is_source:
            where = f"WHERE {table.scheme.column} LIKE '{day}%'"
            cursor.execute(f'CREATE OR REPLACE TABLE "bare_{name}" AS FROM "{name}" {where}')
    began = perf_counter()
    for one in engine.graph.units[0].processors:
        compiled = engine.compiled.processors[one.target.name]
        parts: list[str] = []
        for name, feeds in compiled.inputs.items():
            parts.append(f'"{feeds[0].bound_to}" AS (FROM "bare_{feeds[0].table}")')
            parts.append(f'"{name}" AS ({feeds[0].sql})')
        cursor.execute(
            f'CREATE OR REPLACE TABLE "bare_{one.target.name}" AS WITH {", ".join(parts)} '
            f"SELECT * FROM ({compiled.sql})"
        )
        _check(cursor, engine, engine.compiled.audits[one.target.name])
    for audit in engine.compiled.across["game totals"]:
        _check(cursor, engine, audit)
    return perf_counter() - began


def _check(cursor, engine: Engine, audit) -> None:
    parts = []
    for name, table in audit.bindings.items():
        columns = ", ".join(f'"{c}"' for c in engine.graph.tables[table].column_names)
        parts.append(f'"{name}" AS (SELECT *, hash({columns}) AS _content FROM "bare_{table}")')
    cursor.execute(f"WITH {', '.join(parts)}, asked AS ({audit.sql}) FROM asked").fetchall()


class Timed:
    """A store around another one that adds up how long its calls take."""

    def __init__(self, store, name: str, seconds: Counter) -> None:
        self._store, self._name, self._seconds = store, name, seconds

    def __getattr__(self, name: str):
        found = getattr(self._store, name)
        if not callable(found):
            return found

        def call(*given, **named):
            began = perf_counter()
            try:
                return found(*given, **named)
            finally:
                self._seconds[self._name] += perf_counter() - began

        return call


def guarded(engine: Engine, first: str, last: str) -> tuple[float, Counter]:
    """Seconds from the gate to public, and how many of them the stores took."""
    seconds: Counter[str] = Counter()
    timed = {name: Timed(getattr(engine, name), name, seconds) for name in ("warehouse", "ledger")}
    began = perf_counter()
    result = run(replace(engine, **timed), first, last, set(engine.graph.processors))
    took = perf_counter() - began
    assert {type(one).__name__ for one in result.outcomes.values()} == {"Done"}
    return took, seconds


def report(name: str, ours: float, plain: float, most: float) -> None:
    print(
        f"{name}: ours {ours:.3f} s, bare {plain:.3f} s, ratio {ours / plain:.2f} (at most {most:g})"
    )


def shell(folder: Path, *words: str) -> float:
    """Seconds of one command in a process of its own."""
    command = [Path(sys.executable).parent / "boxout", *words]
    began = perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return perf_counter() - began


def main() -> None:
    root = Path(tempfile.mkdtemp())
    season = prepared(root / "season", simulate_season(SEED, "2025-10-21"))
    plain = min(bare(season) for _ in range(3))
    ours, parts = guarded(season, "2025-01-01", "2026-12-31")
    report("season, 1,230 games, cold tables", ours, plain, 6)
    print("  of ours: " + ", ".join(f"{name} {spent:.3f} s" for name, spent in parts.items()))
    nights = [f"2026-02-{day:02}" for day in range(3, 9)]
    night = prepared(root / "night", [g for day in nights for g in simulate_night(SEED, day)])
    times = [guarded(night, day, day)[0] for day in nights]
    plain = min(bare(night, nights[-1]) for _ in range(5))
    report("night, 10 games, warm", min(times[1:]), plain, 3)
    cold = prepared(root / "cold", simulate_night(SEED, "2026-02-03"))
    cold.warehouse.close()
    shell(root / "cold", "plan", "2026-02-03")
    print(
        f"boxout run from the shell: {shell(root / 'cold', 'run', '2026-02-03'):.2f} s (at most 0.9)"
    )
    status = min(shell(root / "cold", "status", "2026-02-03") for _ in range(3))
    print(f"boxout status from the shell: {status:.2f} s (at most 0.4)")


if __name__ == "__main__":
    main()
