"""The official scorer's report as players and totals; ids come from the live box score."""

from collections.abc import Iterator
from pathlib import Path

from boxout import Measure, Reader, Rows, ibis
from boxout_nba.predicates import COUNTED
from boxout_nba.readers.clock import iso_date, minutes, parsed
from boxout_nba.readers.gamebook_pages import gamebook, knows_gamebook
from boxout_nba.readers.ids import team_of_name
from boxout_nba.readers.pdf import FILES
from boxout_nba.readers.rejects import PLAYER_REJECTS, TEAM_REJECTS
from boxout_nba.spelling import game_key, lookup
from boxout_nba.tables import GAMEBOOK, PLAYER_BOXSCORE, TEAM_BOXSCORE


def players(path: Path) -> Iterator[dict[str, object]]:
    """A row per player listed: who played, who did not, who was inactive."""
    yield from gamebook(path).players


def totals(path: Path) -> Iterator[dict[str, object]]:
    """A row per team."""
    yield from gamebook(path).totals


def read_players(raw: Rows, box: Rows) -> Rows:
    """The report has no ids, the public live box score of the game has.

    Where that has one player of the name in the team he gets its id, elsewhere `name:<lookup>`.
    Inactive players are named by their last name only.
    """
    rows = raw.mutate(
        game_id=_game(raw),
        team=team_of_name(raw.team),
        player_name=raw["name"],
        player_lookup=lookup(raw["name"]),
        dnp_reason=raw.reason if "reason" in raw.columns else ibis.null("string"),
        minutes=minutes(raw["min"]),
    )
    once = box.group_by("game_id", "team", "player_lookup").aggregate(
        league_id=box.player_id.max(), times_there=box.count()
    )
    once = once.filter(once.times_there == 1).drop("times_there")
    found = rows.left_join(once, ["game_id", "team", "player_lookup"], rname="{name}_of_box")
    by_name = "name:" + found.player_lookup
    return found.mutate(player_id=ibis.coalesce(found.league_id, by_name)).select(
        "_line", *GAMEBOOK.column_names
    )


def read_totals(raw: Rows) -> Rows:
    """The team's own line of the report."""
    return raw.select(
        "_line", *COUNTED, game_id=_game(raw), team=team_of_name(raw.team), minutes=raw["min"]
    )


def _game(raw: Rows) -> Measure:
    date = iso_date(parsed(raw.date, "%B %d, %Y"))
    return game_key(date, team_of_name(raw.away), team_of_name(raw.home))


_GAME = ("date", "away", "home", "team", "min", *COUNTED)
GAMEBOOKS = (
    Reader(
        "gamebook_pdf_players",
        GAMEBOOK,
        (*_GAME, "name", "status", "starter", "plus_minus"),
        read_players,
        PLAYER_REJECTS,
        FILES,
        opens=players,
        knows=knows_gamebook,
        looks_up=PLAYER_BOXSCORE,
    ),
    Reader(
        "gamebook_pdf_teams",
        TEAM_BOXSCORE,
        _GAME,
        read_totals,
        TEAM_REJECTS,
        FILES,
        opens=totals,
        knows=knows_gamebook,
    ),
)
