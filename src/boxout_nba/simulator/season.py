"""Which games are played when; some are postponed to a later date."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from boxout_nba.teams import TRICODES

POSTPONED_SHARE = 0.01
BREAK_FROM, BREAK_DAYS = 115, 6


class Game(NamedTuple):
    """One line of the schedule."""

    game_date: str
    away: str
    home: str
    number: int
    season: str
    status: str = "final"

    @property
    def game_id(self) -> str:
        """YYYY-MM-DD/AWY@HOM."""
        return f"{self.game_date}/{self.away}@{self.home}"


def simulate_night(
    seed: int, game_date: str, games: int = 10, season: str = "2025-26"
) -> list[Game]:
    """The games of one date, no team twice."""
    teams = Random(f"{seed}:{game_date}").sample(TRICODES, 2 * games)
    return [Game(game_date, teams[2 * n], teams[2 * n + 1], n + 1, season) for n in range(games)]


def simulate_season(
    seed: int, first_date: str, games: int = 1230, season: str = "2025-26"
) -> list[Game]:
    """A season: nights of 2 to 13 games, a break without any, and postponed games."""
    rng = Random(f"{seed}:{season}")
    made: list[Game] = []
    played, offset = 0, 0
    while played < games:
        if not BREAK_FROM <= offset < BREAK_FROM + BREAK_DAYS:
            day = (date.fromisoformat(first_date) + timedelta(offset)).isoformat()
            night = simulate_night(seed, day, min(rng.randint(2, 13), games - played), season)
            made += [_postponed(rng, g) for g in night]
            played += len(night)
        offset += 1
    later = (date.fromisoformat(first_date) + timedelta(offset + 1)).isoformat()
    moved = [g for g in made if g.status == "postponed"]
    again = {f"{g.away}@{g.home}": g._replace(game_date=later, status="final") for g in moved}
    return made + list(again.values())


def _postponed(rng: Random, game: Game) -> Game:
    return game._replace(status="postponed") if rng.random() < POSTPONED_SHARE else game
