"""Plans, gates, attempts and publication."""

from boxout.run.attempt import attempt
from boxout.run.drift import Drift
from boxout.run.engine import Engine, Policy, agreed, catch_up
from boxout.run.estimate import Estimate, estimate
from boxout.run.land import Landed, land
from boxout.run.opened import find_readers, is_known
from boxout.run.plan import Plan, Step, make_plan
from boxout.run.runner import RunResult, run
from boxout.run.waiting import turn

__all__ = [
    "Drift",
    "Engine",
    "Estimate",
    "Landed",
    "Plan",
    "Policy",
    "RunResult",
    "Step",
    "agreed",
    "attempt",
    "catch_up",
    "estimate",
    "find_readers",
    "is_known",
    "land",
    "make_plan",
    "run",
    "turn",
]
