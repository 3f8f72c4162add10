"""One team in a game: who is listed, who is on court, and what each has done."""

from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from boxout_nba.simulator.roster import Player, Team

FOULS_MAX = 6


@dataclass(slots=True, eq=False)
class Line:
    """What one player has done; `is_used` once he has been on court, if only for 0:00."""

    player: Player
    is_used: bool = False
    seconds: int = 0
    plus_minus: int = 0
    pts: int = 0
    fgm: int = 0
    fga: int = 0
    fg3m: int = 0
    fg3a: int = 0
    ftm: int = 0
    fta: int = 0
    oreb: int = 0
    dreb: int = 0
    ast: int = 0
    stl: int = 0
    blk: int = 0
    tov: int = 0
    pf: int = 0


class Shot(NamedTuple):
    """A field-goal attempt: when, by whom and from where.

    `zone` is its place in ZONES, `draw` the number that chose it. `by` is who assisted a make or
    blocked a miss; None when nobody did.
    """

    seconds: int
    shooter: Line
    zone: int
    draw: float
    is_made: bool
    by: Line | None


@dataclass(slots=True, eq=False)
class Side:
    """A team's game. `lines` are the players who may play, starters first; `absent` say why not.

    `doubts` are those whom the injury report lists and who play all the same: status and reason.
    `plan` is who should be on court in each stint of regulation, `changes` the second at which
    each stint begins; `edge` is added to the chance of every shot, for quality and home court;
    `margin` is the score as this side sees it.
    """

    team: Team
    lines: list[Line]
    absent: dict[str, tuple[str, str]]
    doubts: dict[str, tuple[str, str]]
    plan: list[list[Line]]
    changes: list[int]
    edge: float
    team_turnovers: int
    court: list[Line] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    shots: list[Shot] = field(default_factory=list)
    margin: int = 0
    since_s: int = 0
    since_margin: int = 0

    @property
    def starters(self) -> list[Line]:
        """The five who begin the game."""
        return self.lines[:5]

    def total(self, stat: str) -> int:
        """The sum over the team's players."""
        return sum(getattr(line, stat) for line in self.lines)

    def settle(self, now_s: int) -> None:
        """Give the five on court the time and the margin since this was last done."""
        seconds, margin = now_s - self.since_s, self.margin - self.since_margin
        for line in self.court:
            line.seconds += seconds
            line.plus_minus += margin
        self.since_s, self.since_margin = now_s, self.margin

    def send(self, wanted: list[Line], now_s: int) -> None:
        """Put these five on court; those who have fouled out are replaced, best first."""
        five = [line for line in wanted if line.pf < FOULS_MAX]
        if len(five) < 5:
            rest = (one for one in self.lines if one.pf < FOULS_MAX and one not in five)
            five += [one for one, _ in zip(rest, range(5 - len(five)), strict=False)]
        self.settle(now_s)
        self.court = five
        for line in five:
            line.is_used = True
        total = sum(line.player.touches for line in five)
        self.weights = [w / total for w in accumulate(line.player.touches for line in five)]
