"""The steps that bring a ledger file forward, one after the other; Alembic runs them."""
