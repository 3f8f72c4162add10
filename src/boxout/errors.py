"""Errors, sorted by what the caller does next. Exit codes use the same list."""

import errno
from collections.abc import Sequence
from typing import ClassVar, Final

OUT_OF_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The numbers of an OSError that says: there is no room for this file."""


class BoxoutError(Exception):
    """An error that Boxout raises on purpose; anything else is a bug."""

    exit_code: ClassVar[int] = 1
    next_step: ClassVar[str] = "report it, with the traceback"


class DefinitionError(BoxoutError):
    """The pipeline, the project file or the request is wrong as written: mend it."""

    exit_code: ClassVar[int] = 2
    next_step: ClassVar[str] = "mend the definition or the request"

    def __init__(self, faults: str | Sequence[str]) -> None:
        self.faults = (faults,) if isinstance(faults, str) else tuple(faults)
        super().__init__(_listed(self.faults))


class NotReady(BoxoutError):
    """An input is missing or incomplete: it is asked again when it has arrived."""

    exit_code: ClassVar[int] = 3
    next_step: ClassVar[str] = "wait: an input is missing or incomplete"


class Withheld(BoxoutError):
    """Something was refused: it failed a check and is not public."""

    exit_code: ClassVar[int] = 4
    next_step: ClassVar[str] = "look: something failed a check and is not public"


class StoreUnavailable(BoxoutError):
    """The ledger or the warehouse cannot be used now: try again."""

    exit_code: ClassVar[int] = 5
    next_step: ClassVar[str] = (
        "the ledger or the warehouse cannot be used now: mend what the message names, or try again"
    )


class OtherHistory(StoreUnavailable):
    """What the warehouse shows is no state that this ledger was ever in: one went back in time."""

    next_step: ClassVar[str] = (
        "ledger and warehouse are of two histories: look with audit, then mend one of them"
    )


class SourceUnavailable(StoreUnavailable):
    """A source on the network does not answer, or refuses: try again later."""

    next_step: ClassVar[str] = "the source on the network cannot be asked now: try again later"


class ChannelUnavailable(StoreUnavailable):
    """A channel does not take what it is told: it is kept, and sent at the next try."""

    next_step: ClassVar[str] = "a channel takes nothing now: what it lacks is kept; try again later"


def _listed(faults: Sequence[str]) -> str:
    if len(faults) == 1:
        return faults[0]
    return "\n".join([f"{len(faults)} faults:", *(f"  - {fault}" for fault in faults)])
