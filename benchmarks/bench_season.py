"""A season of games: gated, checked and published per game, against the bare SQL and checks.

Both do the same SQL and the same checks on the same DuckDB file; the bare script writes plain
tables, with no versions, no ledger and no gate. Prints the ratio and where the time goes.
"""

import cProfile
import pstats
import subprocess
import sys
import tempfile
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
    init(folder, "nba")
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


def bare(engine: Engine) -> float:
    """Seconds for the same SQL and the same checks into plain tables."""
    cursor = engine.warehouse._connection.cursor()  # noqa: SLF001
    for name in engine.graph.tables:
        cursor.execute(f'CREATE OR REPLACE TEMP VIEW "now_{name}" AS FROM "{name}"')
    began = perf_counter()
    for one in engine.graph.units[0].processors:
        compiled = engine.compiled.processors[one.target.name]
        parts: list[str] = []
        for name, feeds in compiled.inputs.items():
            feed = feeds[0]
            stem = "bare_" if feed.table in engine.compiled.processors else ""
            parts.append(f'"{feed.bound_to}" AS (FROM "{stem}{feed.table}")')
            parts.append(f'"{name}" AS ({feed.sql})')
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


def guarded(engine: Engine, first: str, last: str) -> float:
    """Seconds from the gate to public."""
    began = perf_counter()
    result = run(engine, first, last, set(engine.graph.processors))
    took = perf_counter() - began
    assert {type(one).__name__ for one in result.outcomes.values()} == {"Done"}
    return took


def report(name: str, ours: float, plain: float, most: float) -> None:
    print(
        f"{name}: ours {ours:.3f} s, bare {plain:.3f} s, ratio {ours / plain:.2f} (at most {most:g})"
    )


def main() -> None:
    root = Path(tempfile.mkdtemp())
    season = prepared(root / "season", simulate_season(SEED, "2025-10-21"))
    plain = min(bare(season) for _ in range(3))
    profile = cProfile.Profile()
    ours = profile.runcall(guarded, season, "2025-01-01", "2026-12-31")
    report("season, 1,230 games, cold tables", ours, plain, 6)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(14)
    night = prepared(
        root / "night", simulate_night(SEED, "2026-02-03") + simulate_night(SEED, "2026-02-04")
    )
    guarded(night, "2026-02-03", "2026-02-03")
    ours = guarded(night, "2026-02-04", "2026-02-04")
    report(
        "night, 10 games, warm (bare does both nights)", ours, min(bare(night) for _ in range(5)), 3
    )
    cold = prepared(root / "cold", simulate_night(SEED, "2026-02-03"))
    cold.warehouse.close()
    subprocess.run(
        [Path(sys.executable).parent / "boxout", "plan", "2026-02-03"],
        cwd=root / "cold",
        check=True,
        capture_output=True,
    )
    for words, most in ((["run", "2026-02-03"], 0.9), (["status", "2026-02-03"], 0.4)):
        began = perf_counter()
        subprocess.run(
            [Path(sys.executable).parent / "boxout", *words],
            cwd=root / "cold",
            check=True,
            capture_output=True,
        )
        print(
            f"boxout {' '.join(words)} from the shell: {perf_counter() - began:.2f} s (at most {most})"
        )


if __name__ == "__main__":
    main()
