"""Directories: which values of a column are known, for files that name without an id."""

from collections.abc import Callable
from dataclasses import dataclass

from boxout.model.rows import Measure, Rows
from boxout.model.tables import Table


@dataclass(frozen=True, slots=True)
class Directory:
    """The values of `column` that public rows of `tables` name.

    Each of the tables has the columns `column`, `group` (a value is known within it, as a player
    in his team) and `identity` (what tells two of one value apart). A value is known for a row
    whose date is within `days` of the first and the last date that name it in its group.
    `spelled` brings what a person types into the form of the column.
    """

    name: str
    column: str
    group: str
    identity: str
    tables: tuple[Table, ...]
    days: int
    spelled: Callable[[str], str] = str

    @property
    def unknown(self) -> str:
        """Why a row is set aside whose value nobody public has."""
        return f"unresolved {self.name}"

    @property
    def ambiguous(self) -> str:
        """Why a row is set aside whose value several have."""
        return f"unresolved {self.name}, several have this name"


@dataclass(frozen=True, slots=True)
class LookUp:
    """How the rows of a reader find their value in a directory.

    `groups` gives the groups that a row may belong to, as an array: its team, or the two teams of
    its game.
    """

    directory: Directory
    groups: Callable[[Rows], Measure]
