"""The part of the ledger's schema that keeps statistics of versions, and what was said of them."""

from sqlalchemy import Column, Float, Index, Integer, LargeBinary, Table, Text

from boxout.ledger.columns import METADATA, key, number, words

PROFILE_NAMES = Table(
    "profile_names",
    METADATA,
    key("layout"),
    Column("names", Text, nullable=False, unique=True),
)

PROFILE = Table(
    "profile",
    METADATA,
    number("version"),
    words("table_name"),
    words("partition"),
    words("phase"),
    number("layout"),
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
    words("before"),
    number("at"),
    number("members_max"),
    number("members"),
    words("first"),
    words("last"),
    number("judged"),
    words("why_not"),
    sqlite_with_rowid=False,
)

VERDICT = Table(
    "verdict",
    METADATA,
    key("verdict"),
    number("version"),
    words("partition"),
    words("statistic"),
    words("answer"),
    *(Column(name, Float, nullable=False) for name in ("value", "centre", "spread", "score")),
    Column("threshold", Float, nullable=False),
    Index("verdict_of_version", "version", "partition"),
)
