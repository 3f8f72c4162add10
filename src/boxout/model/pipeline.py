"""A pipeline: its tables, processors, cross checks, calendar and readers, as one value."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from boxout.model.baselines import Baseline
from boxout.model.checks import CrossCheck
from boxout.model.directory import Directory, LookUp
from boxout.model.partitions import date_of, look_back
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
    of the season a row belongs to. `zone` is where its dates are counted: today is a date there.
    """

    table: Table
    scheme: Scheme
    state: str
    expected_when: frozenset[str]
    never_when: frozenset[str] = frozenset()
    begins: Callable[[str], str] | None = None
    identity: str | None = None
    phase: str | None = None
    zone: str = "UTC"

    def is_absent(self, state: str) -> bool:
        """Whether the calendar says that this partition is not on its date, now or later."""
        return state in self.never_when or state == "unlisted"

    def since(self, partition: str) -> str:
        """The first date that a window of this partition may reach; empty when there is none."""
        return self.begins(date_of(partition)) if self.begins else ""

    def window(self, partition: str, days: int) -> tuple[str, str]:
        """The range of keys that a window of so many days before a partition holds."""
        return look_back(partition, days, self.since(partition))

    def is_never(self, state: str) -> bool:
        """Whether nobody need wait: so the calendar says, or a person, or it is listed no more."""
        return self.is_absent(state) or state == "waived"


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """How a file becomes rows of a source table.

    `needs` are the columns a file must have, by its own names; `read` maps the raw rows (all
    text, with `_line`) to the table's columns; `rejects` names each reason for which a mapped
    row is set aside in quarantine, true where it applies.

    `covers` makes of the first and the last date that a file of the calendar names those that it
    speaks for: a date between these that it does not name has nothing on it. Before its own first
    date and after its last it says so only of dates of which nobody has said anything. None: it
    speaks for the dates that it names.

    `opens` turns a file that is neither CSV nor Parquet into flat rows; ValueError, or whatever
    its parser raises, when it cannot. `knows` tells by what is in a file, beyond its name, whether
    this reader lands it. With `looks_up`, `read` receives the public rows of that source as its
    second argument: what a file does not say of itself, it may say there. `harmless` names those
    of the rejects that do not speak against the other rows: what they are true of is set aside,
    and counts neither as a fault of the file nor as a gap of a date of the calendar; `foreign`
    those of rows that are of something else altogether, so that their date is as if they were not
    there. With `resolves`, a row whose value is not known to the directory is set aside, and waits to be
    resolved. Two readers are the same when they are one object.
    """

    name: str
    table: Table
    needs: tuple[str, ...]
    read: Callable[..., Rows]
    rejects: Mapping[str, Callable[[Rows], object]]
    file_patterns: tuple[str, ...] = ()
    covers: Callable[[str, str], tuple[str, str]] | None = None
    opens: Callable[[Path], Iterable[Mapping[str, object]]] | None = None
    knows: Callable[[Path], bool] | None = None
    looks_up: Table | None = None
    harmless: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()
    resolves: LookUp | None = None

    @property
    def unresolved(self) -> frozenset[str]:
        """The reasons to set a row aside that say: it waits to be resolved."""
        if self.resolves is None:
            return frozenset()
        return frozenset({self.resolves.directory.unknown, self.resolves.directory.ambiguous})

    @property
    def holds_nothing_back(self) -> frozenset[str]:
        """The reasons to set a row aside that do not speak against the others."""
        return self.harmless | self.foreign | self.unresolved


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Everything a project runs: found by its entry point, judged before anything starts."""

    name: str
    processors: tuple[Processor, ...]
    cross_checks: tuple[CrossCheck, ...]
    calendar: Calendar
    sources: tuple[Table, ...]
    readers: tuple[Reader, ...]
    baseline: Baseline | None = None

    @property
    def directories(self) -> dict[str, Directory]:
        """The directories that its readers look values up in, by name."""
        found = (one.resolves.directory for one in self.readers if one.resolves)
        return {one.name: one for one in found}
