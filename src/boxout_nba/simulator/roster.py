"""Invented players under real team codes: who they are and how much they are used."""

from functools import cache
from random import Random
from typing import NamedTuple

from boxout_nba.names import player_lookup

FIRST = (
    "Ante", "Björn", "Calvin", "Dário", "Émile", "Franz", "Gary", "Hüseyin", "Isaiah", "Jalen",
    "Kłos", "Luka", "Marcus", "Nikola", "Omer", "Pascal", "Quinn", "Rūdolfs", "Søren", "Théo",
    "Uroš", "Vít", "Wendell", "Xavier", "Yannick", "Željko", "D'Andre", "J.T.", "Karl-Johan", "İlkay",
)  # fmt: skip
LAST = (
    "Abara", "Bosković", "Carter Jr.", "Dvořák", "Ellis III", "Fuß", "Grantham", "Holmström",
    "Ibekwe", "Jørgensen", "Kowalczyk", "Lémieux", "Marsh", "Núñez", "O'Doyle", "Porziņš",
    "Quaye", "Reyes II", "Šarić", "Trent Sr.", "Ulanovas", "Võsu", "Whitlock IV", "Yıldız",
    "Zając", "Da Silva", "Mbaye", "Stone-Hale", "Þórsson", "Čović",
)  # fmt: skip
SIZE = 14
TOUCHES = (1.55, 1.2, 1.0, 0.85, 0.75, 1.0, 0.9, 0.85, 0.8, 0.75, 0.7, 0.7, 0.65, 0.65)
"""How often a player ends a possession, from the first option to the end of the bench."""

POSITIONS = ("G", "F", "C", "G", "F", "G", "F", "C", "G", "F", "G-F", "F-C", "G", "F")

QUALITY_SPREAD = 0.018


class Player(NamedTuple):
    """One player of a roster; `touches` is his weight among those on court."""

    player_id: str
    name: str
    lookup: str
    touches: float
    position: str


class Team(NamedTuple):
    """A roster, best players first; `quality` is added to the chance of every shot."""

    code: str
    players: tuple[Player, ...]
    quality: float


@cache
def roster(seed: int, code: str) -> Team:
    """A team's players and quality, the same all season."""
    rng = Random(f"{seed}:{code}")
    names = [
        f"{first} {last}"
        for first, last in zip(rng.sample(FIRST, SIZE), rng.sample(LAST, SIZE), strict=True)
    ]
    players = tuple(
        Player(f"{code}{number:02d}", name, player_lookup(name), touches, position)
        for number, (name, touches, position) in enumerate(
            zip(names, [t * rng.uniform(0.88, 1.12) for t in TOUCHES], POSITIONS, strict=True)
        )
    )
    return Team(code, players, rng.gauss(0, QUALITY_SPREAD))
