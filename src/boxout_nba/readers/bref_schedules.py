"""The schedule of a season as Basketball-Reference prints it, results so far and play-off slots."""

from boxout import Measure, Reader, Rows, ibis
from boxout_nba.readers.clock import iso_date, parsed, utc
from boxout_nba.readers.ids import team_of_name
from boxout_nba.readers.schedules import (
    ELSEWHERE,
    HARMLESS,
    PUBLISHED_REJECTS,
    TO_BE_DECIDED,
    Game,
    schedule_of,
)
from boxout_nba.seasons import whole_seasons
from boxout_nba.tables import SCHEDULE

_SLOT = "^(East|West)-[0-9]+$|^(winner|loser)-[0-9]+$"
"""`East-1`, `winner-1232`: who will play is decided by games that come before."""

PHASES = {
    "reg_season": "regular",
    "playin": "play-in",
    "playoffs": "play-offs",
    "preseason": "pre-season",
}


def read_bref_schedule(raw: Rows) -> Rows:
    """A game with points is final: the page has no other word for it, and none for a live game."""
    date = parsed(raw.month_day + " " + raw.year, "%b %d %Y")
    start = parsed(raw.month_day + " " + raw.year + " " + raw.start_et + "m", "%b %d %Y %I:%M%p")
    has_points = raw.visitor_pts.notnull() & raw.home_pts.notnull()
    phase = raw.game_type.re_replace("_r[0-9]+$", "")
    first = date.year() - (date.month() < 7).cast("int64")
    season = first.cast("string") + "-" + ((first + 1) % 100).cast("string").lpad(2, "0")
    return schedule_of(
        raw,
        Game(
            ibis.null("string"),
            iso_date(date),
            utc(start),
            season,
            phase.cases(*PHASES.items(), else_=ibis.null("string")),
            _team(raw.home),
            _team(raw.visitor),
            ibis.ifelse(has_points, "final", "scheduled"),
            ibis.null("string"),
            raw.arena,
        ),
    )


def _team(name: Measure) -> Measure:
    return ibis.ifelse(name.re_search(_SLOT), TO_BE_DECIDED, team_of_name(name))


BREF_SCHEDULES = (
    Reader(
        "bref_schedule",
        SCHEDULE,
        (
            *("game_type", "month_day", "year", "start_et", "visitor", "visitor_pts"),
            *("home", "home_pts", "arena"),
        ),
        read_bref_schedule,
        PUBLISHED_REJECTS,
        ("schedule/*bref*.parquet",),
        covers=whole_seasons,
        harmless=HARMLESS,
        foreign=ELSEWHERE,
    ),
)
