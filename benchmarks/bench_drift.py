"""Real seasons, night by night: how often a file is said to differ, and what the look costs.

Every season is cut into a file a night for each of its sources, as they would have arrived, and
landed in order. What is refused is shown, and landed with a reason, as a person would: it is either a
change of the source or a false alarm. Remarks are counted. The cost is the share of the landing's time that the look takes.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import duckdb
from truth import FOLDERS, SEASONS

from boxout.errors import Withheld
from boxout.project import init, open_project
from boxout.run import Engine, land

ALL = ("2020-21", "2021-22", "2022-23", "2023-24")
COST_MAX = 0.10
NIGHTS = "SELECT DISTINCT left(game_date::VARCHAR, 10) AS day FROM read_parquet($file) ORDER BY 1"


class Seen(NamedTuple):
    """One season: files landed, those refused, differences told by kind, seconds."""

    files: int
    refused: list[str]
    told: Counter[str]
    landing_s: float
    looking_s: float


class Looked:
    """Adds up how long the look at a file takes: reading, describing, comparing, keeping."""

    def __init__(self) -> None:
        self.seconds = 0.0
        for name in ("look_at", "judge", "keep"):
            setattr(sys.modules["boxout.run.land"], name, self._timed(name))

    def _timed(self, name: str):
        found = getattr(sys.modules["boxout.run.land"], name)

        def call(*given, **named):
            began = perf_counter()
            try:
                return found(*given, **named)
            finally:
                self.seconds += perf_counter() - began

        return call


def nights(folder: Path, season: str) -> list[tuple[str, str, Path]]:
    """A file a night of each source, in order: (night, reader, file)."""
    made: list[tuple[str, str, Path]] = []
    connection = duckdb.connect()
    for name, reader in FOLDERS.items():
        source = SEASONS / name / f"{season}.parquet"
        if not source.is_file():
            continue
        for (day,) in connection.execute(NIGHTS, {"file": str(source)}).fetchall():
            path = folder / f"{name}-{day}.parquet"
            connection.execute(
                f"COPY (FROM read_parquet($file) WHERE left(game_date::VARCHAR, 10) = $day) TO '{path}'",
                {"file": str(source), "day": day},
            )
            made.append((day, reader, path))
    return sorted(made)


def played(engine: Engine, files: list[tuple[str, str, Path]], looked: Looked) -> Seen:
    """Every night landed, one after the other."""
    readers = {one.name: one for one in engine.pipeline.readers}
    refused: list[str] = []
    told: Counter[str] = Counter()
    before, began = looked.seconds, perf_counter()
    for _, reader, path in files:
        try:
            done = land(engine, path, readers[reader])
        except Withheld as error:
            refused.append(f"  {path.name}\n" + str(error).split("\n\n")[1])
            done = land(engine, path, readers[reader], accept="a real season")
        told.update(f"{reader} {one.column} {one.kind}" for one in done.drift.found)
        told.update([f"{reader}: {done.drift.not_compared}"] if done.drift.not_compared else [])
    return Seen(len(files), refused, told, perf_counter() - began, looked.seconds - before)


def show(season: str, seen: Seen) -> None:
    """The season's line, every false alarm, and what was told most."""
    share = seen.looking_s / seen.landing_s
    print(
        f"{season}: {seen.files} files, {len(seen.refused)} refused,"
        f" {sum(seen.told.values())} remarks; landing {seen.landing_s:.1f} s, of it the look"
        f" {seen.looking_s:.1f} s = {share:.1%} (at most {COST_MAX:.0%})"
    )
    for text in seen.refused:
        print(text)
    for remark, count in seen.told.most_common(12):
        print(f"  {count:4} {remark}")


def main() -> None:
    if not SEASONS.is_dir():
        sys.exit(f"{SEASONS}: no such folder. The real seasons are not beside the project.")
    looked = Looked()
    with tempfile.TemporaryDirectory(prefix="boxout-drift-") as folder:
        root = Path(folder)
        init(root / "project", "nba")
        with open_project(root / "project").working() as engine:
            for season in sys.argv[1:] or list(ALL):
                files = root / season
                files.mkdir()
                show(season, played(engine, nights(files, season), looked))


if __name__ == "__main__":
    main()
