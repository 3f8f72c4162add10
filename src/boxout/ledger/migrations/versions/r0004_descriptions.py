"""What the columns of every file looked like."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Files that were landed before have none: the next one finds nothing to compare with."""
    op.create_table(
        "description",
        sa.Column("description", sa.Integer, primary_key=True),
        sa.Column("table_name", sa.Text, nullable=False),
        sa.Column("reader", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("columns", sa.Text, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("accepted", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_index("description_of_reader", "description", ["table_name", "reader"])
