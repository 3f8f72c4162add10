"""What the ledger keeps: small frozen records, each one line of what happened."""

from typing import NamedTuple


class Claim(NamedTuple):
    """An attempt (its number is the fence token) and the partitions it holds."""

    attempt: int
    held: tuple[str, ...]
    refused: tuple[str, ...]


class Read(NamedTuple):
    """One range of a read set: this table's partitions first..last as they stood at `snapshot`.

    `window_days` is None when each partition read only its own; otherwise each partition p of
    the version read the partitions of that many days before p.
    """

    table: str
    first: str
    last: str
    snapshot: int
    window_days: int | None


class Version(NamedTuple):
    """An immutable set of rows of one table, written by one attempt."""

    version: int
    table: str
    attempt: int
    fingerprint: str
    created_at: str
    reads: tuple[Read, ...]


class Census(NamedTuple):
    """What one version holds for one partition."""

    partition: str
    rows: int
    content: str


class CheckCount(NamedTuple):
    """How one check came out over a version: partitions passed, failed, unknown."""

    check: str
    severity: str
    passed: int
    failed: int
    unknown: int


class Finding(NamedTuple):
    """A check that did not pass for one partition, with both sides of the comparison."""

    partition: str
    check: str
    severity: str
    answer: str
    found: str
    needed: str


class Pointer(NamedTuple):
    """What is public for (table, partition) since a publication; version None is withdrawn."""

    table: str
    partition: str
    version: int | None
    since: int


class Expectation(NamedTuple):
    """What the calendar says of a partition."""

    partition: str
    state: str
    is_expected: bool
    since: int


class Event(NamedTuple):
    """Something worth telling about a partition: waiting, withheld, superseded, fenced, failed."""

    at: str
    run: str
    table: str
    partition: str
    kind: str
    subject: str
    found: str
    needed: str


class Publication(NamedTuple):
    """One numbered move of pointers."""

    publication: int
    attempt: int
    unit: str
    at: str
    partitions: int


class Published(NamedTuple):
    """What became of each partition of an attempt that asked to publish."""

    publication: int | None
    published: tuple[str, ...]
    withheld: tuple[str, ...]
    moved: tuple[str, ...]
    fenced: tuple[str, ...]
    unchanged: tuple[str, ...]
