"""Checks: declared predicates on rows, on a partition, or across the tables of a group.

A check has three answers: passed, failed and unknown. Null is unknown, and so is a
partition without rows. Only passed publishes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias, TypeVar

from boxout.model.agreement import Agreement
from boxout.model.rows import Measure, Predicate, Rows


class Severity(StrEnum):
    """What a check that did not pass does."""

    BLOCK = "block"
    WARN = "warn"
    COMPLETE = "complete"
    """Asked of a source: the rows may be kept, and nothing may be computed from them."""
    OBSERVE = "observe"
    """Asked of a rule on trial, until its last day: what it finds is kept, shown and blocks nothing."""


TOLD_ONLY: Final = frozenset({Severity.WARN, Severity.OBSERVE})
"""The severities that hold nothing back and make nothing incomplete."""


class Trial(NamedTuple):
    """How long a rule only observes, the last day included (YYYY-MM-DD), and why it is tried.

    From the day after, it counts with its own severity.
    """

    until: str
    because: str

    def is_over(self, today: str) -> bool:
        """Whether the rule counts on this day (YYYY-MM-DD)."""
        return today > self.until

    def days_left(self, today: str) -> int:
        """Days from this one to the first on which the rule counts; 0 or less when it does."""
        return (date.fromisoformat(self.until) - date.fromisoformat(today)).days + 1


@dataclass(frozen=True, slots=True)
class Bound:
    """The range in which a measured value passes, both ends included; None is open."""

    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.low is not None and self.low == self.high:
            return f"exactly {self.low:g} expected"
        if self.high is None:
            return f"at least {self.low:g} expected"
        if self.low is None:
            return f"at most {self.high:g} expected"
        return f"{self.low:g} to {self.high:g} expected"


@dataclass(frozen=True, slots=True)
class RowCheck:
    """A predicate that every row must satisfy; `shown` are the columns of its examples."""

    name: str
    predicate: Callable[[Rows], Predicate]
    shown: tuple[str, ...] = ()
    severity: Severity = Severity.BLOCK
    trial: Trial | None = None


@dataclass(frozen=True, slots=True)
class PartitionCheck:
    """A number measured over the rows of one partition, and the bound it must keep."""

    name: str
    measure: Callable[[Rows], Measure]
    bound: Bound
    severity: Severity = Severity.BLOCK
    trial: Trial | None = None


Check: TypeAlias = RowCheck | PartitionCheck


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a cross-table check returns: joined rows, and what must hold of every one of them.

    A predicate, or an agreement of two values, which says how far apart they may be.
    """

    rows: Rows
    identities: Mapping[str, Predicate | Agreement]

    @property
    def predicates(self) -> dict[str, Predicate]:
        """What every row must satisfy, by name."""
        return {
            name: one.predicate if isinstance(one, Agreement) else one
            for name, one in self.identities.items()
        }

    def needed(self, name: str) -> str:
        """What is expected of the rows by an identity, as findings and pages say it."""
        one = self.identities[name]
        return one.needed if isinstance(one, Agreement) else "none expected"


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """Predicates over several tables of one group, which ties them: all public or none.

    `tables` maps the parameters of `compare` to the names of the tables they receive.
    """

    name: str
    group: str
    tables: Mapping[str, str]
    compare: Callable[..., Comparison]
    severity: Severity = Severity.BLOCK
    trial: Trial | None = None


def every_row(
    name: str,
    predicate: Callable[[Rows], Predicate],
    *,
    shown: tuple[str, ...] = (),
    severity: Severity = Severity.BLOCK,
) -> RowCheck:
    """Every row satisfies the predicate; a null answer is unknown and blocks like a failure."""
    return RowCheck(name, predicate, shown, severity)


def at_least(
    low: float, name: str, measure: Callable[[Rows], Measure], severity: Severity = Severity.BLOCK
) -> PartitionCheck:
    """The number measured over a partition is at least `low`."""
    return PartitionCheck(name, measure, Bound(low=low), severity)


def at_most(
    high: float, name: str, measure: Callable[[Rows], Measure], severity: Severity = Severity.BLOCK
) -> PartitionCheck:
    """The number measured over a partition is at most `high`."""
    return PartitionCheck(name, measure, Bound(high=high), severity)


def exactly(
    value: float, name: str, measure: Callable[[Rows], Measure], severity: Severity = Severity.BLOCK
) -> PartitionCheck:
    """The number measured over a partition is `value`."""
    return PartitionCheck(name, measure, Bound(value, value), severity)


def between(
    low: float,
    high: float,
    name: str,
    measure: Callable[[Rows], Measure],
    severity: Severity = Severity.BLOCK,
) -> PartitionCheck:
    """The number measured over a partition lies in `low` to `high`."""
    return PartitionCheck(name, measure, Bound(low, high), severity)


def complete(check: PartitionCheck) -> PartitionCheck:
    """The same condition, asked of completeness: the gate waits until it passes."""
    return replace(check, severity=Severity.COMPLETE)


Rule = TypeVar("Rule", RowCheck, PartitionCheck, CrossCheck)


def on_trial(check: Rule, *, until: str, because: str) -> Rule:
    """The same rule, which up to `until` (YYYY-MM-DD, that day included) only observes.

    Until then it is evaluated, what it finds is kept and shown, and nothing is held back. From the
    day after it counts with the severity it declares, and is shown as a rule whose trial nobody
    ended. `boxout checks replay RULE` shows what it would have done.
    """
    return replace(check, trial=Trial(until, because))
