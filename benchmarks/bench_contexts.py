"""Both contexts of one date, warm, against the bare SQL; and all real seasons in all six tables.

The bare script runs the same SQL and the same checks over plain tables that already hold nothing
but the rows of the date's windows, with no versions, no ledger and no gate. Prints the ratio, and
the seconds and memory of the five seasons from files to public; the seasons are read in place.
"""

import resource
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import truth

from boxout.run import Engine, run

RATIO_MAX, SECONDS_MAX, GIB_MAX = 5, 60, 4
CONTEXTS = ("upcoming_team_game_context", "upcoming_player_game_context")


def seasons(folder: Path, names: list[str]) -> Engine:
    """Every season from its files to public in all six tables, with the time it took."""
    began = perf_counter()
    engine = truth.publish(folder, names).engine
    took = perf_counter() - began
    gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{len(names)} seasons, six tables, cold: {took:.1f} s (at most {SECONDS_MAX}),"
        f" {gib:.1f} GiB (at most {GIB_MAX})"
    )
    return engine


def bare(engine: Engine, day: str) -> float:
    """Seconds for the same SQL and checks of both contexts over plain tables."""
    cursor: Any = engine.warehouse._connection.cursor()  # noqa: SLF001
    spent = 0.0
    for name in CONTEXTS:
        one, compiled = engine.graph.processors[name], engine.compiled.processors[name]
        parts: list[str] = []
        for parameter, feeds in compiled.inputs.items():
            given, feed = one.inputs[parameter], feeds[0]
            cursor.execute(
                f'CREATE OR REPLACE TEMP TABLE "{feed.bound_to}" AS {_rows(engine, given, day)}'
            )
            parts.append(f'"{parameter}" AS ({feed.sql})')
        began = perf_counter()
        text = f"WITH {', '.join(parts)} SELECT * FROM ({compiled.sql})"
        cursor.execute(f'CREATE OR REPLACE TABLE "bare_{name}" AS {text}')
        _check(cursor, engine, name)
        spent += perf_counter() - began
    return spent


def _rows(engine: Engine, given: Any, day: str) -> str:
    table = given.tables[0]
    key = f'"{table.scheme.column}"[:10]'
    if given.window_days is None:
        return f"FROM \"{table.name}\" WHERE {key} = '{day}'"
    first, last = engine.pipeline.calendar.window(day, given.window_days)
    return f"SELECT *, '{day}' AS as_of FROM \"{table.name}\" WHERE {key} BETWEEN '{first}' AND '{last[:10]}'"


def _check(cursor: Any, engine: Engine, name: str) -> None:
    columns = ", ".join(f'"{c}"' for c in engine.graph.tables[name].column_names)
    audited = f'audited AS (SELECT *, hash({columns}) AS _content FROM "bare_{name}")'
    sql = engine.compiled.audits[name].sql
    cursor.execute(f"WITH {audited}, asked AS ({sql}) FROM asked").fetchall()


def guarded(engine: Engine, day: str) -> float:
    """Seconds from the gate to public, for a date that is computed again because it is forced."""
    began = perf_counter()
    run(engine, day, day, set(CONTEXTS), forced="a benchmark")
    return perf_counter() - began


def main() -> None:
    if not truth.SEASONS.is_dir():
        sys.exit(f"{truth.SEASONS}: no such folder. The real seasons are not beside the project.")
    with tempfile.TemporaryDirectory(prefix="boxout-contexts-") as folder:
        engine = seasons(Path(folder), sys.argv[1:] or list(truth.ALL))
        (row,) = engine.warehouse.query(
            "SELECT game_date AS day FROM schedule WHERE season_type = 'regular'"
            " GROUP BY 1 ORDER BY max(season) DESC, count(*) DESC LIMIT 1"
        )
        ours = min(guarded(engine, row["day"]) for _ in range(5))
        plain = min(bare(engine, row["day"]) for _ in range(5))
        print(
            f"contexts of {row['day']}, warm: ours {ours:.3f} s, bare {plain:.3f} s,"
            f" ratio {ours / plain:.2f} (at most {RATIO_MAX})"
        )


if __name__ == "__main__":
    main()
