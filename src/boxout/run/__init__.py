"""Plans, gates, attempts and publication."""

from boxout.run.engine import Engine, attempt, catch_up
from boxout.run.land import Landed, land
from boxout.run.plan import Plan, Step, make_plan
from boxout.run.runner import RunResult, run

__all__ = [
    "Engine",
    "Landed",
    "Plan",
    "RunResult",
    "Step",
    "attempt",
    "catch_up",
    "land",
    "make_plan",
    "run",
]
