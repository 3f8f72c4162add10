"""A waiver may be undone: each row is a person's word, and the latest counts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Every word so far was a waiver."""
    op.rename_table("waiver", "waiver_before")
    op.create_table(
        "waiver",
        sa.Column("partition", sa.Text, primary_key=True),
        sa.Column("since", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by_whom", sa.Text, nullable=False),
        sa.Column("is_undo", sa.Boolean, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO waiver SELECT partition, since, reason, by_whom, FALSE FROM waiver_before"
    )
    op.drop_table("waiver_before")
