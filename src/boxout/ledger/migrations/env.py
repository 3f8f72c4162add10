"""Alembic's way in: the steps run on the connection, and in the transaction, that open() holds."""

from alembic import context

from boxout.ledger.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
context.run_migrations()
