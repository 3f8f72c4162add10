"""One game, possession by possession; every number of the box score is the sum of events."""

from dataclasses import dataclass
from math import inf
from random import Random

from boxout_nba.simulator.possession import possession
from boxout_nba.simulator.roster import roster
from boxout_nba.simulator.rotation import new_side
from boxout_nba.simulator.side import Side

PERIOD_S, OVERTIME_S = 720, 300
DECIDED_BY, EMPTIES_BENCH = 20, 0.5
"""A lead at which the last stint may go to the end of the bench, and how often it does."""


@dataclass(slots=True)
class Box:
    """The box score of a game as far as it was played; `seconds` on the game clock."""

    away: Side
    home: Side
    seconds: int = 0


def play(
    seed: int,
    away: str,
    home: str,
    game_id: str,
    *,
    periods_max: int | None = None,
    seconds_max: float = inf,
) -> Box:
    """Play a game to its end, or stop: what a capture at that moment shows.

    It stops after `periods_max` periods, or with the possession in which `seconds_max` on the
    game clock are over. What was played until then is the same as in the whole game.
    """
    rng = Random(f"{seed}:{game_id}")
    box = Box(
        new_side(rng, roster(seed, away), is_home=False),
        new_side(rng, roster(seed, home), is_home=True),
    )
    period = 0
    while (period < 4 or box.home.margin == 0) and box.seconds < seconds_max:
        if period == periods_max:
            break
        _period(rng, box, period, seconds_max)
        period += 1
    return box


def _period(rng: Random, box: Box, period: int, seconds_max: float) -> None:
    end = box.seconds + (PERIOD_S if period < 4 else OVERTIME_S)
    if period >= 4:
        for side in (box.away, box.home):
            side.send(side.starters, box.seconds)
    chance = rng.random
    attack, defend = (box.away, box.home) if chance() < 0.5 else (box.home, box.away)
    while box.seconds < min(end, seconds_max):
        for side in (attack, defend):
            if side.changes and box.seconds >= side.changes[0]:
                _change(rng, box, side)
        box.seconds += min(end - box.seconds, 6 + int(18 * chance()))
        possession(chance, attack, defend, box.seconds)
        attack, defend = defend, attack
    for side in (box.away, box.home):
        side.settle(box.seconds)


def _change(rng: Random, box: Box, side: Side) -> None:
    side.changes.pop(0)
    wanted = side.plan.pop(0)
    is_last = not side.plan
    if is_last and abs(side.margin) >= DECIDED_BY and rng.random() < EMPTIES_BENCH:
        wanted = side.lines[-5:]
    side.send(wanted, box.seconds)
