"""What the ledger keeps of profiles: small frozen records."""

from collections.abc import Sequence
from typing import NamedTuple


class Profiled(NamedTuple):
    """The statistics of one version's rows of a partition: 32-bit floats in the order of `names`.

    `phase` is the part of the season that it is judged within.
    """

    version: int
    table: str
    partition: str
    phase: str
    names: tuple[str, ...]
    numbers: bytes


class Compared(NamedTuple):
    """What a version's partitions of one date were held against.

    The latest `members_max` accepted partitions of the phase that lie before `before`, as publication
    `at` left them: so many `members`, from the `first` to the `last`. `judged` counts the
    statistics that could be judged; `why_not` says why the others, or all, could not.
    """

    version: int
    day: str
    phase: str
    before: str
    at: int
    members_max: int
    members: int
    first: str
    last: str
    judged: int
    why_not: str


class Verdict(NamedTuple):
    """A statistic that lies too far from its baseline; of a slate, `partition` is its date.

    `answer` is warn or block, by the `threshold` that the score is beyond.
    """

    version: int
    partition: str
    statistic: str
    answer: str
    value: float
    centre: float
    spread: float
    score: float
    threshold: float


class Profiles(NamedTuple):
    """Profiles, what they were held against, and what lay too far from it."""

    kept: Sequence[Profiled] = ()
    compared: Sequence[Compared] = ()
    verdicts: Sequence[Verdict] = ()
