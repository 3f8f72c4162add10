"""What happened is kept for those who are told of it, each at its own pace."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing is told of what happened before."""
    op.create_table(
        "outbox",
        sa.Column("entry", sa.Integer, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("run", sa.Text, nullable=False),
        sa.Column("table_name", sa.Text, nullable=False),
        sa.Column("first", sa.Text, nullable=False),
        sa.Column("last", sa.Text, nullable=False),
        sa.Column("partitions", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("publication", sa.Integer),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
    )
    op.create_table(
        "outbox_cursor",
        sa.Column("reader", sa.Text, primary_key=True),
        sa.Column("entry", sa.Integer, nullable=False),
        sa.Column("kept", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
