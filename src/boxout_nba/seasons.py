"""Seasons: when one begins to count. No look-back window reaches into the season before."""

from datetime import date

BEGINS = {
    2020: "2020-10-12",
    2021: "2021-07-21",
}
"""By year, where a season began later than 1 July because the one before ended later: its finals
were decided on 2020-10-11 and 2021-07-20. Source: Basketball-Reference, season pages."""


def season_start(day: str) -> str:
    """The first date of the season that a date belongs to, YYYY-MM-DD; July is the off-season."""
    year = date.fromisoformat(day).year
    begins = BEGINS.get(year, f"{year}-07-01")
    return begins if day >= begins else BEGINS.get(year - 1, f"{year - 1}-07-01")


def whole_seasons(first: str, last: str) -> tuple[str, str]:
    """What a file with every game of its seasons speaks for: from before its first game on.

    The off-season is part of the season that follows it, so no date between two seasons is left.
    """
    return season_start(first), last
