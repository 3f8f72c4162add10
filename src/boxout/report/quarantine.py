"""What is in quarantine, grouped for people, and what waits to be resolved."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from boxout.model import Directory, Pipeline

LIKELY_MAX: Final = 3

Aside = Mapping[str, Any]
"""One row of quarantine, as the warehouse gives it."""


class Filter(NamedTuple):
    """Which rows of quarantine are meant; what is empty does not matter.

    `reason` is a part of the reason, `where` a partition or the date it begins with.
    """

    table: str = ""
    file: str = ""
    reason: str = ""
    where: str = ""

    def takes(self, row: Aside) -> bool:
        """Whether the row is meant."""
        return (
            self.table in {"", row["table"]}
            and self.file in {"", row["file"]}
            and self.reason.lower() in row["reason"].lower()
            and (not self.where or (row["part"] or "").startswith(self.where))
        )


class Counted(NamedTuple):
    """Rows of one table and file with one reason: how many, since when, what became of them.

    The rows wait, or a publication took them in, or a later arrival came for their partition.
    """

    table: str
    file: str
    reason: str
    rows: int
    waiting: int
    taken_in: int
    replaced: int
    since: str


class Unresolved(NamedTuple):
    """A value that rows wait with: how many, in which files and groups, and who may be meant."""

    kind: str
    value: str
    reason: str
    rows: int
    files: tuple[str, ...]
    groups: tuple[str, ...]
    since: str
    likely: tuple[str, ...]


def is_waiting(row: Aside) -> bool:
    """Whether no publication took the row in and no later arrival came instead."""
    return row["publication"] is None and row["superseded"] is None


def counted(rows: Iterable[Aside]) -> list[Counted]:
    """The rows by table, file and reason."""
    groups: dict[tuple[str, str, str], list[Aside]] = {}
    for row in rows:
        groups.setdefault((row["table"], row["file"], row["reason"]), []).append(row)
    return [Counted(*key, len(of), *_states(of), _since(of)) for key, of in sorted(groups.items())]


def _states(rows: Sequence[Aside]) -> tuple[int, int, int]:
    waiting = sum(map(is_waiting, rows))
    taken = sum(row["publication"] is not None for row in rows)
    return waiting, taken, len(rows) - waiting - taken


def _since(rows: Iterable[Aside]) -> str:
    return min(row["since"] for row in rows)


def unresolved_rows(pipeline: Pipeline, directory: Directory, rows: Iterable[Aside]) -> list[Aside]:
    """The rows that wait, or waited, to be resolved by this directory."""
    readers = {one.name for one in pipeline.readers
               if one.resolves and one.resolves.directory.name == directory.name}  # fmt: skip
    return [row for row in rows if row["value"] is not None and row["reader"] in readers]


def unresolved(
    directory: Directory, rows: Iterable[Aside], known: Iterable[tuple[str, str]]
) -> list[Unresolved]:
    """What waits, by value, most rows first; `known` are (value, group)."""
    groups: dict[tuple[str, str], list[Aside]] = {}
    for row in filter(is_waiting, rows):
        groups.setdefault((row["value"], row["reason"]), []).append(row)
    names = list(known)
    found = [_unresolved(directory, *key, of, names) for key, of in groups.items()]
    return sorted(found, key=lambda one: (-one.rows, one.value))


def _unresolved(
    directory: Directory,
    value: str,
    reason: str,
    rows: Sequence[Aside],
    known: Sequence[tuple[str, str]],
) -> Unresolved:
    groups = {group for row in rows for group in (row["groups"] or "").split("/") if group}
    near = {name for name, group in known if not groups or group in groups} - {value}
    files = tuple(sorted({row["file"] for row in rows}))
    said = (tuple(sorted(groups)), _since(rows), likely(value, near))
    return Unresolved(directory.name, value, reason, len(rows), files, *said)


def likely(value: str, names: Iterable[str]) -> tuple[str, ...]:
    """Names that may be meant: those that begin or end with the value, then the closest."""
    known = sorted(names)
    parts = [name for name in known if value and (name.endswith(value) or name.startswith(value))]
    close = get_close_matches(value, known, n=LIKELY_MAX)
    return tuple(dict.fromkeys([*parts, *close]))[:LIKELY_MAX]
