"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    _runs()
    _versions()
    _audits()
    _publications()
    _pointers()
    _expectations()
    _refusals()
    _stories()
    _asked()
    _names()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True)


def _runs() -> None:
    op.create_table(
        "run",
        sa.Column("run", sa.Text, primary_key=True),
        _text("request"),
        _text("began_at"),
        sa.Column("ended_at", sa.Text),
        sa.Column("summary", sa.Text),
    )
    op.create_table(
        "attempt", _key("attempt"), _text("unit"), _text("run"), _text("at"), _text("code")
    )
    op.create_index("attempt_of_run", "attempt", ["run"])
    op.create_table(
        "lease",
        sa.Column("unit", sa.Text, primary_key=True),
        sa.Column("partition", sa.Text, primary_key=True),
        _number("attempt"),
        _text("until"),
        sqlite_with_rowid=False,
    )


def _versions() -> None:
    op.create_table(
        "version",
        _key("version"),
        _text("table_name"),
        _number("attempt"),
        _text("fingerprint"),
        _text("at"),
        sa.Column("collected_at", sa.Text),
    )
    op.create_index("version_of_table", "version", ["table_name", "version"])
    op.create_table(
        "version_read",
        _number("version"),
        _text("table_name"),
        _text("first"),
        _text("last"),
        _number("snapshot"),
        sa.Column("window_days", sa.Integer),
        _text("since"),
    )
    op.create_index("version_read_of_version", "version_read", ["version"])
    op.create_table(
        "arrival",
        _key("version"),
        _text("file"),
        _text("reader"),
        _number("rejected"),
        _text("digest"),
        _number("landing"),
    )


def _audits() -> None:
    op.create_table(
        "census",
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("partition", sa.Text, primary_key=True),
        _number("row_count"),
        _text("content"),
        sqlite_with_rowid=False,
    )
    counts = [_number("passed"), _number("failed"), _number("unknown")]
    op.create_table(
        "check_count", _number("version"), _text("check_name"), _text("severity"), *counts
    )
    op.create_index("check_count_of_version", "check_count", ["version"])
    sides = [_text("answer"), _text("found"), _text("needed")]
    op.create_table(
        "finding",
        _number("version"),
        _text("partition"),
        _text("check_name"),
        _text("severity"),
        *sides,
    )
    op.create_index("finding_of_version", "finding", ["version", "partition"])


def _publications() -> None:
    op.create_table(
        "publication",
        _key("publication"),
        _number("attempt"),
        _text("unit"),
        _text("at"),
        _number("partitions"),
        _text("kind"),
        _text("reason"),
    )
    op.create_index("publication_of_attempt", "publication", ["attempt"])
    op.create_table(
        "publication_move",
        sa.Column("table_name", sa.Text, primary_key=True),
        sa.Column("publication", sa.Integer, primary_key=True, autoincrement=False),
        _text("first"),
        _text("last"),
        sqlite_with_rowid=False,
    )


def _pointers() -> None:
    op.create_table(
        "pointer",
        sa.Column("table_name", sa.Text, primary_key=True),
        sa.Column("partition", sa.Text, primary_key=True),
        sa.Column("since", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer),
        sa.Column("until", sa.Integer),
        sa.Column("basis", sa.Integer),
        _number("checked"),
        sqlite_with_rowid=False,
    )
    op.create_index("pointer_since", "pointer", ["since"])
    op.create_index("pointer_at_version", "pointer", ["version"])


def _expectations() -> None:
    op.create_table(
        "expectation",
        sa.Column("partition", sa.Text, primary_key=True),
        sa.Column("since", sa.Integer, primary_key=True),
        _text("state"),
        sa.Column("is_expected", sa.Boolean, nullable=False),
        sa.Column("until", sa.Integer),
        _number("flipped"),
        sa.Column("identity", sa.Text),
        sa.Column("phase", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_index("expectation_of_identity", "expectation", ["identity"])


def _refusals() -> None:
    op.create_table(
        "tombstone",
        sa.Column("table_name", sa.Text, primary_key=True),
        sa.Column("partition", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("since", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("until", sa.Integer),
        _text("reason"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "waiver",
        sa.Column("partition", sa.Text, primary_key=True),
        sa.Column("since", sa.Integer, primary_key=True, autoincrement=False),
        _text("reason"),
        _text("by_whom"),
        sqlite_with_rowid=False,
    )


def _stories() -> None:
    words = ["at", "run", "table_name", "partition", "kind", "subject", "found", "needed"]
    op.create_table("event", _key("event"), *(_text(word) for word in words))
    op.create_index("event_of_partition", "event", ["table_name", "partition", "at"])


def _asked() -> None:
    op.create_table(
        "work",
        sa.Column("unit", sa.Text, primary_key=True),
        sa.Column("partition", sa.Text, primary_key=True),
        _text("run"),
        _text("asked_at"),
        _number("looks"),
        _number("failures"),
        _text("look_at"),
        _text("deadline"),
        sa.Column("ended", sa.Text),
        _text("reason"),
        sqlite_with_rowid=False,
    )
    op.create_index("work_look", "work", ["look_at"])
    keys = ["table_name", "unit", "partition", "first", "last"]
    op.create_table(
        "work_on",
        *(sa.Column(key, sa.Text, primary_key=True) for key in keys),
        sqlite_with_rowid=False,
    )
    op.create_index("work_on_of_work", "work_on", ["unit", "partition"])


def _names() -> None:
    words = ["kind", "given", "in_group", "official", "reason", "by_whom", "at"]
    op.create_table(
        "alias",
        _key("alias"),
        *(_text(word) for word in words),
        sa.Column("ended_at", sa.Text),
        _text("ended_by"),
        _text("ended_reason"),
    )
    op.create_index("alias_of_value", "alias", ["kind", "given", "in_group"])
