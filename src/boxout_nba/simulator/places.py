"""Where on the court an attempt was made: a place that belongs to its zone."""

from collections.abc import Callable
from math import cos, hypot, pi, sin
from random import Random
from typing import NamedTuple

from boxout_nba.zones import (
    CORNER_X_FT,
    CORNER_Y_FT,
    FREE_THROW_LINE_FT,
    LANE_HALF_WIDTH_FT,
    ZONES,
)

BASKET_Y_FT = 5.25
SIDELINE_X_FT = 24.9
BEHIND = 0.2
"""How far behind the basket, in radians, somebody still shoots from."""

REACH_FT = {
    "restricted_area": (0, 3.9, 0.5),
    "paint": (4.2, 15, 5),
    "mid_range": (8.2, 21.9, 16),
    "corner_3": (22, 24.9, 22.5),
    "above_break_3": (23.8, 29, 24.5),
}
"""Distance from the basket by zone: least, most, most common. A tenth inside the zone's limits."""


class Place(NamedTuple):
    """Feet from the basket, from the middle of the court (negative on the left) and the baseline."""

    distance: float
    x: float
    y: float


def place(zone: int, draw: float) -> Place:
    """A place in the zone, which is its number in ZONES; the same for the same draw."""
    rng = Random(draw)
    name = ZONES[zone]
    while True:
        reach, angle = rng.triangular(*REACH_FT[name]), rng.uniform(-BEHIND, pi + BEHIND)
        x, y = round(reach * cos(angle), 1), round(BASKET_Y_FT + reach * sin(angle), 1)
        if FITS[name](x, y):
            return Place(round(hypot(x, y - BASKET_Y_FT), 1), x, y)


def _is_in_lane(x: float, y: float) -> bool:
    return abs(x) <= LANE_HALF_WIDTH_FT and y <= FREE_THROW_LINE_FT


FITS: dict[str, Callable[[float, float], bool]] = {
    "restricted_area": _is_in_lane,
    "paint": _is_in_lane,
    "mid_range": lambda x, y: not _is_in_lane(x, y),
    "corner_3": lambda x, y: abs(x) >= CORNER_X_FT and y <= CORNER_Y_FT,
    "above_break_3": lambda x, y: abs(x) <= SIDELINE_X_FT and y > CORNER_Y_FT,
}
"""Whether a place within reach is also on the right part of the floor."""
