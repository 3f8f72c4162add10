"""Values as JSON knows them."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """The value in what JSON knows: named tuples and records by name, dates and others as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    named = _names(value)
    if named:
        return {name: plain(getattr(value, name)) for name in named}
    is_many = isinstance(value, list | tuple | set | frozenset)
    return [plain(one) for one in value] if is_many else str(value)


def _number(value: float | Decimal) -> float | str | None:
    """A decimal that no float equals stays text, to the last digit."""
    if not math.isfinite(value):
        return None
    return float(value) if Decimal(str(float(value))) == Decimal(str(value)) else str(value)


def _names(value: Any) -> Sequence[str]:
    return getattr(value, "_fields", None) or list(getattr(value, "__dataclass_fields__", ()))
