"""One tool, one figure, in the tool's own environment: prints seconds as JSON.

measure.py TOOL FOLDER set-up            what is done once, and not counted
measure.py TOOL FOLDER night NUMBER      one night; tells when its numbers were public
measure.py TOOL FOLDER nights FROM TO    the nights of a season one after the other
measure.py TOOL FOLDER batch FIRST LAST  all dates in one go
measure.py TOOL FOLDER rows              what is public: rows and a sum over each table
measure.py TOOL FOLDER about PACKAGE     what state the tool keeps, and of which version it is
"""

import json
import sys
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
from work import Work

SUMS = {
    "team_offense_game_summary": "pts + possessions",
    "team_defense_game_summary": "pts_allowed + defensive_rating",
    "player_game_summary": "pts + coalesce(usage_rate_pct, 0)",
}


def main(tool: str, folder: str, figure: str, *more: str) -> None:
    work = Work(Path(folder).resolve())
    told: dict[str, Any] = {}
    if figure == "rows":
        told = rows(work)
    elif figure == "about":
        keeps = import_module(f"with_{tool}").KEEPS
        told = {"keeps": keeps, "version": version(*more), "duckdb": duckdb.__version__}
    elif figure == "set-up":
        import_module(f"with_{tool}").set_up(work)
    else:
        with import_module(f"with_{tool}").opened(work) as go:
            told = FIGURES[figure](work, go, *more)
    print("\n" + json.dumps(told))


def night(work: Work, go: Any, number: str) -> dict[str, Any]:
    day = work.told["nights"][int(number)]
    go(day, day)
    return {"public_at": time.time()}


def nights(work: Work, go: Any, start: str, stop: str) -> dict[str, Any]:
    seconds: list[float] = []
    for day in work.told["nights"][int(start) : int(stop)]:
        began = time.perf_counter()
        go(day, day)
        seconds.append(time.perf_counter() - began)
    return {"seconds": seconds}


def batch(_work: Work, go: Any, first: str, last: str) -> dict[str, Any]:
    began = time.perf_counter()
    go(first, last)
    return {"seconds": [time.perf_counter() - began]}


def rows(work: Work) -> dict[str, Any]:
    with work.connect() as connection:
        asked = " UNION ALL ".join(
            f"""SELECT '{name}', count(*), round(sum({of})::DOUBLE, 3) FROM "{name}" """
            for name, of in SUMS.items()
        )
        return {name: [count, total] for name, count, total in connection.execute(asked).fetchall()}


FIGURES = {"night": night, "nights": nights, "batch": batch}

if __name__ == "__main__":
    main(*sys.argv[1:])
