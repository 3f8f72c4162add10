"""What all checks and anomaly statistics cost, against computing the rows they judge.

One run: two seasons are published one after the other, so that the second has a baseline, and then
nights of it are computed again, one by one. Timed are the statements that compute and append rows
(`append`), those that audit them (`audit`: row, partition and cross checks, completeness), and
what is held against the baseline (`watch`: reading the rows, profile, baseline, scores, ledger).
Landing is timed apart: there the rows are read and not computed.

    python benchmarks/bench_check_cost.py [first season] [second season]
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from truth import FOLDERS, SEASONS

from boxout.project import init, open_project
from boxout.run import Engine, land, run
from boxout.run import compute as computing

SHARE_MAX = 0.40
NIGHTS = 12
GAMES = ("team_offense_game_summary", "team_defense_game_summary", "player_game_summary")


class Clocked:
    """A warehouse around another one that adds up the seconds of what it is asked for, by table."""

    def __init__(self, warehouse: Any, seconds: Counter[tuple[str, str]]) -> None:
        self._warehouse, self._seconds = warehouse, seconds

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._warehouse, name)
        if name == "append":
            return timed(found, self._seconds, name, lambda given: given[0].name)
        if name == "audit":
            first = lambda given: next(iter(given[1].values()))[0].name  # noqa: E731
            return timed(found, self._seconds, name, first)
        return found


def timed(
    call: Callable[..., Any],
    seconds: Counter[tuple[str, str]],
    what: str,
    table: Callable[[Any], str],
) -> Callable[..., Any]:
    def clocked(*given: Any, **named: Any) -> Any:
        began = perf_counter()
        try:
            return call(*given, **named)
        finally:
            seconds[what, table(given)] += perf_counter() - began

    return clocked


def serial(acts: Any) -> list[Any]:
    """One after the other, so that no second is counted twice."""
    return [act() for act in acts]


def landed(engine: Engine, season: str) -> None:
    readers = {one.name: one for one in engine.pipeline.readers}
    for name, reader in FOLDERS.items():
        path = SEASONS / name / f"{season}.parquet"
        if path.is_file():
            land(engine, path, readers[reader], accept="a season changed its units")


def dates(season: str) -> tuple[str, str]:
    year = int(season[:4])
    return f"{year}-09-01", f"{year + 1}-08-31"


def show(name: str, seconds: Counter[tuple[str, str]], tables: set[str], per: int = 1) -> bool:
    """One line; whether checks and statistics kept within their share."""
    spent = {
        what: sum(s for (kind, table), s in seconds.items() if kind == what and table in tables)
        for what in ("append", "audit", "watch")
    }
    share = (spent["audit"] + spent["watch"]) / spent["append"]
    told = ", ".join(f"{what} {1000 * s / per:,.0f} ms" for what, s in spent.items())
    print(f"{name:44} {told}: {share:.0%} (at most {SHARE_MAX:.0%})")
    return share <= SHARE_MAX


def by_table(seconds: Counter[tuple[str, str]], per: int) -> None:
    for (what, table), spent in seconds.most_common(24):
        print(f"    {1000 * spent / per:9,.1f} ms  {what:7} {table}")


def main() -> int:  # noqa: PLR0915
    before, season = (
        (*sys.argv[1:], "2021-22", "2022-23")[:2] if len(sys.argv) < 3 else sys.argv[1:3]
    )
    seconds: Counter[tuple[str, str]] = Counter()
    plain = computing.watch
    computing.watch = timed(plain, seconds, "watch", lambda given: given[1].name)
    with tempfile.TemporaryDirectory(prefix="boxout-cost-") as folder:
        init(Path(folder), "nba")
        made = open_project(Path(folder)).engine()
        clocked: Any = Clocked(made.warehouse, seconds)
        engine = replace(made, warehouse=clocked, side_by_side=serial)
        derived = set(engine.graph.processors)
        landed(engine, before)
        run(engine, *dates(before), derived)
        seconds.clear()
        landed(engine, season)
        print(f"landing {season}: audit and watch", {k: round(s, 2) for k, s in seconds.items()})
        seconds.clear()
        run(engine, *dates(season), derived)
        fine = [show(f"season {season}, six tables", seconds, derived)]
        fine.append(show(f"season {season}, totals of games", seconds, set(GAMES)))
        by_table(seconds, 1)
        found = engine.warehouse.query(
            "SELECT DISTINCT left(game_id, 10) AS d FROM player_game_summary ORDER BY 1"
        )
        days = [row["d"] for row in found if dates(season)[0] < row["d"]][60 : 60 + NIGHTS + 1]
        for at, day in enumerate(days):
            if at == 1:
                seconds.clear()
            run(engine, day, day, derived, forced="measured")
        fine.append(show("by night, six tables", seconds, derived, NIGHTS))
        fine.append(show("by night, totals of games", seconds, set(GAMES), NIGHTS))
        by_table(seconds, NIGHTS)
        made.warehouse.close()  # pyright: ignore[reportAttributeAccessIssue]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
