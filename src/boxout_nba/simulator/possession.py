"""One possession: shots, fouls, free throws, rebounds, turnovers. Every number is one event."""

from bisect import bisect
from collections.abc import Callable
from itertools import accumulate

from boxout_nba.simulator.side import FOULS_MAX, Line, Shot, Side
from boxout_nba.zones import THREES, ZONES

Chance = Callable[[], float]
"""The next number from 0 to 1."""

TURNOVER, SHOOTING_FOUL, COMMON_FOUL = 0.122, 0.085, 0.065
STOLEN, CHARGED = 0.565, 0.12
ZONE_SHARES = (0.303, 0.182, 0.137, 0.091, 0.287)
MADE = (0.65, 0.429, 0.413, 0.39, 0.356)
ASSISTED = (0.55, 0.415, 0.475, 0.96, 0.81)
BLOCKED = (0.283, 0.173, 0.034, 0.013, 0.012)
"""By zone, in the order of ZONES: attempts, makes of these, makes assisted, misses blocked."""

UP_TO = tuple(accumulate(ZONE_SHARES[:-1]))
FIRST_THREE = len(ZONES) - len(THREES)
FREE_MADE = 0.78
AND_ONE, FOULED_AT_THREE = 0.06, 0.06
EASING = 0.0012
"""How much a point of lead takes off the chance of a shot: leads are played down, deficits up."""

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


def _team_mate(chance: Chance, side: Side, of: Line) -> Line:
    return side.court[(side.court.index(of) + 1 + int(chance() * 4)) % 5]


def _turnover(chance: Chance, attack: Side, defend: Side, loser: Line, now_s: int) -> None:
    loser.tov += 1
    how = chance()
    if how < STOLEN:
        _anyone(chance, defend).stl += 1
    elif how < STOLEN + CHARGED:
        _foul(attack, loser, now_s)


def _shot(chance: Chance, attack: Side, defend: Side, shooter: Line, now_s: int) -> bool:
    """A field-goal attempt; whether the ball is the other side's afterwards."""
    draw = chance()
    zone = bisect(UP_TO, draw)
    is_three = zone >= FIRST_THREE
    shooter.fga += 1
    shooter.fg3a += is_three
    if chance() >= MADE[zone] + attack.edge - EASING * attack.margin:
        blocker = _anyone(chance, defend) if chance() < BLOCKED[zone] else None
        if blocker:
            blocker.blk += 1
        attack.shots.append(Shot(now_s, shooter, zone, draw, False, blocker))
        return False
    shooter.fgm += 1
    shooter.fg3m += is_three
    _score(attack, defend, shooter, 3 if is_three else 2)
    passer = _team_mate(chance, attack, shooter) if chance() < ASSISTED[zone] else None
    if passer:
        passer.ast += 1
    attack.shots.append(Shot(now_s, shooter, zone, draw, True, passer))
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
