"""What arrives: three nights of three games, each file in several variants, as CSV files.

A public number can only be a function of the variants that it was computed from, so every answer
that may ever be public is known before the storm begins.
"""

from itertools import product
from pathlib import Path
from typing import NamedTuple

from boxout_nba.simulator import (
    gamebook_rows,
    play,
    schedule_rows,
    simulate_night,
    team_rows,
    write_csv,
)

SEED = 11
DAYS = ("2026-02-03", "2026-02-04", "2026-02-05")
GAMES = 3
FIRST, LAST = DAYS[0], DAYS[-1]
SCHEDULE, GAMEBOOK, TEAM_BOX = "schedule", "gamebook_player_stats", "team_boxscore"

ALL = "all"
"""In place of a day: every night in one file, for clean runs."""

FINAL = "final"
"""The variant that nobody has seen before the storm is over."""

VARIANTS = {
    SCHEDULE: ("first", "live", FINAL),
    GAMEBOOK: ("first", "corrected", FINAL),
    TEAM_BOX: ("half", "first", "wrong", FINAL),
}
TIPOFF = {"first": "23:30:00", "live": "23:40:00", FINAL: "23:50:00"}
UNREADABLE = {"half"}
"""Arrives incomplete, so that nobody may read it."""
UNTRUE = {"wrong"}
"""Does not agree with the gamebook, so that nothing computed from it may go out."""


class Arrival(NamedTuple):
    """One file: which reader lands it, and which variant of which night it is."""

    reader: str
    day: str
    variant: str

    @property
    def file(self) -> str:
        return f"{self.reader}_{self.day}_{self.variant}.csv"


def named(file: str) -> Arrival:
    """The arrival that a file is."""
    reader, day, variant = Path(file).stem.rsplit("_", 2)
    return Arrival(reader, day, variant)


ARRIVALS = [
    Arrival(reader, day, variant)
    for reader, variants in VARIANTS.items()
    for day, variant in product(DAYS, variants)
]
LAST_ARRIVALS = [one for one in ARRIVALS if one.variant == FINAL]
EARLIER_ARRIVALS = [one for one in ARRIVALS if one.variant != FINAL]


def games() -> list[str]:
    """Every game of every night."""
    return [game.game_id for day in DAYS for game in simulate_night(SEED, day, GAMES)]


def write_all(folder: Path) -> None:
    """Every file that may ever arrive."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in ARRIVALS:
        write_csv(rows_of(one), folder / one.file)
    for reader, variants in VARIANTS.items():
        for variant in variants:
            every = [row for day in DAYS for row in rows_of(Arrival(reader, day, variant))]
            write_csv(every, folder / Arrival(reader, ALL, variant).file)


def rows_of(one: Arrival) -> list[dict[str, object]]:
    """What a file holds."""
    night = simulate_night(SEED, one.day, GAMES)
    if one.reader == SCHEDULE:
        is_live = one.variant == "live"
        rows = schedule_rows([night[0]._replace(status="live"), *night[1:]] if is_live else night)
        return [row | {"tipoff_utc": f"{one.day} {TIPOFF[one.variant]}"} for row in rows]
    periods = 2 if one.variant == "half" else None
    seed = SEED + (one.variant == FINAL)  # nothing is as it was, so no rollback speaks of it
    boxes = [(g.game_id, play(seed, g.away, g.home, g.game_id, periods_max=periods)) for g in night]
    of = gamebook_rows if one.reader == GAMEBOOK else team_rows
    rows: list[dict[str, object]] = []
    for key, box in boxes:
        lines = of(key, box)
        _vary(lines, one)
        rows += lines
    return rows


def _vary(lines: list[dict[str, object]], one: Arrival) -> None:
    """Every variant shows in what is computed from it."""
    if one.reader == GAMEBOOK and one.variant != "first":
        lines[0]["player_name"] = f"{one.variant} name"
    elif one.reader == TEAM_BOX and one.variant == FINAL:
        lines[0]["tov"] = int(str(lines[0]["tov"])) + 2
    elif one.reader == TEAM_BOX and one.variant == "wrong":
        lines[0]["blk"] = int(str(lines[0]["blk"])) + 1
