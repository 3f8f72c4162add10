"""Messages are kept: what they ask for, what became of it, and why one was rejected."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_OPEN = sa.text("answered_at IS NULL AND rejected = '' AND same_as IS NULL")


def upgrade() -> None:
    """Two new tables, and the order of runs."""
    _messages()
    op.create_table(
        "answer_kept",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("run_began", "run", ["began_at", "run"])


def _messages() -> None:
    op.create_table(
        "message",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("meaning", sa.Text, nullable=False),
        sa.Column("first", sa.Text, nullable=False),
        sa.Column("last", sa.Text, nullable=False),
        sa.Column("selected", sa.Text, nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("trace", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("rejected", sa.Text, nullable=False),
        sa.Column("promised", sa.Text, nullable=False),
        sa.Column("received_at", sa.Text, nullable=False),
        sa.Column("deliveries", sa.Integer, nullable=False),
        sa.Column("same_as", sa.Integer),
        sa.Column("taken_at", sa.Text),
        sa.Column("answered_at", sa.Text),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Text),
    )
    op.create_index("message_id", "message", ["message"], unique=True)
    op.create_index("message_promised", "message", ["promised"])
    op.create_index(
        "message_open",
        "message",
        ["meaning", "number"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
