"""One possession: shots, fouls, free throws, rebounds, turnovers. Every number is one event."""

from bisect import bisect
from collections.abc import Callable

from boxout_nba.simulator.side import FOULS_MAX, Line, Side

Chance = Callable[[], float]
"""The next number from 0 to 1."""

TURNOVER, SHOOTING_FOUL, COMMON_FOUL = 0.122, 0.085, 0.065
STOLEN, CHARGED = 0.565, 0.12
THREE, THREE_MADE, TWO_MADE, FREE_MADE = 0.395, 0.36, 0.54, 0.78
AND_ONE, FOULED_AT_THREE = 0.06, 0.06
EASING = 0.0012
"""How much a point of lead takes off the chance of a shot: leads are played down, deficits up."""

ASSISTED, BLOCKED = 0.61, 0.2
TO_NOBODY, OFFENSIVE = 0.1, 0.235


def possession(chance: Chance, attack: Side, defend: Side, now_s: int) -> None:
    """Play until the ball changes hands."""
    if chance() < COMMON_FOUL:
        _foul(defend, _fouler(chance, defend), now_s)
    while True:
        shooter = attack.court[bisect(attack.weights, chance(), 0, 4)]
        what = chance()
        if what < TURNOVER:
            return _turnover(chance, attack, defend, shooter, now_s)
        if what < TURNOVER + SHOOTING_FOUL:
            is_over = _fouled(chance, attack, defend, shooter, now_s)
        else:
            is_over = _shot(chance, attack, defend, shooter, now_s)
        if is_over or not _rebounded(chance, attack, defend):
            return None


def _anyone(chance: Chance, side: Side) -> Line:
    return side.court[int(chance() * 5)]


def _turnover(chance: Chance, attack: Side, defend: Side, loser: Line, now_s: int) -> None:
    loser.tov += 1
    how = chance()
    if how < STOLEN:
        _anyone(chance, defend).stl += 1
    elif how < STOLEN + CHARGED:
        _foul(attack, loser, now_s)


def _shot(chance: Chance, attack: Side, defend: Side, shooter: Line, now_s: int) -> bool:
    """A field-goal attempt; whether the ball is the other side's afterwards."""
    is_three = chance() < THREE
    shooter.fga += 1
    shooter.fg3a += is_three
    made = (THREE_MADE if is_three else TWO_MADE) + attack.edge - EASING * attack.margin
    if chance() >= made:
        if not is_three and chance() < BLOCKED:
            _anyone(chance, defend).blk += 1
        return False
    shooter.fgm += 1
    shooter.fg3m += is_three
    _score(attack, defend, shooter, 3 if is_three else 2)
    if chance() < ASSISTED:
        others = attack.court.index(shooter) + 1 + int(chance() * 4)
        attack.court[others % 5].ast += 1
    if chance() >= AND_ONE:
        return True
    _foul(defend, _fouler(chance, defend), now_s)
    return _free_throws(chance, attack, defend, shooter, 1)


def _fouled(chance: Chance, attack: Side, defend: Side, shooter: Line, now_s: int) -> bool:
    """A foul in the act, without a basket; whether the ball is the other side's afterwards."""
    _foul(defend, _fouler(chance, defend), now_s)
    return _free_throws(chance, attack, defend, shooter, 3 if chance() < FOULED_AT_THREE else 2)


def _free_throws(chance: Chance, attack: Side, defend: Side, shooter: Line, shots: int) -> bool:
    """Free throws; whether the last was made, so that there is nothing to rebound."""
    is_made = False
    for _ in range(shots):
        is_made = chance() < FREE_MADE
        shooter.fta += 1
        shooter.ftm += is_made
        if is_made:
            _score(attack, defend, shooter, 1)
    return is_made


def _rebounded(chance: Chance, attack: Side, defend: Side) -> bool:
    """Who gets a missed shot; whether the attack keeps the ball. Some rebounds are the team's."""
    is_kept = chance() < OFFENSIVE
    if chance() >= TO_NOBODY:
        if is_kept:
            _anyone(chance, attack).oreb += 1
        else:
            _anyone(chance, defend).dreb += 1
    return is_kept


def _fouler(chance: Chance, side: Side) -> Line:
    """Anyone on court; those in foul trouble hold back."""
    fouler = _anyone(chance, side)
    return fouler if fouler.pf < FOULS_MAX - 2 else _anyone(chance, side)


def _foul(side: Side, fouler: Line, now_s: int) -> None:
    fouler.pf += 1
    if fouler.pf == FOULS_MAX:
        side.send(side.court, now_s)


def _score(attack: Side, defend: Side, shooter: Line, points: int) -> None:
    shooter.pts += points
    attack.margin += points
    defend.margin -= points
