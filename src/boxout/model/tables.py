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
class Table:
    """A named, typed table. A source is landed from outside; a derived table has one processor."""

    name: str
    one_row_per: str
    scheme: Scheme
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    is_source: bool

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


def source(
    name: str,
    *,
    one_row_per: str,
    scheme: Scheme,
    key: tuple[str, ...],
    columns: tuple[Column, ...],
    checks: tuple[Check, ...],
) -> Table:
    """A table that is landed from outside."""
    return Table(name, one_row_per, scheme, key, columns, checks, is_source=True)


def derived(
    name: str,
    *,
    one_row_per: str,
    scheme: Scheme,
    key: tuple[str, ...],
    columns: tuple[Column, ...],
    checks: tuple[Check, ...],
) -> Table:
    """A table that one processor computes."""
    return Table(name, one_row_per, scheme, key, columns, checks, is_source=False)
