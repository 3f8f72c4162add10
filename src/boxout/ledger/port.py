"""The ledger: the authority on what happened and what is public.

Every method is one transaction. Partition ranges include both ends. `at` is a snapshot: a
publication number. Time is the ledger's own. Any method may raise StoreUnavailable.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol, TypeAlias

from boxout.ledger import records
from boxout.ledger.messages import Inbox
from boxout.ledger.port_asking import Asking
from boxout.ledger.profile_records import Profiled, Profiles

CALENDAR = "(calendar)"
"""The name under which a read set speaks of expectations."""

BEFORE = "(before) "
"""Before a table's name: windows were cut at its first key, `first` of the read."""

LEFT_OUT = "(left out) "
"""Before a table's name: the keys of the range were stale, and were read as if they were absent."""

Clock: TypeAlias = Callable[[], datetime]


def stamp(clock: Clock, *, later_s: float = 0) -> str:
    """A moment as the ledger writes it: it sorts as text."""
    return (clock() + timedelta(seconds=later_s)).isoformat(timespec="milliseconds")


ALL: Final = 1 << 53
"""More publications than there will be."""


class News(NamedTuple):
    """What a ledger has since a publication: every pointer set, up to `head`, in order.

    `of` is the mark of that publication and `mark` that of `head`; 0 where there is none. A mark is
    a number that no other publication has, in whatever ledger: one that was taken back in time, by a
    backup or by a standby that lacked something, gives the same publication numbers again.
    """

    of: int
    head: int
    mark: int
    moves: tuple[records.Pointer, ...]


class Ledger(Asking, Protocol):
    """What the engine needs of a ledger."""

    @property
    def inbox(self) -> Inbox:
        """The messages that came in, the answers given, and the runs."""
        ...

    def now(self, later_s: float = 0) -> str:
        """The ledger's time, so many seconds from now."""
        ...

    def begin_run(self, run: str, request: str) -> None:
        """Record a request to bring targets up to date."""
        ...

    def end_run(self, run: str, summary: str) -> None:
        """Record how the run came out."""
        ...

    def claim(
        self, unit: str, partitions: Sequence[str], *, run: str, lease_s: float, code: str = ""
    ) -> records.Claim:
        """Lease the partitions that nobody holds; the attempt's number exceeds all before it."""
        ...

    def heartbeat(self, attempt: int, lease_s: float) -> None:
        """Prolong the leases that this attempt still has; one that was lost stays lost."""
        ...

    def release(self, attempt: int) -> None:
        """Give the leases of this attempt back; harmless when they are lost already."""
        ...

    def end_leases(self) -> None:
        """End every lease and every run: whoever held one is fenced, whoever ran is gone."""
        ...

    def holders(self, unit: str, first: str, last: str) -> dict[str, int]:
        """The live leases of a unit: partition to attempt."""
        ...

    def open_version(
        self, attempt: int, table: str, fingerprint: str, reads: Sequence[records.Read]
    ) -> int:
        """A new version number, recorded before any row of it is written."""
        ...

    def record_audit(
        self,
        version: int,
        census: Sequence[records.Census],
        counts: Sequence[records.CheckCount],
        findings: Sequence[records.Finding],
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
        calendar: Sequence[records.Day] = (),
        calendar_dates: Sequence[str] = (),
        forced: str | None = None,
    ) -> records.Published:
        """Move the pointers of all versions of an attempt for every partition that may go out.

        A partition goes out for all versions or for none. It stays back when the attempt no
        longer holds its lease (fenced), when something in a read set moved since its snapshot
        and not in this transaction (moved), when a version has no census or no evaluated check
        for it, or a blocking finding (withheld), when its rows are those of a withdrawn version
        (withdrawn), or when every version's rows equal what is public (unchanged). An unchanged
        table's pointer stays where it is and is fresh again. A source version that is incomplete
        (a finding of severity complete) does not displace one that is complete (withheld).

        `forced` is a person's reason to go past findings and tombstones; it stays on the
        publication for ever. Fences and read sets are never passed.

        A read of BEFORE a table moved for every partition whose window begins before the key at
        which it was cut, when that table has an earlier one since.

        `calendar` lists a Day for every partition that the rows of `calendar_dates` name; only
        those whose date is published now count, expectations
        of those dates that are named no longer become unlisted, and waived ones stay waived.
        """
        ...

    def turn_back(self, rollback: records.Rollback, *, run: str, at: int) -> int | None:
        """Point back or withdraw, in one publication.

        None, and nothing is done, when `at` is no longer the head or a version to return to was
        collected: the plan is out of date. What is pointed back to is no longer bad. Whoever
        holds a lease on these partitions loses it.
        """
        ...

    def waive(self, partition: str, reason: str, by: str) -> int:
        """Expect a partition never again: one publication, which ends the work that waits for it."""
        ...

    def unwaive(
        self, partition: str, reason: str, by: str, *, says: records.Day, deadline: str, at: int
    ) -> int | None:
        """Undo a waiver in one publication; `says` is the calendar's own word, which counts again.

        The work that the waiver had ended is due at once and waits until `deadline`. None, and
        nothing is done, when the partition is not waived or `at` is no longer the head.
        """
        ...

    def waivers(self) -> list[records.Waiver]:
        """What people said will never come, and what they took back of it, by partition and time."""
        ...

    def tombstones(self, first: str, last: str) -> list[records.Tombstone]:
        """What may not be public again in the range."""
        ...

    def head(self) -> int:
        """The number of the latest publication; 0 before the first."""
        ...

    def pointers(
        self, tables: Collection[str], first: str, last: str, at: int
    ) -> list[records.Pointer]:
        """Every pointer of these tables in the range, as it stood at `at`."""
        ...

    def beginning(self, table: str, at: int) -> records.Beginning | None:
        """The first partition of a table that was ever public at `at` or before; None for none."""
        ...

    def expectations(self, first: str, last: str, at: int) -> list[records.Expectation]:
        """What the calendar said at `at` of every partition in the range that it ever listed."""
        ...

    def expectations_of(self, identities: Collection[str], at: int) -> list[records.Expectation]:
        """What the calendar said at `at` of these things, at whatever partitions it listed them."""
        ...

    def versions(self, numbers: Collection[int]) -> list[records.Version]:
        """These versions, with their read sets."""
        ...

    def attempts(self, numbers: Collection[int]) -> list[records.Attempt]:
        """These attempts."""
        ...

    def arrivals(self, numbers: Collection[int]) -> list[records.Arrival]:
        """The files of those versions that were landed."""
        ...

    def census(self, version: int, first: str, last: str) -> list[records.Census]:
        """What a version holds in the range."""
        ...

    def censuses(
        self, numbers: Collection[int], first: str, last: str
    ) -> dict[tuple[int, str], records.Census]:
        """What these versions hold in the range, by version and partition."""
        ...

    def counts(self, version: int) -> list[records.CheckCount]:
        """How the checks of a version came out."""
        ...

    def findings(self, numbers: Collection[int], first: str, last: str) -> list[records.Finding]:
        """The findings of these versions in the range."""
        ...

    def incomplete(self, numbers: Collection[int]) -> dict[tuple[int, str], list[records.Finding]]:
        """The findings of severity complete of these versions, by version and partition."""
        ...

    def moves(self, after: int, upto: int) -> list[records.Pointer]:
        """Every pointer set by the publications after..upto, in order of publication."""
        ...

    def news(self, after: int, most: int = ALL) -> News:
        """The moves of the next `most` publications, with the marks of both ends, in one look."""
        ...

    def skip(self, version: int) -> None:
        """Give no version this number any more, nor one before it."""
        ...

    def publications(self, limit: int, *, run: str | None = None) -> list[records.Publication]:
        """The latest publications, of one run or of all, newest first."""
        ...

    def history(
        self, table: str, partition: str
    ) -> list[tuple[records.Pointer, records.Publication]]:
        """Every pointer that (table, partition) ever had, newest first."""
        ...

    def latest_versions(self, table: str, partition: str, limit: int) -> list[int]:
        """The latest versions that hold rows of this partition, public or not, newest first."""
        ...

    def quality(self, first: str, last: str) -> records.Quality:
        """What a report asks of a range, in one look: checks, what did not pass, every pointer."""
        ...

    def record_events(self, events: Sequence[records.Event]) -> None:
        """Keep what is worth telling."""
        ...

    def latest_events(self, tables: Collection[str], first: str, last: str) -> list[records.Event]:
        """What was recorded last of each (table, partition) in the range, and at that moment."""
        ...

    def tell(self, entries: Sequence[records.Entry]) -> None:
        """Write to the outbox what no other method does; number and time are the ledger's."""
        ...

    def outbox(self, after: int, limit: int) -> list[records.Entry]:
        """What follows an entry, oldest first.

        The ledger writes an entry in the transaction of what it speaks of: a publication, a
        rollback, a waiver, what stayed back, an arrival, a run. Numbers go up
        in the order in which things became known to others: what follows never comes before.
        """
        ...

    def cursor(self, reader: str) -> records.Cursor:
        """How far a reader of the outbox is; at 0 when it never came."""
        ...

    def advance(self, reader: str, to: records.Cursor) -> None:
        """Keep how far a reader is, never backwards. What is not kept is read again."""
        ...

    def arrival(self, arrival: records.Arrival) -> None:
        """Record which file a landed version came from, and how many rows of it were set aside."""
        ...

    def prune_outbox(self, older_than: str, /) -> int:
        """Delete the entries before a moment that every reader that ever came is through with.

        The latest entry stays, whatever its age: numbers are never given twice. Gives how many went.
        """
        ...

    def put_description(self, description: records.Description) -> None:
        """Keep what a file looked like. Its time is the ledger's."""
        ...

    def descriptions(self, table: str, reader: str, limit: int) -> list[records.Description]:
        """The latest files of a reader that are public, newest first: nothing of them taken back."""
        ...

    def put_alias(self, alias: records.Alias) -> bool:
        """Keep what a value means, from now on; False, and nothing is done, while another holds.

        One alias holds for a (kind, given, group) at a time. Its time is the ledger's.
        """
        ...

    def end_alias(
        self, kind: str, given: str, group: str, *, by: str, reason: str
    ) -> records.Alias | None:
        """Take an alias back, on record; None, and nothing is done, when none holds."""
        ...

    def aliases(self, kind: str | None = None) -> list[records.Alias]:
        """Every alias there ever was, of one kind or of all, in order of their time."""
        ...

    def keep_profiles(self, said: Profiles) -> None:
        """Keep the profiles of a version, what they were held against, and what lay too far off."""
        ...

    def profiles(self, numbers: Collection[int], first: str, last: str) -> Profiles:
        """What was kept of these versions in the range, in order of version and partition."""
        ...

    def accepted(
        self, table: str, phase: str, *, first: str, before: str, at: int, members_max: int
    ) -> list[Profiled]:
        """The profiles of what was public at `at` before a key, not by force, and complete.

        All from `first` on, and the latest `members_max` before it; in order of the partition.
        """
        ...

    def put_work(self, asked: Sequence[records.Work]) -> None:
        """Keep what was asked for and is not public.

        Of what is there already, `looks` and `failures` grow by those given and the first asking
        and its deadline stay; what had ended waits again.
        """
        ...

    def work(self, first: str, last: str) -> list[records.Work]:
        """What was asked for in the range and is not public, ended or not."""
        ...

    def due_work(self, limit: int) -> list[records.Work]:
        """What waits and whose next look is due, longest due first."""
        ...

    def end_work(self, unit: str, partitions: Sequence[str], how: str) -> None:
        """Nobody looks again; `how` is what ended it, or what a person says of what had ended."""
        ...
