"""The ledger's relational schema. The migrations make it; a test holds the two together."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

METADATA = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _key(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True)


RUN = Table(
    "run",
    METADATA,
    Column("run", Text, primary_key=True),
    _text("request"),
    _text("began_at"),
    Column("ended_at", Text),
    Column("summary", Text),
    Index("run_began", "began_at", "run"),
)

ATTEMPT = Table(
    "attempt",
    METADATA,
    _key("attempt"),
    _text("unit"),
    _text("run"),
    _text("at"),
    _text("code"),
    Index("attempt_of_run", "run"),
)

LEASE = Table(
    "lease",
    METADATA,
    Column("unit", Text, primary_key=True),
    Column("partition", Text, primary_key=True),
    _number("attempt"),
    _text("until"),
    sqlite_with_rowid=False,
)

VERSION = Table(
    "version",
    METADATA,
    _key("version"),
    _text("table_name"),
    _number("attempt"),
    _text("fingerprint"),
    _text("at"),
    Column("collected_at", Text),
    Index("version_of_table", "table_name", "version"),
)

VERSION_READ = Table(
    "version_read",
    METADATA,
    _number("version"),
    _text("table_name"),
    _text("first"),
    _text("last"),
    _number("snapshot"),
    Column("window_days", Integer),
    _text("since"),
    Index("version_read_of_version", "version"),
)

CENSUS = Table(
    "census",
    METADATA,
    Column("version", Integer, primary_key=True),
    Column("partition", Text, primary_key=True),
    _number("row_count"),
    _text("content"),
    sqlite_with_rowid=False,
)

CHECK_COUNT = Table(
    "check_count",
    METADATA,
    _number("version"),
    _text("check_name"),
    _text("severity"),
    _number("passed"),
    _number("failed"),
    _number("unknown"),
    Index("check_count_of_version", "version"),
)

FINDING = Table(
    "finding",
    METADATA,
    _number("version"),
    _text("partition"),
    _text("check_name"),
    _text("severity"),
    _text("answer"),
    _text("found"),
    _text("needed"),
    Index("finding_of_version", "version", "partition"),
)

PUBLICATION = Table(
    "publication",
    METADATA,
    _key("publication"),
    _number("attempt"),
    _text("unit"),
    _text("at"),
    _number("partitions"),
    _text("kind"),
    _text("reason"),
    Index("publication_of_attempt", "attempt"),
)

PUBLICATION_MOVE = Table(
    "publication_move",
    METADATA,
    Column("table_name", Text, primary_key=True),
    Column("publication", Integer, primary_key=True, autoincrement=False),
    _text("first"),
    _text("last"),
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
    _number("checked"),
    Index("pointer_since", "since"),
    Index("pointer_at_version", "version"),
    sqlite_with_rowid=False,
)

EXPECTATION = Table(
    "expectation",
    METADATA,
    Column("partition", Text, primary_key=True),
    Column("since", Integer, primary_key=True),
    _text("state"),
    Column("is_expected", Boolean, nullable=False),
    Column("until", Integer),
    _number("flipped"),
    Column("identity", Text),
    Column("phase", Text),
    Index("expectation_of_identity", "identity"),
    sqlite_with_rowid=False,
)

EVENT = Table(
    "event",
    METADATA,
    _key("event"),
    _text("at"),
    _text("run"),
    _text("table_name"),
    _text("partition"),
    _text("kind"),
    _text("subject"),
    _text("found"),
    _text("needed"),
    Index("event_of_partition", "table_name", "partition", "at"),
)

ARRIVAL = Table(
    "arrival",
    METADATA,
    _key("version"),
    _text("file"),
    _text("reader"),
    _number("rejected"),
    _text("digest"),
    _number("landing"),
)

TOMBSTONE = Table(
    "tombstone",
    METADATA,
    Column("table_name", Text, primary_key=True),
    Column("partition", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("since", Integer, primary_key=True, autoincrement=False),
    Column("until", Integer),
    _text("reason"),
    _number("row_count"),
    _text("content"),
    sqlite_with_rowid=False,
)

WAIVER = Table(
    "waiver",
    METADATA,
    Column("partition", Text, primary_key=True),
    Column("since", Integer, primary_key=True, autoincrement=False),
    _text("reason"),
    _text("by_whom"),
    Column("is_undo", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

DESCRIPTION = Table(
    "description",
    METADATA,
    _key("description"),
    _text("table_name"),
    _text("reader"),
    _text("file"),
    _text("digest"),
    _text("columns"),
    Column("version", Integer),
    _text("accepted"),
    _text("at"),
    Index("description_of_reader", "table_name", "reader"),
)

ALIAS = Table(
    "alias",
    METADATA,
    _key("alias"),
    _text("kind"),
    _text("given"),
    _text("in_group"),
    _text("official"),
    _text("reason"),
    _text("by_whom"),
    _text("at"),
    Column("ended_at", Text),
    _text("ended_by"),
    _text("ended_reason"),
    Index("alias_of_value", "kind", "given", "in_group"),
)

WORK = Table(
    "work",
    METADATA,
    Column("unit", Text, primary_key=True),
    Column("partition", Text, primary_key=True),
    _text("run"),
    _text("asked_at"),
    _number("looks"),
    _number("failures"),
    _text("look_at"),
    _text("deadline"),
    Column("ended", Text),
    _text("reason"),
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
    _key("entry"),
    _text("at"),
    _text("kind"),
    _text("run"),
    _text("table_name"),
    _text("first"),
    _text("last"),
    _number("partitions"),
    Column("version", Integer),
    Column("publication", Integer),
    _text("cause"),
    _text("details"),
)

OUTBOX_CURSOR = Table(
    "outbox_cursor",
    METADATA,
    Column("reader", Text, primary_key=True),
    _number("entry"),
    _text("kept"),
    sqlite_with_rowid=False,
)

_OPEN = text("answered_at IS NULL AND rejected = '' AND same_as IS NULL")

MESSAGE = Table(
    "message",
    METADATA,
    _key("number"),
    *(_text(name) for name in ("message", "meaning", "first", "last", "selected", "object")),
    *(_text(name) for name in ("trace", "body", "rejected", "promised", "received_at")),
    _number("deliveries"),
    Column("same_as", Integer),
    Column("taken_at", Text),
    Column("answered_at", Text),
    _text("run"),
    Column("seen_at", Text),
    Index("message_id", "message", unique=True),
    Index("message_promised", "promised"),
    Index(
        "message_open",
        "meaning",
        "number",
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
)

ANSWER_KEPT = Table(
    "answer_kept",
    METADATA,
    Column("key", Text, primary_key=True),
    _text("asked"),
    _text("at"),
    Column("status", Integer),
    _text("body"),
    sqlite_with_rowid=False,
)

PROFILE_NAMES = Table(
    "profile_names",
    METADATA,
    _key("layout"),
    Column("names", Text, nullable=False, unique=True),
)

PROFILE = Table(
    "profile",
    METADATA,
    _number("version"),
    _text("table_name"),
    _text("partition"),
    _text("phase"),
    _number("layout"),
    Column("numbers", LargeBinary, nullable=False),
    Index("profile_of_phase", "table_name", "phase", "partition", "version"),
    Index("profile_of_version", "version", "partition"),
)

COMPARED = Table(
    "compared",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("day", Text, primary_key=True),
    Column("phase", Text, primary_key=True),
    _text("before"),
    _number("at"),
    _number("members_max"),
    _number("members"),
    _text("first"),
    _text("last"),
    _number("judged"),
    _text("why_not"),
    sqlite_with_rowid=False,
)

VERDICT = Table(
    "verdict",
    METADATA,
    _key("verdict"),
    _number("version"),
    _text("partition"),
    _text("statistic"),
    _text("answer"),
    *(Column(name, Float, nullable=False) for name in ("value", "centre", "spread", "score")),
    Column("threshold", Float, nullable=False),
    Index("verdict_of_version", "version", "partition"),
)
