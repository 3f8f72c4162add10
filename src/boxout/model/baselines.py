"""Baselines: what the rows of a partition are held against beside the declared checks.

A statistic is a number of a partition. Its baseline are the partitions before it that were
accepted: public, not forced, complete. How far it may lie from them is declared here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Statistic:
    """A number of a partition, as a formula of the sums of its columns.

    `of` receives the sums by column name, as attributes; nulls are left out of a sum.
    """

    name: str
    of: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Profile:
    """Which statistics of a table's columns are held against their baseline.

    Every column has its share of nulls and zeros, mean, spread, quantiles and maximum, or how
    many different values it has. With `exposure`, a column whose sum tells how long there was to
    count, whole numbers are also taken per unit of it. `comes_late` are columns that may be null
    as a whole, for now: their nulls are not judged. Single values of `far_out` columns may honestly be
    anything, such as the rate of a player who was on court for a second: of these only quantiles are
    judged. `leaves_out` are columns that are not judged.
    """

    exposure: str | None = None
    statistics: tuple[Statistic, ...] = ()
    comes_late: frozenset[str] = frozenset()
    far_out: frozenset[str] = frozenset()
    leaves_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Baseline:
    """Which tables are held against their baseline, and when a distance is a finding.

    A score is a distance from the centre of the accepted partitions in units of their spread.
    From `warns` on it is told, from `blocks` on nothing is published; `slate_warns` and
    `slate_blocks` are those for the mean over the partitions of one date. A source is only told.

    Members are the latest `members_max` accepted partitions of the same phase; below
    `members_min` nothing is judged. `alike` names the phase that a rare one is judged by.
    """

    tables: Mapping[str, Profile]
    warns: float = 10
    blocks: float = 16
    slate_warns: float = 6
    slate_blocks: float = 9
    members_min: int = 30
    members_max: int = 240
    alike: Mapping[str, str] = field(default_factory=dict)
