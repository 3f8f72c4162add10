"""One game, possession by possession; every number of the box score is the sum of events."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from boxout_nba.simulator.roster import Player, roster

PERIOD_S, OVERTIME_S = 720, 300
ABSENT_SHARE = 0.06
ABSENCES = (
    ("inactive", "Injury/Illness - Ankle Sprain"),
    ("dnp", "Coach's Decision"),
    ("dnp", "Rest"),
    ("inactive", "Personal Reasons"),
    ("inactive", "League Suspension"),
)


@dataclass(slots=True)
class Side:
    """One team in a game: who is listed, who is on court, what each has done."""

    team: str
    listed: list[Player]
    absent: dict[str, tuple[str, str]]
    court: list[str] = field(default_factory=list)
    stats: dict[str, Counter[str]] = field(default_factory=dict)
    team_turnovers: int = 0

    def total(self, stat: str) -> int:
        """The sum over the team's players."""
        return sum(line[stat] for line in self.stats.values())


@dataclass(slots=True)
class Box:
    """The box score of a game as far as it was played; `seconds` on the game clock."""

    away: Side
    home: Side
    seconds: int = 0


def play(seed: int, away: str, home: str, game_id: str, *, periods_max: int | None = None) -> Box:
    """Play a game to its end, or stop after some periods: what a capture at that moment shows."""
    rng = Random(f"{seed}:{game_id}")
    box = Box(_side(rng, seed, away), _side(rng, seed, home))
    period = 0
    while period < 4 or box.away.total("pts") == box.home.total("pts"):
        if period == periods_max:
            break
        _period(rng, box, PERIOD_S if period < 4 else OVERTIME_S)
        period += 1
    return box


def _side(rng: Random, seed: int, team: str) -> Side:
    listed = roster(seed, team)
    absent = {p.player_id: rng.choice(ABSENCES) for p in listed if rng.random() < ABSENT_SHARE}
    side = Side(team, listed, absent)
    side.stats = {p.player_id: Counter() for p in listed if p.player_id not in absent}
    side.court = list(side.stats)[:5]
    side.team_turnovers = rng.choice((0, 0, 0, 1))
    return side


def _period(rng: Random, box: Box, length_s: int) -> None:
    left = length_s
    attack, defend = rng.sample((box.away, box.home), 2)
    while left:
        spent = min(left, rng.randint(6, 23))
        for player in attack.court:
            attack.stats[player]["seconds"] += spent
        for player in defend.court:
            defend.stats[player]["seconds"] += spent
        left -= spent
        box.seconds += spent
        _possession(rng, attack, defend)
        attack, defend = defend, attack
        if rng.random() < 0.08:
            _substitute(rng, attack)
            _substitute(rng, defend)


def _substitute(rng: Random, side: Side) -> None:
    starters = list(side.stats)[:5]
    bench = [player for player in list(side.stats)[:10] if player not in side.court]
    out = rng.choice(side.court)
    into = rng.choice([p for p in bench if p in starters] or bench)
    if rng.random() < 0.5:
        into = rng.choice(bench)
    side.court[side.court.index(out)] = into


def _possession(rng: Random, attack: Side, defend: Side) -> None:
    while True:
        shooter = rng.choice(attack.court)
        chance = rng.random()
        if chance < 0.13:
            return _turnover(rng, attack, defend, shooter)
        missed = (
            _fouled(rng, attack, defend, shooter)
            if chance < 0.23
            else _shot(rng, attack, defend, shooter)
        )
        if not missed:
            return None
        if rng.random() >= 0.25:
            defend.stats[rng.choice(defend.court)]["dreb"] += 1
            return None
        attack.stats[rng.choice(attack.court)]["oreb"] += 1


def _turnover(rng: Random, attack: Side, defend: Side, loser: str) -> None:
    attack.stats[loser]["tov"] += 1
    if rng.random() < 0.55:
        defend.stats[rng.choice(defend.court)]["stl"] += 1


def _fouled(rng: Random, attack: Side, defend: Side, shooter: str) -> bool:
    defend.stats[rng.choice(defend.court)]["pf"] += 1
    is_made = False
    for _ in range(2):
        is_made = rng.random() < 0.78
        attack.stats[shooter].update(fta=1, ftm=is_made)
        _score(attack, defend, shooter, int(is_made))
    return not is_made


def _shot(rng: Random, attack: Side, defend: Side, shooter: str) -> bool:
    is_three = rng.random() < 0.39
    is_made = rng.random() < (0.365 if is_three else 0.545)
    attack.stats[shooter].update(fga=1, fgm=is_made, fg3a=is_three, fg3m=is_three and is_made)
    if is_made:
        _score(attack, defend, shooter, 3 if is_three else 2)
        if rng.random() < 0.62:
            passer = rng.choice([player for player in attack.court if player != shooter])
            attack.stats[passer]["ast"] += 1
    elif not is_three and rng.random() < 0.15:
        defend.stats[rng.choice(defend.court)]["blk"] += 1
    return not is_made


def _score(attack: Side, defend: Side, shooter: str, points: int) -> None:
    attack.stats[shooter]["pts"] += points
    for player in attack.court:
        attack.stats[player]["plus_minus"] += points
    for player in defend.court:
        defend.stats[player]["plus_minus"] -= points
