"""What every published schedule shares: how its games become rows, and which of them are no fault."""

from typing import NamedTuple

from boxout import Measure, Rows, ibis
from boxout_nba.readers.rejects import SCHEDULE_REJECTS, Rejects
from boxout_nba.spelling import game_key, tricode

TO_BE_DECIDED = "TBD"
"""What stands for a team, or for a tip-off, that is not decided."""

UNDECIDED = "teams are not decided yet"
ALL_STAR = "a game of the All-Star weekend"
FOREIGN = "a pre-season game against a team of another league"
PUBLISHED_REJECTS: Rejects = {
    ALL_STAR: lambda rows: rows.nba_game_id.startswith("003"),
    UNDECIDED: lambda rows: (rows.home_team == TO_BE_DECIDED) | (rows.away_team == TO_BE_DECIDED),
    FOREIGN: lambda rows: (
        (rows.season_type == "pre-season") & SCHEDULE_REJECTS["unknown team"](rows)
    ),
    **SCHEDULE_REJECTS,
}
HARMLESS = frozenset({UNDECIDED})
ELSEWHERE = frozenset({ALL_STAR, FOREIGN})
"""Of rows that are no games of the league: their date may have none."""

STATUSES = {"1": "scheduled", "2": "live", "3": "final"}
OFF = {"PPD": "postponed", "Postponed": "postponed", "Cancelled": "cancelled"}


class Game(NamedTuple):
    """What a schedule says of a game, as text; `tipoff_utc` as a timestamp."""

    nba_game_id: Measure
    game_date: Measure
    tipoff_utc: Measure
    season: Measure
    season_type: Measure
    home_team: Measure
    away_team: Measure
    status: Measure
    neutral_site: Measure
    arena: Measure


def schedule_of(raw: Rows, game: Game) -> Rows:
    """The rows of the schedule; a game has its key from its date and teams."""
    key = game_key(game.game_date, game.away_team, game.home_team)
    return raw.select("_line", **game._asdict(), game_id=key)


def status(number: Measure, told: Measure) -> Measure:
    """The status of a game by the league's number, or by its text where that says it is off."""
    off = told.strip().cases(*OFF.items(), else_=ibis.null("string"))
    return ibis.coalesce(off, number.cases(*STATUSES.items(), else_=ibis.null("string")))


def decided(team: Measure, number: Measure) -> Measure:
    """The team; TBD only where its number is 0: a team that is merely not there is missing."""
    return ibis.ifelse(number == "0", TO_BE_DECIDED, tricode(team))


def unless_undecided(told: Measure, tipoff: Measure) -> Measure:
    """The tip-off; null where the text beside it says that it is a placeholder."""
    return ibis.ifelse(told.strip() == TO_BE_DECIDED, ibis.null("timestamp"), tipoff)
