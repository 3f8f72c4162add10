"""Alembic's way in: the steps run on the connection, and in the transaction, that open() holds."""

from typing import Any

from alembic import context
from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles

from boxout.ledger.schema import METADATA


@compiles(Text, "postgresql")
def _by_code(_: Text, __: Any, **___: Any) -> str:
    """Partitions sort by their characters' codes, whatever language the server speaks."""
    return 'TEXT COLLATE "C"'


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
context.run_migrations()
