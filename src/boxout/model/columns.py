"""Columns: a name, a type, a unit, what null means, and how the value is computed."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Dtype = Literal["string", "int64", "float64", "boolean", "date", "timestamp"]
Formula: TypeAlias = str | Callable[..., object]
"""How a value is computed, in words; or the function that does, whose docstring says it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    `unit` is the unit of the number, as a reader would say it ("minutes", "percent").
    `null` says what null means; a column without it is never null, and a check keeps it so.
    `formula` is for a column that is computed and not only taken over: what it says stands in
    the documentation, so a function named here has its formula and source in its docstring.
    """

    name: str
    dtype: Dtype
    doc: str
    unit: str | None = None
    null: str | None = None
    formula: Formula | None = None

    @property
    def formula_text(self) -> str:
        """The formula in words; empty when there is none, or a function that does not say it."""
        if self.formula is None or isinstance(self.formula, str):
            return self.formula or ""
        return inspect.getdoc(self.formula) or ""


def text(name: str, doc: str, *, null: str | None = None, formula: Formula | None = None) -> Column:
    """A column of text."""
    return Column(name, "string", doc, null=null, formula=formula)


def count(
    name: str,
    doc: str,
    *,
    unit: str | None = None,
    null: str | None = None,
    formula: Formula | None = None,
) -> Column:
    """A column of whole numbers."""
    return Column(name, "int64", doc, unit=unit, null=null, formula=formula)


def number(
    name: str,
    doc: str,
    *,
    unit: str | None = None,
    null: str | None = None,
    formula: Formula | None = None,
) -> Column:
    """A column of decimal numbers."""
    return Column(name, "float64", doc, unit=unit, null=null, formula=formula)


def flag(name: str, doc: str, *, null: str | None = None, formula: Formula | None = None) -> Column:
    """A column of true and false."""
    return Column(name, "boolean", doc, null=null, formula=formula)


def day(name: str, doc: str, *, null: str | None = None) -> Column:
    """A column of calendar dates."""
    return Column(name, "date", doc, null=null)


def instant(name: str, doc: str, *, null: str | None = None) -> Column:
    """A column of moments in UTC."""
    return Column(name, "timestamp", doc, unit="UTC", null=null)
