"""Columns: a name, a type, a unit, and what null means."""

from dataclasses import dataclass
from typing import Literal

Dtype = Literal["string", "int64", "float64", "boolean", "date", "timestamp"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `unit` is the unit of the number, as a reader would say it ("minutes", "percent").
    `null` says what null means; a column without it is never null, and a check keeps it so.
    """

    name: str
    dtype: Dtype
    doc: str
    unit: str | None = None
    null: str | None = None


def text(name: str, doc: str, *, null: str | None = None) -> Column:
    """A column of text."""
    return Column(name, "string", doc, null=null)


def count(name: str, doc: str, *, unit: str | None = None, null: str | None = None) -> Column:
    """A column of whole numbers."""
    return Column(name, "int64", doc, unit=unit, null=null)


def number(name: str, doc: str, *, unit: str | None = None, null: str | None = None) -> Column:
    """A column of decimal numbers."""
    return Column(name, "float64", doc, unit=unit, null=null)


def flag(name: str, doc: str, *, null: str | None = None) -> Column:
    """A column of true and false."""
    return Column(name, "boolean", doc, null=null)


def day(name: str, doc: str, *, null: str | None = None) -> Column:
    """A column of calendar dates."""
    return Column(name, "date", doc, null=null)


def instant(name: str, doc: str, *, null: str | None = None) -> Column:
    """A column of moments in UTC."""
    return Column(name, "timestamp", doc, unit="UTC", null=null)
