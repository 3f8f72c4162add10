"""What people ask: how far is it, why not, and what was it before."""

from boxout.report.changes import NOT_IN_A_WAREHOUSE, Change, changes
from boxout.report.coverage import Coverage, Covering, coverage
from boxout.report.declared import Declared, as_text, declared
from boxout.report.examples import examples
from boxout.report.expected import (
    DateSeen,
    Expectations,
    Expected,
    SourceSeen,
    Totals,
    expected,
    only,
)
from boxout.report.groups import Group, grouped
from boxout.report.headline import headline
from boxout.report.history import Shown, history
from boxout.report.listed import unlisted
from boxout.report.look import Seen, look, look_at_arrivals
from boxout.report.plain import plain
from boxout.report.quality import Report, report
from boxout.report.reference import CHECKS, INDEX, MARK, reference
from boxout.report.seasons import season, seasons
from boxout.report.states import STATES, Status, status
from boxout.report.trials import Tried, trials
from boxout.report.verdicts import Standing, member_values, verdicts
from boxout.report.why import InputSeen, NotPassed, Public, Why, why

__all__ = [
    "CHECKS",
    "INDEX",
    "MARK",
    "NOT_IN_A_WAREHOUSE",
    "STATES",
    "Change",
    "Coverage",
    "Covering",
    "DateSeen",
    "Declared",
    "Expectations",
    "Expected",
    "Group",
    "InputSeen",
    "NotPassed",
    "Public",
    "Report",
    "Seen",
    "Shown",
    "SourceSeen",
    "Standing",
    "Status",
    "Totals",
    "Tried",
    "Why",
    "as_text",
    "changes",
    "coverage",
    "declared",
    "examples",
    "expected",
    "grouped",
    "headline",
    "history",
    "look",
    "look_at_arrivals",
    "member_values",
    "only",
    "plain",
    "reference",
    "report",
    "season",
    "seasons",
    "status",
    "trials",
    "unlisted",
    "verdicts",
    "why",
]
