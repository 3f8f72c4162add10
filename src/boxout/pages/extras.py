"""The packages that make pages and plots. They come with an extra."""

import importlib
from typing import Any, Final

from boxout.errors import DefinitionError

INSTALL: Final = "pip install 'boxout[pages]'"

MODULES: Final = ("altair", "jinja2", "markupsafe", "vl_convert")


def prepared() -> None:
    """Load what pages are made with; DefinitionError when it is not installed.

    Asked before a long computation, so that it is not in vain.
    """
    for name in MODULES:
        needed(name)


def needed(name: str) -> Any:
    """A module of the extra; DefinitionError with the command that installs it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise DefinitionError(
            f"{name} is not installed, and pages are made with it. Nothing was read or written."
            f" Next: {INSTALL}"
        ) from error
