"""Inputs: which table a parameter reads, and which of its partitions."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from boxout.model.tables import Feed, Table

AS_OF = "as_of"
"""The column that tells the rows of a window apart: the partition of the output that reads them."""


class Need(StrEnum):
    """What the absence of an input means."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    """May be absent; its late arrival makes the output stale."""


@dataclass(frozen=True, slots=True)
class Input:
    """One parameter of a processor.

    `feeds` holds one table, or for any-of the primary and its fallbacks in order of preference.
    `window_days` is None for the same partition (or the same date, when one side is a date
    table); otherwise the partitions of that many days, ending before the partition's date, in
    rows that carry `as_of`.
    """

    feeds: tuple[Feed, ...]
    need: Need = Need.REQUIRED
    window_days: int | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables this input may read, the preferred one first."""
        return tuple(feed.table for feed in self.feeds)

    @property
    def is_any_of(self) -> bool:
        """Whether there is a fallback; the rows then carry their origin in `input_table`."""
        return len(self.feeds) > 1


Declared: TypeAlias = Input | Feed | Table


def required(declared: Declared) -> Input:
    """The input as declared; a bare table is a required input of the same partition."""
    match declared:
        case Input():
            return declared
        case Feed():
            return Input((declared,))
        case Table():
            return Input((Feed(declared),))


def optional(declared: Declared) -> Input:
    """An input that may be absent: the processor then receives no rows for that partition."""
    given = required(declared)
    return Input(given.feeds, Need.OPTIONAL, given.window_days)


def any_of(*declared: Feed | Table) -> Input:
    """The first of these tables that is ready, chosen per partition.

    The rows carry the choice in the column `input_table`.
    """
    return Input(tuple(_feed(one) for one in declared))


def window(declared: Feed | Table, *, days: int) -> Input:
    """The partitions of the last `days` days, ending strictly before the partition's date.

    Each row carries `as_of` (text), the date of the partition that reads it, and is there once for
    every such date: several dates are computed in one attempt. Group and join by it, and no
    date can see rows of its own day or later. A function given with `via` must keep it.

    Every partition that is expected must be ready; with `optional(window(...))` those that are
    ready are read, and one that becomes ready later makes the output stale. A window reaches back to
    where the calendar `begins` at most; when that is not declared, days before the first that the
    calendar ever knew are no gap either.
    """
    return Input((_feed(declared),), window_days=days)


def _feed(declared: Feed | Table) -> Feed:
    return Feed(declared) if isinstance(declared, Table) else declared
