"""Why a row of a file is set aside, by source."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from boxout import Rows
from boxout_nba.predicates import plays_in_game
from boxout_nba.spelling import (
    has_foreign_letter,
    is_no_game_id,
    is_no_nba_game_id,
    is_unknown_team,
)

Rejects: TypeAlias = Mapping[str, Callable[[Rows], object]]

REJECTS: Rejects = {
    "game id is missing": lambda rows: rows.game_id.isnull(),
    "game id is not YYYY-MM-DD/AWY@HOM": lambda rows: is_no_game_id(rows.game_id),
    "unknown team": is_unknown_team,
}
SCHEDULE_REJECTS: Rejects = {
    **REJECTS,
    "game id is reversed": lambda rows: (
        rows.game_id == rows.game_date + "/" + rows.home_team + "@" + rows.away_team
    ),
    "game id is not that of date and teams": lambda rows: (
        rows.game_id != rows.game_date + "/" + rows.away_team + "@" + rows.home_team
    ),
    "nba game id is not ten digits of a known kind": lambda rows: is_no_nba_game_id(
        rows.nba_game_id
    ),
}
TEAM_REJECTS: Rejects = {
    **REJECTS,
    "team is missing": lambda rows: rows.team.isnull(),
    "team does not play in the game": lambda rows: ~plays_in_game(rows),
}
PLAYER_REJECTS: Rejects = {
    **TEAM_REJECTS,
    "player name is missing": lambda rows: rows.player_name.isnull(),
    "player name has a letter that is not Latin": lambda rows: has_foreign_letter(rows.player_name),
}
NAMED_REJECTS: Rejects = {
    **REJECTS,
    "player name is missing": lambda rows: rows.player_name.isnull(),
    "player name has a letter that is not Latin": lambda rows: has_foreign_letter(rows.player_name),
}
"""Of rows by date that name a player and his game."""
