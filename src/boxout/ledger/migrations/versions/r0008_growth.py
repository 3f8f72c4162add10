"""What keeps a ledger of many years quick: indexes, what was dropped, and how far repair has come."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """What was collected so far is named once more, and dropped at the next collection."""
    op.add_column("version", sa.Column("dropped_at", sa.Text))
    _some("version_kept", "version", ["version", "at"], "collected_at IS NULL")
    _some(
        "version_leaving", "version", ["version"], "collected_at IS NOT NULL AND dropped_at IS NULL"
    )
    _some("publication_forced", "publication", ["publication"], "kind = 'forced'")
    op.create_index("census_of_partition", "census", ["partition", "version"])
    op.create_index("finding_of_partition", "finding", ["partition"])
    op.create_index("event_of_run", "event", ["run", "event"])
    op.create_table(
        "followed",
        sa.Column("reader", sa.Text, primary_key=True),
        sa.Column("publication", sa.Integer, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _some(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
