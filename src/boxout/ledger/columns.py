"""What the tables of the ledger's schema are made of."""

from typing import Any

from sqlalchemy import Column, Integer, MetaData, Text, text

METADATA = MetaData()


def words(name: str) -> Column[str]:
    """A text that is always there."""
    return Column(name, Text, nullable=False)


def number(name: str) -> Column[int]:
    """A number that is always there."""
    return Column(name, Integer, nullable=False)


def key(name: str) -> Column[int]:
    """The number that a row is known by."""
    return Column(name, Integer, primary_key=True)


def some(condition: str) -> dict[str, Any]:
    """An index on some rows only, in either database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
