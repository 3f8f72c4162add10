"""Modules that cost a noticeable share of a second to import, loaded at first use.

`boxout status` must answer before a person wonders; it needs neither Ibis nor DuckDB.
"""

import importlib
from types import ModuleType
from typing import Any


class Deferred:
    """Stands for a module and imports it when its first attribute is asked for."""

    __slots__ = ("_module", "_name")

    def __init__(self, name: str) -> None:
        self._name = name
        self._module: ModuleType | None = None

    def __getattr__(self, attribute: str) -> Any:
        if self._module is None:
            self._module = importlib.import_module(self._name)
        return getattr(self._module, attribute)


def deferred(name: str) -> Any:
    """The module `name`, imported at first use."""
    return Deferred(name)
