"""Who may play, and who is on court when: targets in minutes, cut into stints."""

from random import Random

from boxout_nba.simulator.roster import Team
from boxout_nba.simulator.side import Line, Side

STINTS, STINT_S = 16, 180
STARTER_STINTS = (10, 12)
BENCH = (1.0, 0.85, 0.7, 0.5, 0.35)
ABSENT_SHARE, ABSENT_MAX = 0.11, 4
HOME_EDGE = 0.006
COACH = ("dnp", "Coach's Decision")
ABSENCES = (
    ("inactive", "Injury/Illness - Left Ankle; Sprain"),
    ("inactive", "Injury/Illness - Right Knee; Soreness"),
    ("inactive", "Injury/Illness - Lower Back; Strain"),
    ("dnp", "Injury/Illness - Illness"),
    ("inactive", "Rest"),
    ("inactive", "Personal Reasons"),
    ("inactive", "G League - Two-Way"),
    ("inactive", "League Suspension"),
)
COMMON = (20, 20, 12, 10, 12, 8, 15, 3)
"""How common each absence is."""

DOUBT_SHARE = 0.08
DOUBTS = (
    ("questionable", "Injury/Illness - Left Hamstring; Tightness"),
    ("questionable", "Injury/Illness - Right Wrist; Sprain"),
    ("probable", "Injury/Illness - Illness"),
    ("doubtful", "Injury/Illness - Lower Back; Spasms"),
    ("available", "Injury/Illness - Nasal; Fracture"),
)
DOUBT_COMMON = (10, 6, 6, 1, 3)
SURE_TO_PLAY = 8
"""So many players have a place in every rotation."""

OPENING, CLOSING = (0, 8), (14, 15)
"""The stints at the start of each half, and the last of the game: the starters' own."""


def new_side(rng: Random, team: Team, *, is_home: bool) -> Side:
    """A team on the night: who is absent and why, and the plan for those who are not."""
    absent: dict[str, tuple[str, str]] = {}
    for player in team.players:
        if len(absent) < ABSENT_MAX and rng.random() < ABSENT_SHARE:
            absent[player.player_id] = rng.choices(ABSENCES, COMMON)[0]
    lines = [Line(player) for player in team.players if player.player_id not in absent]
    sure = [line.player.player_id for line in lines[:SURE_TO_PLAY]]
    listed = [who for who in sure if rng.random() < DOUBT_SHARE]
    doubts = {who: rng.choices(DOUBTS, DOUBT_COMMON)[0] for who in listed}
    size = SURE_TO_PLAY + rng.choices((0, 1, 2), (3, 4, 3))[0]
    changes = [STINT_S * n + rng.randint(-60, 60) for n in range(1, STINTS)]
    plan = _plan(rng, lines[:size])
    edge = team.quality + (HOME_EDGE if is_home else -HOME_EDGE)
    return Side(team, lines, absent, doubts, plan, [0, *changes], edge, rng.choice((0, 0, 0, 1)))


def _plan(rng: Random, lines: list[Line]) -> list[list[Line]]:
    left = _stints(rng, len(lines))
    plan: list[list[Line]] = []
    five: list[int] = []
    for stint in range(STINTS):
        wished = sorted(
            (
                (_wish(rng, who, left[who], stint, is_on=who in five), who)
                for who in range(len(left))
            ),
            reverse=True,
        )
        five = [who for _, who in wished[:5]]
        for who in five:
            left[who] -= 1
        plan.append([lines[who] for who in sorted(five)])
    return plan


def _wish(rng: Random, who: int, left: int, stint: int, *, is_on: bool) -> float:
    """How much a player should be on court in this stint; who must play out his stints, first."""
    togo = STINTS - stint
    if left in {0, togo}:
        return -100.0 if left == 0 else 100.0
    is_starter = who < 5
    if is_starter and stint in OPENING:
        return 10.0
    kept_for_the_end = len(CLOSING) if is_starter and stint not in CLOSING else 0
    return (left - kept_for_the_end) / togo + 0.12 * is_on + 0.15 * rng.random()


def _stints(rng: Random, size: int) -> list[int]:
    """How many stints each player of the rotation gets; they add up to five in every stint."""
    stints = [rng.randint(*STARTER_STINTS) for _ in range(5)]
    rest = 5 * STINTS - sum(stints)
    shares = [share * rng.uniform(0.85, 1.15) for share in BENCH[: size - 5]]
    bench = [max(1, int(rest * share / sum(shares))) for share in shares]
    for at in range(rest - sum(bench)):
        bench[at % len(bench)] += 1
    return stints + bench
