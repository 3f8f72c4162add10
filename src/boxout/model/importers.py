"""Importers: what is asked of a source on the network, and what a whole answer looks like."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class Wanted(NamedTuple):
    """A season, and the first and last date of it; an empty date leaves that side open."""

    season: str
    first: str = ""
    last: str = ""


class Request(NamedTuple):
    """One question, and the file in the import's folder that its answer is kept in.

    `asked` is what the importer's `ask` sends, and what the manifest says was asked. After
    `kept_s` seconds the answer is asked for again; None: it is kept for ever.
    """

    file: str
    asked: Mapping[str, str]
    kept_s: float | None = None


class Unanswered(Exception):
    """There is no answer, for this reason.

    `is_passing`: asking again later may help. `is_of_one`: it says nothing of other requests.
    `wait_s` is how long the source wants to be left alone.
    """

    def __init__(
        self, reason: str, *, is_passing: bool, is_of_one: bool = False, wait_s: float = 0
    ) -> None:
        self.is_passing = is_passing
        self.is_of_one = is_of_one
        self.wait_s = wait_s
        super().__init__(reason)


Ask: TypeAlias = Callable[[Request], bytes]
"""The answer to a request, as it came; Unanswered when there is none. The only way to the network."""

Read: TypeAlias = Callable[[Request], bytes]
"""The kept answer to a request of an earlier round."""

Round: TypeAlias = Callable[[Wanted, Read], Sequence[Request]]
"""What is to be asked, by what the rounds before have brought."""


@dataclass(frozen=True, slots=True)
class Importer:
    """How a season is brought in from a source; found by its entry point.

    `rounds` are asked in their order, by name. `connect` opens the way to the source;
    ImportError, with the install command, when a package is lacking. `fault` says why an answer
    is not whole, None when it is. `refuses` says why nothing of the kind can be asked, None when
    it can. At least `pause_s` seconds lie between two requests.
    """

    name: str
    rounds: Mapping[str, Round]
    connect: Callable[[], Ask]
    fault: Callable[[Request, bytes], str | None]
    refuses: Callable[[Wanted], str | None]
    pause_s: float
