"""The official scorer's report as PDF, read line by line: what it cannot place refuses the file.

A line of somebody who played has his number, name, position if he started, minutes and sixteen
figures; of somebody who did not, the reason. A line of three figures in front is the team's.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from boxout_nba.readers.pdf import lines, pages, text

FIGURES = (
    *("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "reb", "ast", "pf", "stl"),
    *("tov", "blk", "plus_minus", "pts"),
)
"""The figures in the order in which the report prints them."""

TEAM_FIGURES = tuple(name for name in FIGURES if name != "plus_minus")

_DATE = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, ([A-Z][a-z]+ \d\d?, \d{4})")
_SIDE = re.compile(r"(VISITOR|HOME): (.+?) \(\d+-\d+\)")
_PLAYED = re.compile(r"\d+ (.+?)(?: ([FGC]))? (\d+:\d\d)((?: [-+]?\d+){16})")
_OUT = re.compile(r"\d+ (.+?) ((?:DNP|DND|NWT) ?- ?.+)")
_TOTALS = re.compile(r"(?:TOTALS? )?(\d{3})(?::00)?((?: [-+]?\d+){15,16})")
_ASIDE = re.compile(r"(?:POS )?MIN FG .*PTS|.*%.*|TM REB.*")
_INACTIVE = re.compile(r"Inactive: (.+?) - (.+)")
_NAMED = re.compile(r"\s*([^,()]+?) \(([^()]*)\)(?:,|$)")
END = "SCORE BY PERIOD"


class Gamebook(NamedTuple):
    """A report: both sides with the rows of their players, and of their totals."""

    players: tuple[dict[str, object], ...]
    totals: tuple[dict[str, object], ...]


def knows_gamebook(path: Path) -> bool:
    """Tells a report by its two sides."""
    return {"VISITOR", "HOME"} <= {found[1] for found in map(_SIDE.match, _told(path)) if found}


def gamebook(path: Path) -> Gamebook:
    """The report in a file; ValueError when a line of it is not understood."""
    told = _told(path)
    date = next((found[1] for found in map(_DATE.search, told) if found), None)
    names = [found[2] for found in map(_SIDE.match, told) if found]
    if date is None or len(names) != 2 or not any(line.startswith(END) for line in told):
        raise ValueError("no date, not two sides, or no score by period")
    game = {"date": date, "away": names[0], "home": names[1]}
    players: list[dict[str, object]] = []
    totals: list[dict[str, object]] = []
    for team, line in _of_sides(told):
        row = _row(line)
        if row:
            (totals if "name" not in row else players).append(game | {"team": team} | row)
    if len(totals) != 2:
        raise ValueError(f"{len(totals)} lines of totals found, 2 expected")
    players += [game | row for row in _inactive(told, names)]
    return Gamebook(tuple(players), tuple(totals))


def _told(path: Path) -> list[str]:
    return [text(line) for page in pages(path) for line in lines(page)]


def _of_sides(told: Sequence[str]) -> Iterator[tuple[str, str]]:
    team = ""
    for line in told:
        side = _SIDE.match(line)
        if line.startswith(END):
            return
        if side:
            team = side[2]
        elif team and not _ASIDE.fullmatch(line):
            yield team, line


def _row(line: str) -> dict[str, object]:
    """What a line between the sides says; one with a name is a player's."""
    if played := _PLAYED.fullmatch(line):
        figures = dict(zip(FIGURES, played[4].split(), strict=True))
        starter = str(played[2] is not None).lower()
        return {
            "name": played[1],
            "status": "active",
            "starter": starter,
            "min": played[3],
        } | figures
    if out := _OUT.fullmatch(line):
        return {"name": out[1], "status": "dnp", "starter": "false", "reason": out[2]}
    if totals := _TOTALS.fullmatch(line):
        given = totals[2].split()
        names = FIGURES if len(given) == len(FIGURES) else TEAM_FIGURES
        return {"min": totals[1], **dict(zip(names, given, strict=True))}
    raise ValueError(f"a line between the teams that is neither a player's nor the totals: {line}")


def _inactive(told: Sequence[str], names: Sequence[str]) -> Iterator[dict[str, object]]:
    """Inactive players: the report names them by their last name only."""
    for at, line in enumerate(told):
        if found := _INACTIVE.fullmatch(line):
            team = next((name for name in names if name.upper().endswith(found[1].upper())), "")
            for who, why in _NAMED.findall(_whole(found[2], told[at + 1 :])):
                row = {"team": team, "name": who, "status": "inactive", "reason": why}
                yield row | {"starter": "false"}


def _whole(listed: str, below: Sequence[str]) -> str:
    """A list of names and reasons that may go on in the lines below: it ends with a reason."""
    for line in (*below, None):
        if listed.endswith(")") and listed.count("(") == listed.count(")"):
            return listed
        listed += f" {line or ''}"
    raise ValueError("the list of inactive players does not end")
