"""The league's injury report as PDF: a table of seven columns, a page after the other."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from boxout import Measure, Reader, Rows
from boxout_nba.readers.clock import iso_date, parsed, utc
from boxout_nba.readers.ids import team_of_name
from boxout_nba.readers.pdf import FILES, Word, begins, lines, pages, text
from boxout_nba.readers.rejects import PLAYER_REJECTS
from boxout_nba.spelling import game_key, lookup
from boxout_nba.tables import INJURY_REPORT

TITLE = "Injury Report: "
_ISSUED = re.compile(r"Injury Report: (\d\d/\d\d/\d\d \d?\d:\d\d [AP]M)")
_FOOTER = re.compile(r"Page \d+ ?of ?\d+")
_HEADER = ("Game Date", "Game Time", "Matchup", "Team", "Player Name", "Current Status", "Reason")
_COLUMNS = ("date", "time", "matchup", "team", "player", "status", "reason")
_CARRIED = _COLUMNS[:4]
"""Written once and meant for all rows below."""

NOT_SUBMITTED = "NOT YET SUBMITTED"


def reported(path: Path) -> Iterator[dict[str, object]]:
    """A row per player listed; a team that has not submitted its report has none."""
    first = pages(path)[0]
    issued = _ISSUED.search(begins(path))
    if issued is None:
        raise ValueError("it does not say when it was issued")
    edges = _edges(first)
    carried: dict[str, str] = {}
    for page in pages(path):
        for cells in _rows(page, edges):
            carried |= {name: cells[name] for name in _CARRIED if cells[name]}
            if cells["player"]:
                yield {"issued": issued[1], **cells, **carried}
            elif cells["reason"] != NOT_SUBMITTED:
                raise ValueError(f"neither a player nor {NOT_SUBMITTED}: {cells}")


def _edges(page: Sequence[Word]) -> list[float]:
    """Where each column begins, by the words of the header."""
    for line in lines(page):
        if text(line) == " ".join(_HEADER):
            starts = [sum(len(one.split()) for one in _HEADER[:at]) for at in range(len(_HEADER))]
            return [line[at].left - 2 for at in starts]
    raise ValueError(f"no header {', '.join(_HEADER)}")


def _rows(page: Sequence[Word], edges: Sequence[float]) -> Iterator[dict[str, str]]:
    """The cells of each row. A reason of several lines is beside its player, above and below."""
    body = [word for line in lines(page) if not _is_margin(text(line)) for word in line]
    placed = [(sum(word.left >= edge for edge in edges) - 1, word) for word in body]
    anchors = [
        line[0].top for line in lines(w for at, w in placed if at == _COLUMNS.index("player"))
    ]
    anchors += [
        line[0].top
        for line in lines(w for at, w in placed if at == _COLUMNS.index("reason"))
        if text(line) == NOT_SUBMITTED
    ]
    cells: dict[float, list[list[Word]]] = {top: [[] for _ in _COLUMNS] for top in sorted(anchors)}
    for at, word in placed:
        nearest = min(cells, key=lambda top: abs(top - word.top))
        cells[nearest][at].append(word)
    for found in cells.values():
        told = [text(word for line in lines(cell) for word in line) for cell in found]
        yield dict(zip(_COLUMNS, told, strict=True))


def _is_margin(line: str) -> bool:
    is_title = line.startswith(TITLE) or line == " ".join(_HEADER)
    return is_title or _FOOTER.fullmatch(line) is not None


def read_report(raw: Rows) -> Rows:
    """Names stand as `Payton II, Gary` there; the time of issue is Eastern."""
    date = iso_date(parsed(raw.date, "%m/%d/%Y"))
    away, home = raw.matchup.split("@")[0], raw.matchup.split("@")[1]
    name = _given_name_first(raw.player)
    return raw.select(
        "_line",
        "reason",
        game_date=date,
        game_id=game_key(date, away, home),
        team=team_of_name(raw.team),
        player_lookup=lookup(name),
        player_name=name,
        status=raw.status.lower(),
        reported_utc=utc(parsed(raw.issued, "%m/%d/%y %I:%M %p")),
    )


def _given_name_first(name: Measure) -> Measure:
    return name.re_replace("^([^,]+), *([^,]+)$", r"\2 \1")


def knows_report(path: Path) -> bool:
    """Tells an injury report by its title."""
    return _ISSUED.search(begins(path)) is not None


INJURY_REPORTS = (
    Reader(
        "injury_report_pdf",
        INJURY_REPORT,
        ("issued", *_COLUMNS),
        read_report,
        PLAYER_REJECTS,
        FILES,
        opens=reported,
        knows=knows_report,
    ),
)
