"""Invented players under real team codes."""

from random import Random
from typing import NamedTuple

FIRST = (
    "Ante",
    "Björn",
    "Calvin",
    "Dário",
    "Émile",
    "Franz",
    "Gary",
    "Hüseyin",
    "Isaiah",
    "Jalen",
    "Kłos",
    "Luka",
    "Marcus",
    "Nikola",
    "Omer",
)
LAST = (
    "Abara",
    "Bosković",
    "Carter Jr.",
    "Dvořák",
    "Ellis III",
    "Fuß",
    "Grantham",
    "Holmström",
    "Ibekwe",
    "Jørgensen",
    "Kowalczyk",
    "Lémieux",
    "Marsh",
    "Núñez",
    "O'Doyle",
)
SIZE = 14


class Player(NamedTuple):
    """One player of a roster; the first five start."""

    player_id: str
    name: str


def roster(seed: int, team: str) -> list[Player]:
    """A team's players, the same all season."""
    rng = Random(f"{seed}:{team}")
    firsts, lasts = rng.sample(FIRST, SIZE), rng.sample(LAST, SIZE)
    return [
        Player(f"{team}{number:02d}", f"{first} {last}")
        for number, (first, last) in enumerate(zip(firsts, lasts, strict=True))
    ]
