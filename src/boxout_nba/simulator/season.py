"""Which games are played when: balanced, with a break, postponed games, and games that come late."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import NamedTuple

from boxout_nba.names import GameId, game_id
from boxout_nba.teams import TRICODES

POSTPONED_SHARE = 0.01
POSTPONED_DAYS = 3
"""A postponed game is played again this many days later at the earliest."""

LATE_SHARE = 0.05
BREAK_FROM, BREAK_DAYS = 115, 6
NIGHT_GAMES = (2, 13)
TIRED = 1.5
"""How many games behind the others a team that played yesterday must be to play again."""


class Game(NamedTuple):
    """One line of the schedule. `number` is part of the league's id, and stays when it moves."""

    game_date: str
    away: str
    home: str
    number: int
    season: str
    status: str = "final"

    @property
    def game_id(self) -> GameId:
        """YYYY-MM-DD/AWY@HOM."""
        return game_id(self.game_date, self.away, self.home)


def simulate_night(
    seed: int, game_date: str, games: int = 10, season: str = "2025-26"
) -> list[Game]:
    """The games of one date, no team twice; their numbers are those of no other date of a year."""
    teams = Random(f"{seed}:{game_date}").sample(TRICODES, 2 * games)
    first = 16 * date.fromisoformat(game_date).timetuple().tm_yday
    pairs = zip(teams[::2], teams[1::2], strict=True)
    return [Game(game_date, away, home, first + n, season) for n, (away, home) in enumerate(pairs)]


def simulate_season(
    seed: int, first_date: str, games: int = 1230, season: str = "2025-26"
) -> list[Game]:
    """A season in order of its dates: every team plays as many games as the others, within a few.

    No team plays twice on a date or on three dates in a row, except for a postponed game: it is
    there twice, postponed on its own date and final on a later one. The All-Star break is empty.
    """
    rng = Random(f"{seed}:{season}")
    first = date.fromisoformat(first_date)
    so_far = _SoFar()
    made: list[Game] = []
    for offset in _days():
        if len(made) == games:
            break
        day = (first + timedelta(offset)).isoformat()
        for away, home in _night(rng, so_far, offset, games - len(made)):
            made.append(Game(day, away, home, len(made) + 1, season))
    return sorted(_postpone(rng, made, first))


def late_games(seed: int, games: Iterable[Game], share: float = LATE_SHARE) -> list[Game]:
    """Those of these games whose box scores arrive after their night; the same for a seed."""
    return [
        game
        for game in games
        if game.status == "final" and Random(f"{seed}:{game.game_id}:late").random() < share
    ]


def _days() -> Iterable[int]:
    return (n for n in count() if not BREAK_FROM <= n < BREAK_FROM + BREAK_DAYS)


@dataclass(slots=True)
class _SoFar:
    """What has been scheduled: games per team, home games less away games, and on which days."""

    played: Counter[str] = field(default_factory=Counter)
    home_surplus: Counter[str] = field(default_factory=Counter)
    days: set[tuple[str, int]] = field(default_factory=set)


def _night(rng: Random, so_far: _SoFar, day: int, games_max: int) -> list[tuple[str, str]]:
    """Pairs (away, home) of the teams that have played least and are rested best."""
    wanted: list[tuple[float, str]] = []
    for team in TRICODES:
        has_played = (team, day - 1) in so_far.days
        if not (has_played and (team, day - 2) in so_far.days):
            wanted.append((so_far.played[team] + TIRED * has_played + 2 * rng.random(), team))
    size = min(rng.randint(*NIGHT_GAMES), games_max, len(wanted) // 2)
    teams = [team for _, team in sorted(wanted)[: 2 * size]]
    rng.shuffle(teams)
    return [_pair(so_far, day, *pair) for pair in zip(teams[::2], teams[1::2], strict=True)]


def _pair(so_far: _SoFar, day: int, one: str, other: str) -> tuple[str, str]:
    away, home = sorted((one, other), key=lambda team: -so_far.home_surplus[team])
    so_far.home_surplus.update({home: 1, away: -1})
    for team in (away, home):
        so_far.played[team] += 1
        so_far.days.add((team, day))
    return away, home


def _postpone(rng: Random, games: list[Game], first: date) -> list[Game]:
    busy = {(team, game.game_date) for game in games for team in (game.away, game.home)}
    made: list[Game] = []
    for game in games:
        if rng.random() >= POSTPONED_SHARE:
            made.append(game)
            continue
        offset = (date.fromisoformat(game.game_date) - first).days + POSTPONED_DAYS
        days = ((first + timedelta(n)).isoformat() for n in _days() if n >= offset)
        day = next(d for d in days if not {(game.away, d), (game.home, d)} & busy)
        busy |= {(game.away, day), (game.home, day)}
        made += [game._replace(status="postponed"), game._replace(game_date=day)]
    return made
