"""What the ledger keeps: small frozen records, each one line of what happened."""

from collections.abc import Mapping
from typing import NamedTuple


class Day(NamedTuple):
    """What the calendar says of a partition.

    `identity` is the same wherever the same thing is listed, None when it has none; `phase` is
    the part of the season it belongs to, None when there are none.
    """

    partition: str
    state: str
    is_expected: bool
    identity: str | None = None
    phase: str | None = None


class Claim(NamedTuple):
    """An attempt (its number is the fence token) and the partitions it holds."""

    attempt: int
    held: tuple[str, ...]
    refused: tuple[str, ...]


class Attempt(NamedTuple):
    """One try at computing a unit: for which run, and which revision of the code tried it."""

    attempt: int
    unit: str
    run: str
    at: str
    code: str


class Read(NamedTuple):
    """One range of a read set: this table's partitions first..last as they stood at `snapshot`.

    `window_days` is None when each partition read only its own; otherwise each partition p of
    the version read the partitions of that many days before p, none of them before `since`.
    """

    table: str
    first: str
    last: str
    snapshot: int
    window_days: int | None
    since: str = ""


class Beginning(NamedTuple):
    """The first partition of a table that was ever public, and the publication since which."""

    partition: str
    since: int


class Version(NamedTuple):
    """An immutable set of rows of one table, written by one attempt.

    Once `is_collected` its rows are gone, or may be at any moment.
    """

    version: int
    table: str
    attempt: int
    fingerprint: str
    created_at: str
    reads: tuple[Read, ...]
    is_collected: bool = False


class Arrival(NamedTuple):
    """The file that a landed version came from; `digest` is the SHA-256 of its bytes.

    `landing` is the version that the file became first: this one, or the one whose rows in
    quarantine were read again for this one.
    """

    version: int
    file: str
    reader: str
    rejected: int
    digest: str
    landing: int


class Description(NamedTuple):
    """What the columns of a file looked like, as JSON, whether the file was landed or refused.

    `version` is what it became, None when nothing of it is public. `accepted` is the reason for
    which a person took it although it is not like those before it, "" otherwise; `at` is the
    ledger's time.
    """

    table: str
    reader: str
    file: str
    digest: str
    columns: str
    version: int | None
    accepted: str = ""
    at: str = ""


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


class Followed(NamedTuple):
    """A publication up to which everything was followed up, and a mark of the code that did it."""

    publication: int
    code: str


class Evaluated(NamedTuple):
    """How a check came out over the latest version that it was asked of, and when that was made."""

    counts: CheckCount
    version: int
    at: str


class Finding(NamedTuple):
    """A check that did not pass for one partition, with both sides of the comparison."""

    partition: str
    check: str
    severity: str
    answer: str
    found: str
    needed: str


class Tally(NamedTuple):
    """How often a check was asked of partitions of a range, over all versions that hold some.

    `partitions` and `rows` count those in the range, once for each version; `judged` and
    `unknown` are its answers over those versions as a whole.
    """

    table: str
    check: str
    severity: str
    versions: int
    partitions: int
    rows: int
    judged: int
    unknown: int


class Unpassed(NamedTuple):
    """A finding, with the version that it is of and when that was made."""

    table: str
    version: int
    at: str
    finding: Finding


class Pointer(NamedTuple):
    """What is public for (table, partition) since a publication; version None is withdrawn.

    `basis` is the latest version that came out with these very rows, and `checked` the
    publication at which nothing in its read set had moved: what moves later makes it stale.
    """

    table: str
    partition: str
    version: int | None
    since: int
    basis: int | None
    checked: int


class Expectation(NamedTuple):
    """What the calendar says of a partition; `flipped` is when is_expected last changed.

    What is waived or unlisted keeps the identity and the phase that it was last listed with.
    """

    partition: str
    state: str
    is_expected: bool
    since: int
    flipped: int
    identity: str | None = None
    phase: str | None = None


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
    """One numbered move of pointers.

    `kind` is normal, forced, rollback, waiver or waiver undone; all but the first carry a reason.
    """

    publication: int
    attempt: int
    unit: str
    at: str
    partitions: int
    kind: str
    reason: str


class Appearance(NamedTuple):
    """What a publication made of one (table, partition): its pointer, when, how, and the rows."""

    pointer: Pointer
    at: str
    kind: str
    reason: str
    rows: int


class Quality(NamedTuple):
    """What a report asks of a range of partitions, in one look.

    Every check that was asked of them, by table; every finding, by version; every pointer that
    they ever had, in order of publication.
    """

    tallies: tuple[Tally, ...]
    unpassed: tuple[Unpassed, ...]
    appearances: tuple[Appearance, ...]


class Published(NamedTuple):
    """What became of each partition of an attempt that asked to publish.

    `withdrawn` has the very rows of a version that was withdrawn; `unchanged` those of the
    public one, which is then fresh again.
    """

    publication: int | None
    published: tuple[str, ...]
    withheld: tuple[str, ...]
    moved: tuple[str, ...]
    fenced: tuple[str, ...]
    unchanged: tuple[str, ...]
    withdrawn: tuple[str, ...] = ()


class Undo(NamedTuple):
    """Where one pointer goes in a rollback; version None withdraws it."""

    unit: str
    table: str
    partition: str
    version: int | None


class Rollback(NamedTuple):
    """What a rollback does: pointers that go back, and what may not be public again.

    `bad` holds (version, partition), and `held` the rows that readers saw of them where those were
    not the rows of the record: they are what may not come back. `calendar` and `calendar_dates` are what the calendar says
    where a version of it goes back, as at a publication.
    """

    moves: tuple[Undo, ...]
    bad: tuple[tuple[int, str], ...]
    reason: str
    calendar: tuple[Day, ...] = ()
    calendar_dates: tuple[str, ...] = ()
    held: tuple[tuple[int, Census], ...] = ()


class Tombstone(NamedTuple):
    """Rows that may not be public for a partition again, unless their rollback is undone.

    Those that readers saw of `version`: so many `rows` of this `content`, whoever brings them.
    """

    table: str
    partition: str
    version: int
    since: int
    reason: str
    rows: int
    content: str


class Waiver(NamedTuple):
    """A person's word that a partition will never come, or that it may come after all (undo).

    The latest word on a partition counts.
    """

    partition: str
    reason: str
    by: str
    since: int
    is_undo: bool = False


class Alias(NamedTuple):
    """A person's word that a value of a directory means another one, until it is taken back.

    `group` is where it holds, "" everywhere; `ended_at` is None while it holds, otherwise
    `ended_by` and `ended_reason` say who took it back, and why.
    """

    kind: str
    given: str
    group: str
    official: str
    reason: str
    by: str
    at: str
    ended_at: str | None = None
    ended_by: str = ""
    ended_reason: str = ""


class Work(NamedTuple):
    """A unit and partition that was asked for and is not public.

    `looks` and `failures` count since it was asked for; nobody looks again once it has `ended`
    (deadline, failures, acknowledged, waived), which is None while it waits. `on` holds ranges
    (table, first, last): a publication inside one of them wakes it at once.
    """

    unit: str
    partition: str
    run: str
    asked_at: str
    looks: int
    failures: int
    look_at: str
    deadline: str
    ended: str | None
    reason: str
    on: tuple[tuple[str, str, str], ...] = ()


class Entry(NamedTuple):
    """One line of the outbox: something that somebody outside may want to hear of.

    `kind` is published, forced, rollback, waived, waiver undone, withheld, failed, alert,
    rejected, arrived, refused, silence, run began, run ended or run abandoned. It speaks of so many `partitions` of `table` between `first`
    and `last`, of none when the table is "". `cause` is what several may have in common: a check,
    an error, a person's reason. `details` is plain JSON. The ledger numbers and dates what it is
    given.
    """

    entry: int
    at: str
    kind: str
    run: str
    table: str
    first: str
    last: str
    partitions: int
    version: int | None
    publication: int | None
    cause: str
    details: Mapping[str, object]


class Cursor(NamedTuple):
    """How far a reader of the outbox is: the last entry that it is through with, and what it keeps."""

    entry: int
    kept: str
