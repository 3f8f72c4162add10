"""Agreement of two numbers: what an identity compares, and how far apart they may be, as data."""

from dataclasses import dataclass

from boxout.model.rows import Measure, Predicate

PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two values of a row that must agree, by at most `tolerance` in `unit`; 0 is equality.

    In percent the tolerance is a share of `other`; nothing is known when that is zero or no number.
    """

    one: Measure
    other: Measure
    tolerance: float
    unit: str = ""

    @property
    def predicate(self) -> Predicate:
        """Whether they agree: null, and so unknown, when either is."""
        if self.unit == PERCENT:
            share = self.one / self.other.nullif(0)
            return (share - 1).abs() <= self.tolerance / 100
        if self.tolerance == 0:
            # NaN equals NaN in SQL, and is no value: its difference from anything is not zero.
            is_decimal = self.one.type().is_floating() or self.other.type().is_floating()
            return (self.one - self.other) == 0 if is_decimal else self.one == self.other
        return (self.one - self.other).abs() <= self.tolerance

    @property
    def needed(self) -> str:
        """How near they must be, as findings and pages say it."""
        near = f"within {self.tolerance:g} {self.unit}".rstrip()
        return f"all {near if self.tolerance else 'equal'} expected"


def exactly_equal(one: Measure, other: Measure) -> Agreement:
    """Both values are the same; null on either side is unknown."""
    return Agreement(one, other, 0)


def within(one: Measure, other: Measure, tolerance: float, unit: str) -> Agreement:
    """Both numbers are at most `tolerance` apart, in the unit that they have.

    Null on either side is unknown. The unit `%` is relative: `tolerance` percent of `other`.
    """
    return Agreement(one, other, tolerance, unit)
