"""What is known of a game before it is played: who is under contract, and who is not fit to play."""

from collections.abc import Iterable
from datetime import timedelta

from boxout_nba.simulator.game import Box, play
from boxout_nba.simulator.roster import roster
from boxout_nba.simulator.season import Game
from boxout_nba.simulator.tables import Row, before_tipoff
from boxout_nba.teams import TRICODES

REPORTED_BEFORE = timedelta(minutes=90)


def tip_off(seed: int, game: Game) -> Box:
    """The game as it will be played, at the moment it begins."""
    return play(seed, game.away, game.home, game.game_id, periods_max=0)


def roster_rows(seed: int, game_date: str, teams: Iterable[str] = TRICODES) -> list[Row]:
    """One row per player under contract on the date; nobody changes teams."""
    return [
        {
            "game_date": game_date,
            "team": team,
            "player_lookup": player.lookup,
            "player_id": player.player_id,
            "player_name": player.name,
            "position": player.position,
        }
        for team in teams
        for player in roster(seed, team).players
    ]


def injury_rows(seed: int, game: Game) -> list[Row]:
    """The last report before tip-off: whoever will be absent is out, and some who will play are listed."""
    rows: list[Row] = []
    box = tip_off(seed, game)
    for side in (box.away, box.home):
        listed = {who: ("out", reason) for who, (_, reason) in side.absent.items()} | side.doubts
        rows += (
            {
                "game_date": game.game_date,
                "game_id": game.game_id,
                "team": side.team.code,
                "player_lookup": player.lookup,
                "player_name": player.name,
                "status": listed[player.player_id][0],
                "reason": listed[player.player_id][1],
                "reported_utc": before_tipoff(game, REPORTED_BEFORE),
            }
            for player in side.team.players
            if player.player_id in listed
        )
    return rows
