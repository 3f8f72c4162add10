"""What is public beside what was accepted before it: how much was judged, and what stands out."""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from boxout.report.verdicts import Standing, verdicts
from boxout.run.engine import Engine

DAYS_MAX: Final = 31
"""Every date is judged anew, against its own baseline; a season's would take minutes."""

TOLD_MAX: Final = 40
AS_USUAL: Final = "as usual"
NOT_JUDGED: Final = "not judged"


class Standings(NamedTuple):
    """How many statistics were held against a baseline, and how many could not be.

    `told` stand out, the furthest first. `why_not` says why nothing was asked; empty when it was.
    """

    judged: int
    not_judged: int
    told: tuple[Standing, ...]
    why_not: str


def standing(engine: Engine, first: str, last: str) -> Standings:
    """Every statistic of what is public on these dates."""
    if engine.pipeline.baseline is None:
        return Standings(0, 0, (), "the pipeline holds nothing against a baseline")
    if (date.fromisoformat(last) - date.fromisoformat(first)).days >= DAYS_MAX:
        return Standings(0, 0, (), f"asked of at most {DAYS_MAX} dates at once")
    found = [one for name in engine.graph.tables for one in verdicts(engine, name, first, last)]
    not_judged = sum(one.answer == NOT_JUDGED for one in found)
    return Standings(len(found) - not_judged, not_judged, tuple(standing_out(found)), "")


def standing_out(found: Iterable[Standing]) -> list[Standing]:
    """Those that are not as usual, the furthest first."""
    told = [one for one in found if one.answer not in {AS_USUAL, NOT_JUDGED}]
    return sorted(told, key=lambda one: -abs(one.score or 0))[:TOLD_MAX]
