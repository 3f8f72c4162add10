"""The game of a row that has the league's id only: the one game the public schedule has under it."""

from boxout import Rows
from boxout_nba.readers.rejects import Rejects

OFF = ("postponed", "cancelled")


def with_game(raw: Rows, schedule: Rows, league_id: str) -> Rows:
    """The rows with `game_of_schedule`: null when the id is not on the schedule, or is twice.

    A game that was postponed is there under its old date and its new one: the old one is off.
    """
    listed = schedule.filter(~schedule.status.isin(OFF) & schedule.nba_game_id.notnull())
    once = listed.group_by(listed.nba_game_id).aggregate(
        game_of_schedule=listed.game_id.max(), times_listed=listed.count()
    )
    once = once.filter(once.times_listed == 1).drop("times_listed")
    once = once.rename(id_of_schedule="nba_game_id")
    return raw.left_join(once, raw[league_id] == once.id_of_schedule).drop("id_of_schedule")


NOT_LISTED = "game is not on the public schedule, or more than once: land the schedule first"


def of_listed_game(rejects: Rejects) -> Rejects:
    """The rejects of a table, for rows whose game was looked up."""
    return {NOT_LISTED: rejects["game id is missing"], **rejects}
