"""What bookmakers offer before a game: lines near the truth, moving, and not all the same."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from math import ceil, floor
from random import Random
from statistics import NormalDist
from typing import NamedTuple

from boxout_nba.simulator.before import tip_off
from boxout_nba.simulator.roster import Player
from boxout_nba.simulator.rotation import BENCH, STARTER_STINTS, STINTS, SURE_TO_PLAY
from boxout_nba.simulator.season import Game
from boxout_nba.simulator.side import Side
from boxout_nba.simulator.tables import Row, before_tipoff

BOOKS = ("fairline", "northside", "parlour", "quayside")
CLOSING = "closing"
MARGIN = 1.045
"""What the implied probabilities of over and under add up to."""

SEEN_BEFORE = tuple(timedelta(minutes=minutes) for minutes in (480, 180, 30))
CLOSED_BEFORE = timedelta(minutes=1)
ALTERNATES = (-3.0, -1.5, 0.0, 1.5, 3.0)
PER_TEAM = {
    "points": 113.5,
    "rebounds": 44.9,
    "assists": 25.5,
    "threes": 12.3,
}
"""What a team does in a simulated game, on average."""

ALL_THREE = "points_rebounds_assists"
BY_TOUCHES = ("points", "threes")
SPREADS = {"points": 1.55, ALL_THREE: 1.45}
"""Standard deviation over the root of the mean: 1 where it is not said, as of things counted."""

ROTATION = 9
MARGIN_OF_EDGE, TOTAL, TOTAL_OF_EDGE, MARGIN_SPREAD = 163.0, 227.0, 193.0, 13.7
"""Points of the home margin and of the total per edge of the sides, as simulated seasons have it."""


class Offer(NamedTuple):
    """A line as one bookmaker had it at one moment, and the mean that he believed in."""

    book: str
    before: timedelta
    line: float
    mean: float


def prop_rows(seed: int, game: Game) -> list[Row]:
    """Lines on the eight players of each side who are sure to play, by two to four bookmakers.

    Of two players with one name nobody could tell whose line it is: neither is offered.
    """
    box = tip_off(seed, game)
    rng = Random(f"{seed}:{game.game_id}:props")
    books = rng.sample(BOOKS, rng.randint(2, len(BOOKS)))
    named = Counter(one.lookup for side in (box.away, box.home) for one in side.team.players)
    return [
        _prop(game, player, market, offer)
        for side in (box.away, box.home)
        for player, means in expected(side)
        if named[player.lookup] == 1
        for market, mean in means.items()
        for offer in _offers(rng, books, market, mean)
    ]


def expected(side: Side) -> Iterator[tuple[Player, dict[str, float]]]:
    """What the players sure to play may be expected to do, by market."""
    stints = [sum(STARTER_STINTS) / 2] * 5
    left = 5 * STINTS - sum(stints)
    stints += [left * share / sum(BENCH[: ROTATION - 5]) for share in BENCH[: ROTATION - 5]]
    players = [line.player for line in side.lines]
    shares = [time * one.touches for one, time in zip(players, stints, strict=False)]
    for player, time, share in zip(players[:SURE_TO_PLAY], stints, shares, strict=False):
        by_time, by_touches = time / sum(stints), share / sum(shares)
        means = {
            market: much * (by_touches if market in BY_TOUCHES else by_time)
            for market, much in PER_TEAM.items()
        }
        means[ALL_THREE] = means["points"] + means["rebounds"] + means["assists"]
        yield player, means


def _offers(rng: Random, books: list[str], market: str, mean: float) -> Iterator[Offer]:
    """Points are offered all day, and by the first bookmaker with alternates at the end."""
    is_points = market == "points"
    believed = mean * rng.gauss(1, 0.05)
    for book in books:
        for before in SEEN_BEFORE if is_points else SEEN_BEFORE[-1:]:
            seen = believed * rng.gauss(1, 0.02)
            main = max(0.5, round(2 * seen) / 2)
            has_more = is_points and book == books[0] and before == SEEN_BEFORE[-1]
            for step in ALTERNATES if has_more else (0.0,):
                if main + step > 0:
                    yield Offer(book, before, main + step, seen)


def _prop(game: Game, player: Player, market: str, offer: Offer) -> Row:
    over = chance_over(offer.line, offer.mean, SPREADS.get(market, 1.0))
    return {
        "game_date": game.game_date,
        "game_id": game.game_id,
        "player_lookup": player.lookup,
        "player_name": player.name,
        "market": market,
        "bookmaker": offer.book,
        "seen_at": before_tipoff(game, offer.before),
        "line": offer.line,
        "over_odds": american(over),
        "under_odds": american(1 - over),
    }


def chance_over(line: float, mean: float, spread: float) -> float:
    """How likely the over is when the result is not the line itself: a push pays nobody.

    The root of something counted is nearly normal, around that of a median a little under the mean.
    """
    root = NormalDist((mean - spread**2 / 6) ** 0.5, spread / 2)
    over = 1 - root.cdf((floor(line) + 0.5) ** 0.5)
    under = root.cdf((ceil(line) - 0.5) ** 0.5)
    return over / (over + under)


def american(chance: float) -> int:
    """American odds of something so likely, the bookmaker's margin included."""
    priced = min(max(MARGIN * chance, 0.02), 0.98)
    return round(-100 * priced / (1 - priced) if priced >= 0.5 else 100 * (1 - priced) / priced)


def line_rows(seed: int, game: Game) -> list[Row]:
    """Spread and total near the sides' true strength: by three bookmakers, opening and late, and closing."""
    box = tip_off(seed, game)
    rng = Random(f"{seed}:{game.game_id}:lines")
    margin = MARGIN_OF_EDGE * (box.home.edge - box.away.edge) + rng.gauss(0, 1)
    total = TOTAL + TOTAL_OF_EDGE * (box.home.edge + box.away.edge) + rng.gauss(0, 1.5)
    first, last = SEEN_BEFORE[0], SEEN_BEFORE[-1]
    seen = [(book, before) for book in rng.sample(BOOKS, 3) for before in (first, last)]
    return [
        _line(game, book, before, margin + rng.gauss(0, off), total + rng.gauss(0, 1.5 * off))
        for book, before in [*seen, (CLOSING, CLOSED_BEFORE)]
        for off in (1.0 if before == first else 0.3,)
    ]


def _line(game: Game, book: str, before: timedelta, margin: float, total: float) -> Row:
    home_wins = NormalDist(margin, MARGIN_SPREAD)
    return {
        "game_date": game.game_date,
        "game_id": game.game_id,
        "bookmaker": book,
        "seen_at": before_tipoff(game, before),
        "home_spread": round(-2 * margin) / 2,
        "total": round(2 * total) / 2,
        "home_moneyline": american(1 - home_wins.cdf(0)),
        "away_moneyline": american(home_wins.cdf(0)),
    }
