"""The extra that telemetry stands on."""

from importlib.util import find_spec
from typing import Final

from boxout.errors import DefinitionError

INSTALL: Final = "Telemetry needs some packages more: pip install 'boxout[telemetry]'"


def need(*packages: str) -> None:
    """DefinitionError, with the command to install it, where one of them is not there."""
    if not is_installed(*packages):
        raise DefinitionError(INSTALL)


def is_installed(*packages: str) -> bool:
    """Whether all of them are there, asked in their order: a part after its whole."""
    return all(find_spec(name) is not None for name in packages)
