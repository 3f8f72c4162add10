"""The ledger's relational schema. The migrations make it; a test holds the two together."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from boxout.ledger import schema_statistics
from boxout.ledger.columns import METADATA, key, number, some, words

__all__ = ["METADATA", "schema_statistics"]

RUN = Table(
    "run",
    METADATA,
    Column("run", Text, primary_key=True),
    words("request"),
    words("began_at"),
    Column("ended_at", Text),
    Column("summary", Text),
    Index("run_began", "began_at", "run"),
)

ATTEMPT = Table(
    "attempt",
    METADATA,
    key("attempt"),
    words("unit"),
    words("run"),
    words("at"),
    words("code"),
    Index("attempt_of_run", "run"),
)

LEASE = Table(
    "lease",
    METADATA,
    Column("unit", Text, primary_key=True),
    Column("partition", Text, primary_key=True),
    number("attempt"),
    words("until"),
    sqlite_with_rowid=False,
)

VERSION = Table(
    "version",
    METADATA,
    key("version"),
    words("table_name"),
    number("attempt"),
    words("fingerprint"),
    words("at"),
    Column("collected_at", Text),
    Column("dropped_at", Text),
    Index("version_of_table", "table_name", "version"),
    Index("version_kept", "version", "at", **some("collected_at IS NULL")),
    Index("version_leaving", "version", **some("collected_at IS NOT NULL AND dropped_at IS NULL")),
)

VERSION_READ = Table(
    "version_read",
    METADATA,
    number("version"),
    words("table_name"),
    words("first"),
    words("last"),
    number("snapshot"),
    Column("window_days", Integer),
    words("since"),
    Index("version_read_of_version", "version"),
)

CENSUS = Table(
    "census",
    METADATA,
    Column("version", Integer, primary_key=True),
    Column("partition", Text, primary_key=True),
    number("row_count"),
    words("content"),
    Index("census_of_partition", "partition", "version"),
    sqlite_with_rowid=False,
)

CHECK_COUNT = Table(
    "check_count",
    METADATA,
    number("version"),
    words("check_name"),
    words("severity"),
    number("passed"),
    number("failed"),
    number("unknown"),
    Index("check_count_of_version", "version"),
)

FINDING = Table(
    "finding",
    METADATA,
    number("version"),
    words("partition"),
    words("check_name"),
    words("severity"),
    words("answer"),
    words("found"),
    words("needed"),
    Index("finding_of_version", "version", "partition"),
    Index("finding_of_partition", "partition"),
)

PUBLICATION = Table(
    "publication",
    METADATA,
    key("publication"),
    number("attempt"),
    words("unit"),
    words("at"),
    number("partitions"),
    words("kind"),
    words("reason"),
    Index("publication_of_attempt", "attempt"),
    Index("publication_forced", "publication", **some("kind = 'forced'")),
)

PUBLICATION_MOVE = Table(
    "publication_move",
    METADATA,
    Column("table_name", Text, primary_key=True),
    Column("publication", Integer, primary_key=True, autoincrement=False),
    words("first"),
    words("last"),
    sqlite_with_rowid=False,
)

POINTER = Table(
    "pointer",
    METADATA,
    Column("table_name", Text, primary_key=True),
    Column("partition", Text, primary_key=True),
    Column("since", Integer, primary_key=True),
    Column("version", Integer),
    Column("until", Integer),
    Column("basis", Integer),
    number("checked"),
    Index("pointer_since", "since"),
    Index("pointer_at_version", "version"),
    sqlite_with_rowid=False,
)

EXPECTATION = Table(
    "expectation",
    METADATA,
    Column("partition", Text, primary_key=True),
    Column("since", Integer, primary_key=True),
    words("state"),
    Column("is_expected", Boolean, nullable=False),
    Column("until", Integer),
    number("flipped"),
    Column("identity", Text),
    Column("phase", Text),
    Index("expectation_of_identity", "identity"),
    sqlite_with_rowid=False,
)

EVENT = Table(
    "event",
    METADATA,
    key("event"),
    words("at"),
    words("run"),
    words("table_name"),
    words("partition"),
    words("kind"),
    words("subject"),
    words("found"),
    words("needed"),
    Index("event_of_partition", "table_name", "partition", "at"),
    Index("event_of_run", "run", "event"),
)

ARRIVAL = Table(
    "arrival",
    METADATA,
    key("version"),
    words("file"),
    words("reader"),
    number("rejected"),
    words("digest"),
    number("landing"),
)

TOMBSTONE = Table(
    "tombstone",
    METADATA,
    Column("table_name", Text, primary_key=True),
    Column("partition", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("since", Integer, primary_key=True, autoincrement=False),
    Column("until", Integer),
    words("reason"),
    number("row_count"),
    words("content"),
    sqlite_with_rowid=False,
)

WAIVER = Table(
    "waiver",
    METADATA,
    Column("partition", Text, primary_key=True),
    Column("since", Integer, primary_key=True, autoincrement=False),
    words("reason"),
    words("by_whom"),
    Column("is_undo", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

DESCRIPTION = Table(
    "description",
    METADATA,
    key("description"),
    words("table_name"),
    words("reader"),
    words("file"),
    words("digest"),
    words("columns"),
    Column("version", Integer),
    words("accepted"),
    words("at"),
    Index("description_of_reader", "table_name", "reader"),
)

ALIAS = Table(
    "alias",
    METADATA,
    key("alias"),
    words("kind"),
    words("given"),
    words("in_group"),
    words("official"),
    words("reason"),
    words("by_whom"),
    words("at"),
    Column("ended_at", Text),
    words("ended_by"),
    words("ended_reason"),
    Index("alias_of_value", "kind", "given", "in_group"),
)

WORK = Table(
    "work",
    METADATA,
    Column("unit", Text, primary_key=True),
    Column("partition", Text, primary_key=True),
    words("run"),
    words("asked_at"),
    number("looks"),
    number("failures"),
    words("look_at"),
    words("deadline"),
    Column("ended", Text),
    words("reason"),
    Index("work_look", "look_at"),
    sqlite_with_rowid=False,
)

WORK_ON = Table(
    "work_on",
    METADATA,
    Column("table_name", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("partition", Text, primary_key=True),
    Column("first", Text, primary_key=True),
    Column("last", Text, primary_key=True),
    Index("work_on_of_work", "unit", "partition"),
    sqlite_with_rowid=False,
)

OUTBOX = Table(
    "outbox",
    METADATA,
    key("entry"),
    words("at"),
    words("kind"),
    words("run"),
    words("table_name"),
    words("first"),
    words("last"),
    number("partitions"),
    Column("version", Integer),
    Column("publication", Integer),
    words("cause"),
    words("details"),
)

OUTBOX_CURSOR = Table(
    "outbox_cursor",
    METADATA,
    Column("reader", Text, primary_key=True),
    number("entry"),
    words("kept"),
    sqlite_with_rowid=False,
)

MESSAGE = Table(
    "message",
    METADATA,
    key("number"),
    *(words(name) for name in ("message", "meaning", "first", "last", "selected", "object")),
    *(words(name) for name in ("trace", "body", "rejected", "promised", "received_at")),
    number("deliveries"),
    Column("same_as", Integer),
    Column("taken_at", Text),
    Column("answered_at", Text),
    words("run"),
    Column("seen_at", Text),
    Index("message_id", "message", unique=True),
    Index("message_promised", "promised"),
    Index(
        "message_open",
        "meaning",
        "number",
        **some("answered_at IS NULL AND rejected = '' AND same_as IS NULL"),
    ),
)

FOLLOWED = Table(
    "followed",
    METADATA,
    Column("reader", Text, primary_key=True),
    number("publication"),
    words("code"),
    sqlite_with_rowid=False,
)

ANSWER_KEPT = Table(
    "answer_kept",
    METADATA,
    Column("key", Text, primary_key=True),
    words("asked"),
    words("at"),
    Column("status", Integer),
    words("body"),
    sqlite_with_rowid=False,
)
