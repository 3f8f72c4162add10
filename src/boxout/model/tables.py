"""Tables: typed columns, a key, a partition scheme, checks."""

from collections.abc import Callable
from dataclasses import dataclass

from boxout.model.checks import Check, Severity
from boxout.model.columns import Column
from boxout.model.rows import Rows


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a table is cut into partitions: the column whose value names the partition.

    A partition key begins with its date (`2026-02-03`, `2026-02-03/BOS@LAL`), so keys sort
    by time and a look-back window is a range of keys.
    """

    name: str
    column: str


@dataclass(frozen=True, slots=True)
class RejectLimit:
    """How much of a batch may be rejected before the whole of it is held back.

    More than the share `share_max` (0..1), and at least `count_min` of them: of two games one may be
    bad, and nothing is wrong with the rule.
    """

    share_max: float
    count_min: int

    def is_broken(self, rejected: int, total: int) -> bool:
        """Whether so many rejected, of so many, are more than the batch may have."""
        return rejected >= self.count_min and rejected > self.share_max * total


@dataclass(frozen=True, slots=True)
class Table:
    """A named, typed table. A source is landed from outside; a derived table has one processor."""

    name: str
    one_row_per: str
    scheme: Scheme
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    is_source: bool
    rejects: RejectLimit | None = None

    def group(self, name: str) -> "Target":
        """This table as the target of a processor, published together with the group."""
        return Target(self, name)

    def via(self, derive: Callable[[Rows], Rows]) -> "Feed":
        """This table, brought into the shape of another one: the fallback of `any_of`."""
        return Feed(self, derive)

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def conditions(self) -> tuple[Check, ...]:
        """The checks that say whether a landed partition is complete."""
        return tuple(check for check in self.checks if check.severity is Severity.COMPLETE)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Feed:
    """A table as an input reads it: as it is, or through a function."""

    table: Table
    derive: Callable[[Rows], Rows] | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """The table a processor writes, and the group it is published with."""

    table: Table
    group: str | None = None


def source(  # noqa: PLR0913
    name: str,
    *,
    one_row_per: str,
    scheme: Scheme,
    key: tuple[str, ...],
    columns: tuple[Column, ...],
    checks: tuple[Check, ...],
    reject_share_max: float | None = 0.2,
    reject_count_min: int = 20,
) -> Table:
    """A table that is landed from outside.

    A file of which more than the share `reject_share_max` (0..1) of the rows is set aside, or of
    the partitions is withheld by one rule, is held back whole; from `reject_count_min` of them on.
    None: only one of which more than half the rows is set aside.
    """
    limit = None if reject_share_max is None else RejectLimit(reject_share_max, reject_count_min)
    return Table(name, one_row_per, scheme, key, columns, checks, is_source=True, rejects=limit)


def derived(  # noqa: PLR0913
    name: str,
    *,
    one_row_per: str,
    scheme: Scheme,
    key: tuple[str, ...],
    columns: tuple[Column, ...],
    checks: tuple[Check, ...],
    reject_share_max: float | None = None,
    reject_count_min: int = 5,
) -> Table:
    """A table that one processor computes.

    When one rule withholds more than the share `reject_share_max` (0..1) of the partitions of a
    version, and at least `reject_count_min`, all of them are withheld. None: each for itself.
    """
    limit = None if reject_share_max is None else RejectLimit(reject_share_max, reject_count_min)
    return Table(name, one_row_per, scheme, key, columns, checks, is_source=False, rejects=limit)
