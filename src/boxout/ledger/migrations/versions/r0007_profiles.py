"""Profiles of versions, what they were held against, and what lay too far from it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing was profiled so far."""
    _profiles()
    _what_was_said()


def _profiles() -> None:
    op.create_table(
        "profile_names",
        sa.Column("layout", sa.Integer, primary_key=True),
        sa.Column("names", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "profile",
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("table_name", sa.Text, nullable=False),
        sa.Column("partition", sa.Text, nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("layout", sa.Integer, nullable=False),
        sa.Column("numbers", sa.LargeBinary, nullable=False),
    )
    op.create_index("profile_of_phase", "profile", ["table_name", "phase", "partition", "version"])
    op.create_index("profile_of_version", "profile", ["version", "partition"])


def _what_was_said() -> None:
    op.create_table(
        "compared",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("phase", sa.Text, primary_key=True),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("at", sa.Integer, nullable=False),
        sa.Column("members_max", sa.Integer, nullable=False),
        sa.Column("members", sa.Integer, nullable=False),
        sa.Column("first", sa.Text, nullable=False),
        sa.Column("last", sa.Text, nullable=False),
        sa.Column("judged", sa.Integer, nullable=False),
        sa.Column("why_not", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "verdict",
        sa.Column("verdict", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("partition", sa.Text, nullable=False),
        sa.Column("statistic", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("value", sa.Float, nullable=False),
        sa.Column("centre", sa.Float, nullable=False),
        sa.Column("spread", sa.Float, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("threshold", sa.Float, nullable=False),
    )
    op.create_index("verdict_of_version", "verdict", ["version", "partition"])
