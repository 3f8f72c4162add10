"""A tombstone says which rows may not come back: those that readers saw, edited by hand or not."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """So far they were the rows of the record."""
    op.rename_table("tombstone", "tombstone_before")
    op.create_table(
        "tombstone",
        sa.Column("table_name", sa.Text, primary_key=True),
        sa.Column("partition", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("since", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("until", sa.Integer),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("row_count", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO tombstone SELECT t.table_name, t.partition, t.version, t.since, t.until,"
        " t.reason, coalesce(c.row_count, 0), coalesce(c.content, '') FROM tombstone_before t"
        " LEFT JOIN census c ON c.version = t.version AND c.partition = t.partition"
    )
    op.drop_table("tombstone_before")
