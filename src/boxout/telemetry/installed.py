"""The extra that telemetry stands on."""

from importlib.util import find_spec
from typing import Final

from boxout.errors import DefinitionError

INSTALL: Final = "Telemetry needs some packages more: pip install 'boxout[telemetry]'"


def need(*packages: str) -> None:
    """DefinitionError, with the command to install it, where one of them is not there."""
    if any(find_spec(name) is None for name in packages):
        raise DefinitionError(INSTALL)
