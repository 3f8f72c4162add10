"""What people ask: how far is it, why not, and what was it before."""

from boxout.report.coverage import Coverage, Covering, coverage
from boxout.report.examples import examples
from boxout.report.groups import Group, grouped
from boxout.report.history import Shown, history
from boxout.report.listed import unlisted
from boxout.report.look import Seen, look
from boxout.report.reference import CHECKS, INDEX, MARK, reference
from boxout.report.states import STATES, Status, status
from boxout.report.why import InputSeen, NotPassed, Public, Why, why

__all__ = [
    "CHECKS",
    "INDEX",
    "MARK",
    "STATES",
    "Coverage",
    "Covering",
    "Group",
    "InputSeen",
    "NotPassed",
    "Public",
    "Seen",
    "Shown",
    "Status",
    "Why",
    "coverage",
    "examples",
    "grouped",
    "history",
    "look",
    "reference",
    "status",
    "unlisted",
    "why",
]
