"""A pipeline: its tables, processors, cross checks, calendar and readers, as one value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from boxout.model.checks import CrossCheck
from boxout.model.processors import Processor
from boxout.model.rows import Rows
from boxout.model.tables import Scheme, Table


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which partitions of `scheme` are expected to have rows, and when.

    Read from the source `table`: each row names one partition in the scheme's column and its
    state in the column `state`; rows in a state of `expected_when` are expected to be complete.
    In a state of `never_when` they will not come at all: nobody waits for them. `begins` gives
    the first date of the season, or whatever the calendar counts by, that a date belongs to: no
    window looks back beyond it.

    `identity` is a column that stays with a thing when it moves: two rows with one identity are
    the same thing at two partitions; null is nobody's. `phase` is a column that says which part
    of the season a row belongs to.
    """

    table: Table
    scheme: Scheme
    state: str
    expected_when: frozenset[str]
    never_when: frozenset[str] = frozenset()
    begins: Callable[[str], str] | None = None
    identity: str | None = None
    phase: str | None = None

    def is_never(self, state: str) -> bool:
        """Whether nobody need wait: so the calendar says, or a person, or it is listed no more."""
        return state in self.never_when or state in {"waived", "unlisted"}


@dataclass(frozen=True, slots=True)
class Reader:
    """How a file becomes rows of a source table.

    `needs` are the columns a file must have, by its own names; `read` maps the raw rows (all
    text, with `_line`) to the table's columns; `rejects` names each reason for which a mapped
    row is set aside in quarantine, true where it applies.

    `covers` makes of the first and the last date that a file of the calendar names those that it
    speaks for: a date between these that it does not name has nothing on it. Before its own first
    date and after its last it says so only of dates of which nobody has said anything. None: it
    speaks for the dates that it names.
    """

    name: str
    table: Table
    needs: tuple[str, ...]
    read: Callable[[Rows], Rows]
    rejects: Mapping[str, Callable[[Rows], object]]
    file_patterns: tuple[str, ...] = ()
    covers: Callable[[str, str], tuple[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Everything a project runs: found by its entry point, judged before anything starts."""

    name: str
    processors: tuple[Processor, ...]
    cross_checks: tuple[CrossCheck, ...]
    calendar: Calendar
    sources: tuple[Table, ...]
    readers: tuple[Reader, ...]
