"""Checks: declared predicates on rows, on a partition, or across the tables of a group.

A check has three answers: passed, failed and unknown. Null is unknown, and so is a
partition without rows. Only passed publishes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from boxout.model.rows import Measure, Predicate, Rows


class Severity(StrEnum):
    """What a check that did not pass does."""

    BLOCK = "block"
    WARN = "warn"
    COMPLETE = "complete"
    """Asked of a source: the rows may be kept, and nothing may be computed from them."""


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


@dataclass(frozen=True, slots=True)
class PartitionCheck:
    """A number measured over the rows of one partition, and the bound it must keep."""

    name: str
    measure: Callable[[Rows], Measure]
    bound: Bound
    severity: Severity = Severity.BLOCK


Check: TypeAlias = RowCheck | PartitionCheck


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a cross-table check returns: joined rows, and the predicates they must satisfy."""

    rows: Rows
    predicates: Mapping[str, Predicate]


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
    return PartitionCheck(check.name, check.measure, check.bound, Severity.COMPLETE)
