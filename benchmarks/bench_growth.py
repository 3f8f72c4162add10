"""A ledger of five million publications over ten thousand dates, asked for one night.

    python benchmarks/bench_growth.py [--publications 5000000] [--folder FOLDER]

A week of simulated games in all six tables is published game by game, and its ledger copied to years
of weeks, each corrected seven times. Prints how long plan, status, report and the like take for a
night at the end of a season of 168 dates, and with a whole year of games every day before it; how long a new night takes from landing to public here and in
an empty project, and how long one part of a collection keeps others from writing. What was grown in
FOLDER is asked again as it is; without it everything is grown anew, which takes about 5 kB and 0.15 ms
of one core for each publication.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from grown import grow

from boxout.project import CACHE, Project, init, open_project
from boxout.report import look, status
from boxout.report.tonight import tonight
from boxout.run import Engine, land, run
from boxout.run.collect import collect_part
from boxout.run.engine import catch_up
from boxout.run.plan import make_plan
from boxout_nba.simulator import (
    Game,
    gamebook_rows,
    injury_rows,
    line_rows,
    play,
    prop_rows,
    roster_rows,
    schedule_rows,
    shots_rows,
    simulate_night,
    team_rows,
    write_csv,
)

SEED, DAYS, GAMES, CORRECTIONS = 7, 7, 7, 8
FIRST = date(2026, 1, 5)
LIMIT_MS = 200
QUICK_TRIES = 9
OF_A_DATE = "upcoming_team_game_context"
SEASON_DATES = 168


class Landing:
    """One project whose sources arrive as files."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self._folder = engine, folder
        self._readers = {one.name: one for one in engine.pipeline.readers}

    def land(self, reader: str, rows: list[dict[str, object]]) -> None:
        path = write_csv(rows, self._folder / f"{reader}.csv")
        land(self.engine, path, self._readers[reader])

    def played(self, games: list[Game]) -> None:
        boxes = [(g.game_id, play(SEED, g.away, g.home, g.game_id)) for g in games]
        for reader, of in (
            ("gamebook_player_stats", gamebook_rows),
            ("team_boxscore", team_rows),
            ("shots", shots_rows),
        ):
            self.land(reader, [row for key, box in boxes for row in of(key, box)])

    def known_before(self, day: str, games: list[Game]) -> None:
        self.land("rosters", list(roster_rows(SEED, day)))
        for reader, of in (
            ("injury_report", injury_rows),
            ("player_props", prop_rows),
            ("game_lines", line_rows),
        ):
            self.land(reader, [row for game in games for row in of(SEED, game)])

    def computed(self, first: str, last: str) -> None:
        run(self.engine, first, last, set(self.engine.graph.processors))


def template(folder: Path) -> Project:
    """A week, published game by game."""
    project = made(folder)
    with project.working(0) as engine:
        days = [(FIRST + timedelta(n)).isoformat() for n in range(DAYS)]
        games = {day: simulate_night(SEED, day, games=GAMES) for day in days}
        landing = Landing(engine, folder)
        landing.land("schedule", schedule_rows([g for of in games.values() for g in of]))
        for day, of in games.items():
            landing.known_before(day, of)
            for game in of:
                landing.played([game])
                landing.computed(day, day)
        landing.computed(days[0], days[-1])
    return project


def made(folder: Path, like: Path | None = None) -> Project:
    init(folder, "nba")
    if like is not None:
        shutil.copytree(like / CACHE, folder / CACHE, dirs_exist_ok=True)
    return open_project(folder)


def asked(name: str, ask: Callable[[], Any], limit_ms: float | None = None) -> None:
    """The best of some tries, in milliseconds."""
    took_ms = float("inf")
    for _ in range(QUICK_TRIES):
        began = perf_counter()
        ask()
        took_ms = min(took_ms, (perf_counter() - began) * 1000)
    most = f" (at most {limit_ms:g})" if limit_ms else ""
    print(f"  {name}: {took_ms:.1f} ms{most}", flush=True)


def of_a_night(project: Project, engine: Engine, day: str) -> None:
    tables = set(engine.graph.processors)

    def seen() -> Any:
        return look(engine.ledger, project.pipeline, engine.graph, engine.fingerprints, day, day)

    asked("plan", lambda: make_plan(engine, day, day, tables), LIMIT_MS)
    asked("status", lambda: status(seen(), day, day), LIMIT_MS)
    asked("tonight's page", lambda: tonight(seen(), day))


def questions(project: Project) -> None:
    with project.planning() as engine, closing(project.ledger()) as ledger:
        source, head = project.pipeline.calendar.table.name, ledger.head()
        dates = ledger.keys_before(OF_A_DATE, FIRST.isoformat(), head, 1 << 30)
        print(f"{head:,} publications, {len(dates):,} dates")
        for day, told in ((dates[-SEASON_DATES - 1], "a season"), (dates[0], "a whole year")):
            print(f" {day}, with {told} of games before it:")
            of_a_night(project, engine, day)
        game = next(iter(ledger.keys_before("player_game_summary", day + "~", head, 1)))
        asked("what a quality report reads", lambda: ledger.quality(day, day + "~"))
        asked("what an audit asks of checks", lambda: ledger.unchecked(day, day + "~"))
        asked("history of a game", lambda: ledger.history("player_game_summary", game))
        asked("forced publications", ledger.forced)
        asked("the latest dates", lambda: ledger.keys_before(source, "~", head, 7))
        asked("what repair has to follow", lambda: ledger.reach(head - 100))


def night(project: Project, day: str) -> float:
    """Seconds from the last file landed to public, in all six tables."""
    games = simulate_night(SEED, day, games=10)
    with project.working(0) as engine:
        catch_up(engine)
        landing = Landing(engine, project.folder)
        landing.land("schedule", schedule_rows(games))
        landing.known_before(day, games)
        landing.played(games)
        began = perf_counter()
        landing.computed(day, day)
        return perf_counter() - began


def collection(project: Project) -> None:
    with project.working(0) as engine:
        began = perf_counter()
        gone = collect_part(engine, 1000, 0)
        took = perf_counter() - began
    print(f"  one part of a collection, {sum(gone.values()):,} versions: {took * 1000:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--publications", type=int, default=5_000_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="boxout-growth-"))
    template(root / "week")
    folder = given.folder or root / "grown"
    if not (folder / "ledger.sqlite").exists():
        made(folder, root / "week").ledger().close()
        week = root / "week" / "ledger.sqlite"
        grow(week, folder / "ledger.sqlite", given.publications, corrections=CORRECTIONS, gap=1)
    project = open_project(folder)
    size_gib = (folder / "ledger.sqlite").stat().st_size / 2**30
    print(f"ledger of {size_gib:.1f} GiB")
    questions(project)
    began = perf_counter()
    with project.working(0) as engine:
        catch_up(engine)
    print(f"  the warehouse catches up in {perf_counter() - began:.0f} s")
    later = (FIRST + timedelta(500)).isoformat()
    empty = night(made(root / "empty", root / "week"), later)
    full = night(project, later)
    print(f"  a new night: {full:.2f} s here, {empty:.2f} s in an empty project")
    collection(project)
    shutil.rmtree(root)
    sys.exit(0)


if __name__ == "__main__":
    main()
