"""The ledger: the authority on what happened and what is public.

Every method is one transaction. Partition ranges include both ends. `at` is a snapshot: a
publication number. Any method may raise StoreUnavailable.
"""

from collections.abc import Collection, Sequence
from typing import Protocol

from boxout.ledger.records import (
    Census,
    CheckCount,
    Claim,
    Event,
    Expectation,
    Finding,
    Pointer,
    Publication,
    Published,
    Read,
    Version,
)

CALENDAR = "(calendar)"
"""The name under which a read set speaks of expectations."""


class Ledger(Protocol):
    """What the engine needs of a ledger."""

    def begin_run(self, run: str, request: str, now: str) -> None:
        """Record a request to bring targets up to date."""
        ...

    def end_run(self, run: str, summary: str, now: str) -> None:
        """Record how the run came out."""
        ...

    def claim(
        self, unit: str, partitions: Sequence[str], *, run: str, now: str, until: str
    ) -> Claim:
        """Lease the partitions that nobody holds; the attempt's number exceeds all before it."""
        ...

    def release(self, attempt: int) -> None:
        """Give the leases of this attempt back; harmless when they are lost already."""
        ...

    def open_version(
        self, attempt: int, table: str, fingerprint: str, reads: Sequence[Read], now: str
    ) -> int:
        """A new version number, recorded before any row of it is written."""
        ...

    def record_audit(
        self,
        version: int,
        census: Sequence[Census],
        counts: Sequence[CheckCount],
        findings: Sequence[Finding],
    ) -> None:
        """Keep what the audit of a version found; findings hold only what did not pass.

        May be called several times for one version (its own checks, then those of its group).
        """
        ...

    def publish(
        self,
        attempt: int,
        versions: Sequence[int],
        *,
        now: str,
        calendar: Sequence[tuple[str, str, bool]] = (),
        calendar_dates: Sequence[str] = (),
    ) -> Published:
        """Move the pointers of all versions of an attempt for every partition that may go out.

        A partition goes out for all versions or for none. It stays back when the attempt no
        longer holds its lease (fenced), when something in a read set moved since its snapshot
        and not in this transaction (moved), when a version has no census or no evaluated check
        for it, or a blocking finding (withheld), or when every version's rows equal what is
        public and nothing was read (unchanged: a source that arrived twice). A source version
        that is incomplete (a finding of severity complete) does not displace one that is
        complete (withheld).

        `calendar` lists (partition, state, is_expected) for every partition that the rows of
        `calendar_dates` name; only those whose date is published now count, and expectations
        of those dates that are named no longer end.
        """
        ...

    def head(self) -> int:
        """The number of the latest publication; 0 before the first."""
        ...

    def pointers(self, tables: Collection[str], first: str, last: str, at: int) -> list[Pointer]:
        """Every pointer of these tables in the range, as it stood at `at`."""
        ...

    def expectations(self, first: str, last: str, at: int) -> list[Expectation]:
        """What the calendar said at `at` of every partition in the range."""
        ...

    def versions(self, numbers: Collection[int]) -> list[Version]:
        """These versions, with their read sets."""
        ...

    def census(self, version: int, first: str, last: str) -> list[Census]:
        """What a version holds in the range."""
        ...

    def findings(self, numbers: Collection[int], first: str, last: str) -> list[Finding]:
        """The findings of these versions in the range."""
        ...

    def incomplete(self, numbers: Collection[int]) -> dict[tuple[int, str], list[Finding]]:
        """The findings of severity complete of these versions, by version and partition."""
        ...

    def moves(self, after: int, upto: int) -> list[Pointer]:
        """Every pointer set by the publications after..upto, in order of publication."""
        ...

    def publications(self, limit: int) -> list[Publication]:
        """The latest publications, newest first."""
        ...

    def history(self, table: str, partition: str) -> list[tuple[Pointer, Publication]]:
        """Every pointer that (table, partition) ever had, newest first."""
        ...

    def latest_versions(self, table: str, partition: str, limit: int) -> list[int]:
        """The latest versions that hold rows of this partition, public or not, newest first."""
        ...

    def record_events(self, events: Sequence[Event]) -> None:
        """Keep what is worth telling."""
        ...

    def latest_events(self, tables: Collection[str], first: str, last: str) -> list[Event]:
        """The latest event of each (table, partition) in the range."""
        ...

    def arrival(self, version: int, file: str, reader: str, rejected: int) -> None:
        """Record which file a landed version came from and how many rows it set aside."""
        ...
