"""Bringing in a season: round by round, whatever is not in the folder yet."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from boxout.errors import SourceUnavailable
from boxout.importing.folder import Folder
from boxout.importing.polite import Polite
from boxout.model import Request, Unanswered, Wanted

IN_A_ROW_MAX: Final = 3
"""So many requests without an answer, one after the other, are no matter of one request."""

Watch = Callable[[str, int], AbstractContextManager[Any]]
"""Shows how far a round is, for as long as the block runs."""


@dataclass(slots=True)
class Brought:
    """The answers in the folder, those that were there before, and those that could not be had."""

    files: list[Path] = field(default_factory=list)
    kept: int = 0
    lacking: dict[str, str] = field(default_factory=dict)


def bring(
    polite: Polite,
    wanted: Wanted,
    folder: Folder,
    watch: Watch,
    *,
    skip: Collection[str] = (),
    since: datetime | None = None,
) -> Brought:
    """Ask for all that is not in the folder, or not since `since`; each answer is kept at once.

    SourceUnavailable when the source does not answer or refuses: what is in the folder stays, and
    the next call asks for the rest.
    """
    brought = Brought()

    def read(request: Request) -> bytes:
        if request.file in brought.lacking:
            raise _stopped(polite, folder, brought, brought.lacking[request.file])
        return folder.read(request)

    for name, plan in polite.importer.rounds.items():
        if name not in skip:
            requests = plan(wanted, read)
            with watch(name, len(requests)) as count:
                for path in count.each(_round(polite, requests, folder, brought, since)):
                    brought.files.extend(path)
    return brought


def _round(
    polite: Polite,
    requests: Sequence[Request],
    folder: Folder,
    brought: Brought,
    since: datetime | None,
) -> Iterator[tuple[Path, ...]]:
    """The file of each request, none where the answer could not be had."""
    in_a_row = 0
    for request in requests:
        if folder.has(request, since):
            brought.kept += 1
            yield (folder.place(request),)
            continue
        try:
            folder.keep(request, polite.answer(request))
        except Unanswered as error:
            in_a_row += 1
            brought.lacking[request.file] = str(error)
            if not error.is_of_one or in_a_row == IN_A_ROW_MAX:
                raise _stopped(polite, folder, brought, str(error)) from error
            yield ()
        else:
            in_a_row = 0
            yield (folder.place(request),)


def _stopped(polite: Polite, folder: Folder, brought: Brought, reason: str) -> SourceUnavailable:
    return SourceUnavailable(
        f"{polite.importer.name}: {reason}. Stopped after request {polite.requests}; nothing was"
        f" landed. Whole answers in {folder.path}: {len(brought.files)}. Run it again later: only"
        " what is missing is asked."
    )
