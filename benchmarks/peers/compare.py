"""One night, a season by night, ten seasons and seventy-five in Boxout and in other tools.

compare.py [TOOL ...] [--only FIGURE ...]

Writes figures.json after every figure; then prints the table, and puts it with its plot into
docs/performance.md. With names of tools, or of figures (warm, which is cold too, night, season, ten,
all, where), only these are measured again; the others stay as they were.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from math import isclose
from pathlib import Path
from statistics import median
from subprocess import TimeoutExpired
from typing import Any

from export import export
from page import COLUMNS, FIGURES, table, write_page
from tools import BARE, BOXOUT, TOOLS, Broke, asked, cold_s, prepared
from where import where

NIGHTS, WHERE = "season by night", "where"
SIZES = {"season": 1, "ten": 10, "all": 75}
ONLY = ("warm", NIGHTS, *SIZES, WHERE)
TIMES = 3
WARM_NIGHTS = 4
LIMIT_S = 600

Figures = dict[str, dict[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("tools", nargs="*")
    parser.add_argument("--only", nargs="*", choices=ONLY, default=list(ONLY))
    given = parser.parse_args()
    chosen = [name for name in TOOLS if name in given.tools or not given.tools]
    is_part = bool(given.tools) or set(given.only) != set(ONLY)
    figures: Figures = json.loads(FIGURES.read_text()) if is_part and FIGURES.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        sizes = {size: n for size, n in SIZES.items() if size == "season" or size in given.only}
        export(root / "given", sizes)
        figures["about"] = about(root)
        for _ in measured(chosen, given.only, root, figures):
            agree(figures)
            FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
        if WHERE in given.only:
            figures["where"] = where(root / "given", root / "where")
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n")
    write_page(figures)
    print(table(figures))


def about(root: Path) -> dict[str, Any]:
    """What was measured, and on what."""
    nights = json.loads((root / "given" / "season" / "work.json").read_text())["nights"]
    return {
        "on": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[1], 1),
        "nights": len(nights),
        "limit_s": LIMIT_S,
    }


def measured(chosen: list[str], only: list[str], root: Path, figures: Figures) -> Iterator[None]:
    """Every figure in turn; what is short is measured several times, with all tools side by side."""
    given = root / "given"
    again = {*only, *({"cold"} if "warm" in only else ())} & COLUMNS.keys()
    for name in chosen:
        told = asked(name, root, "about", TOOLS[name].package)
        known = figures.get(name, {"rows": {}, "ended": {}})
        kept = {figure: known.get(figure, []) for figure in COLUMNS if figure not in again}
        figures[name] = known | told | kept | {figure: [] for figure in again}
    for at, (figure, size, name) in enumerate(plan(chosen, only)):
        print(f"{datetime.now(UTC):%H:%M:%S} {name}: {COLUMNS[figure]}", file=sys.stderr)
        FIGURE.get(figure, batch)(name, given / size, root / str(at), figures[name])
        shutil.rmtree(root / str(at))
        yield


def plan(chosen: list[str], only: list[str]) -> list[tuple[str, str, str]]:
    """Figure, size and tool, in the order in which they are measured."""
    asked_for = [("warm", "season", name) for _ in range(TIMES) for name in chosen]
    asked_for += [(NIGHTS, "season", name) for name in chosen]
    again = [name for name in chosen if name.startswith("bare") or name == BOXOUT]
    for size in SIZES:
        asked_for += [(size, size, name) for name in chosen]
        asked_for += [(size, size, name) for _ in range(TIMES - 1) for name in again]
    return [one for one in asked_for if one[0] in only]


def one_night(name: str, given: Path, folder: Path, told: dict[str, Any]) -> None:
    """Cold: a process for one night more. Warm: the nights after the first of a process."""
    prepared(name, given, folder)
    asked(name, folder, "night", 0)
    told["cold"].append(cold_s(name, folder, 1))
    warm = asked(name, folder, "nights", 2, 3 + WARM_NIGHTS)["seconds"]
    told["warm"].append(median(warm[1:]))


def by_night(name: str, given: Path, folder: Path, told: dict[str, Any]) -> None:
    """All nights of a season, one after the other."""
    prepared(name, given, folder)
    count = len(json.loads((given / "work.json").read_text())["nights"])
    made = in_time(name, folder, told, NIGHTS, ("nights", 0, count))
    if made is not None:
        told[NIGHTS].append(sum(made))
        told["rows"][NIGHTS] = counted(name, folder)


def batch(name: str, given: Path, folder: Path, told: dict[str, Any]) -> None:
    """Everything from the first date to the last in one go, or how it was stopped."""
    prepared(name, given, folder)
    work = json.loads((given / "work.json").read_text())
    made = in_time(name, folder, told, given.name, ("batch", work["first"], work["last"]))
    if made is not None:
        told[given.name].append(made[0])
        told["rows"][given.name] = counted(name, folder)


def in_time(
    name: str, folder: Path, told: dict[str, Any], figure: str, what: tuple[object, ...]
) -> list[float] | None:
    """The seconds it took; None, and how it ended is kept, when it was stopped or broke."""
    told["ended"].pop(figure, None)
    try:
        return asked(name, folder, *what, limit_s=LIMIT_S)["seconds"]
    except (TimeoutExpired, Broke) as error:
        is_late = isinstance(error, TimeoutExpired)
        told["ended"][figure] = f"stopped after {LIMIT_S} s" if is_late else str(error)
        return None


def counted(name: str, folder: Path) -> dict[str, list[float]]:
    """Of each table, how many rows there are and a sum over them."""
    told = asked(name, folder, "rows")
    return {of: found for of, found in told.items() if of != "asked_at"}


def agree(figures: Figures) -> None:
    """Broke when a tool did not make the rows of the bare script."""
    for name in TOOLS.keys() & figures.keys():
        for figure, found in figures[name]["rows"].items():
            for table_name, given in found.items():
                wanted = figures[BARE]["rows"][figure][table_name]
                if not all(map(partial(isclose, rel_tol=1e-9), given, wanted)):
                    raise Broke(f"{name}, {figure}, {table_name}: {given}, and bare {wanted}")


FIGURE = {"warm": one_night, NIGHTS: by_night}

if __name__ == "__main__":
    main()
