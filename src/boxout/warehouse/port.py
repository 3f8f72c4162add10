"""The warehouse: where the rows are. It appends, reads pinned versions, audits, and projects.

Any method may raise StoreUnavailable. Every method may be called from several threads at once;
what one thread has staged is its own.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeAlias

from boxout.model import Table


class Pinned(NamedTuple):
    """The rows that a name in the SQL stands for: of a table, by (partition, version).

    With `read_by`, (as_of, first, last) for each date that reads a range of them, each row
    is there once per reader, and carries the column `as_of`.
    """

    table: Table
    pairs: Sequence[tuple[str, int]]
    read_by: Sequence[tuple[str, str, str]] | None = None


Pins: TypeAlias = Mapping[str, Pinned]
"""What each name in the SQL stands for."""

Move: TypeAlias = tuple[str, str, int | None, int]
"""(table, partition, version, since): a pointer set by publication `since`; None is withdrawn."""

Row: TypeAlias = dict[str, Any]
"""Column name to value."""


class Stray(NamedTuple):
    """Something in a warehouse that is not as its pipeline declares it.

    `is_shown` when readers see it in the place of what was published; otherwise it is only there.
    """

    name: str
    found: str
    needed: str
    is_shown: bool


class Standing(NamedTuple):
    """What the public views show: a publication, and its mark in the ledger; 0 for one not told."""

    publication: int
    mark: int


class Interrupted(Exception):
    """The version that was worked on has been stopped; no row of it is kept."""


class Warehouse(Protocol):
    """What the engine needs of a warehouse."""

    dialect: str
    staging_dialect: str
    """Of what is asked of rows that are staged; all else is asked in `dialect`."""

    def append(
        self, table: Table, version: int, sql: str, shaped: Mapping[str, str], pins: Pins
    ) -> None:
        """Append what the SQL selects over exactly the pinned rows, as one version.

        All rows or none. Interrupted when the version is stopped, ValueError when it has rows.
        """
        ...

    def audit(self, sql: str, bound: Mapping[str, tuple[Table, int]]) -> list[Row]:
        """The rows of a query over whole versions, with `_content` as the hash of each row.

        `_content` is a whole number from 0 to 2**64 - 1. It depends on every value and its
        column; the sum over the rows of a partition tells which rows are there and how often.
        """
        ...

    def contents(
        self, sql: str, table: Table, versions: Sequence[int] | None, first: str, last: str
    ) -> list[Row]:
        """The rows of a query over many versions at once, or over all that there are.

        The query reads them as `held`, each with its `_content` as in an audit and its `_version`;
        of the partitions in the range, and of those rows that name no partition.
        """
        ...

    def stop(self, version: int) -> bool:
        """Stop whatever appends or audits this version, now and later; whether nothing does any more.

        The work that is stopped raises Interrupted in its own thread.
        """
        ...

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """The rows of a query, each as column name to value."""
        ...

    def cut(self) -> tuple[int, dict[tuple[str, str], int | None]]:
        """What readers see, in one look: the publication, and the version of every pointer."""
        ...

    def rows(self, table: Table, at: int | None = None) -> list[Row]:
        """The public rows of a table, in no order: now, or as publication `at` left them.

        StoreUnavailable when `at` is ahead of what is projected, DefinitionError when rows that
        were public then have been dropped.
        """
        ...

    def version_rows(self, table: Table, version: int) -> list[Row]:
        """The rows of one version, public or not, in no order."""
        ...

    def version_columns(self, table: Table, version: int, columns: Sequence[str]) -> Any:
        """These columns of the rows of one version, public or not, as an Arrow table."""
        ...

    def projected(self) -> int:
        """The publication that the public views show."""
        ...

    def standing(self) -> Standing:
        """The same, with the mark by which the ledger that moved them knows it."""
        ...

    def project(
        self, moves: Sequence[Move], upto: int, mark: int = 0, *, after: Standing | None = None
    ) -> bool:
        """Move the pointers forward to `upto`, all or none; never back.

        `moves` are those of every publication after `projected()` up to `upto`, in order; what
        somebody else has moved meanwhile is left as it is. With `after` nothing is moved unless
        the views stand just there: whoever moved them meanwhile may have followed another ledger.
        Gives whether they stood there.
        """
        ...

    def strays(self, tables: Sequence[Table]) -> list[Stray]:
        """What is there and nobody declared, and what readers see in the place of the declared."""
        ...

    def newest_version(self) -> int:
        """The highest version that any row has, in a table or set aside; 0 when there is none."""
        ...

    def mend(
        self, tables: Sequence[Table], moves: Sequence[Move], upto: int, mark: int = 0
    ) -> None:
        """Set all pointers anew, by every move that there ever was, and show the declared tables.

        All or nothing; no row of any version is touched.
        """
        ...

    def drop(self, table: Table, versions: Sequence[int], before: int) -> None:
        """Delete the rows of versions that nobody needs any more; twice is harmless.

        Pointers to them that ended at or before publication `before` go too, and `rows` then
        refuses the publications they were public in. ValueError, and nothing is deleted, when
        another pointer names one of the versions.
        """
        ...

    def file_columns(self, path: Path) -> list[str]:
        """The columns of a CSV or Parquet file; Withheld when it cannot be read."""
        ...

    def stage(self, columns: str, path: Path, typed: str) -> None:
        """Read a file as text, `columns` chosen and named, through the SQL of a reader."""
        ...

    def came(self, rows_max: int) -> dict[str, list[str | None]]:
        """The texts of the file that was staged, by column: of at most so many rows, evenly spread.

        Asked before anything is set aside.
        """
        ...

    def set_aside(
        self,
        table: Table,
        file: str,
        judged: str,
        *,
        reader: str = "",
        at: str = "",
        version: int | None = None,
    ) -> dict[str, int]:
        """Move the staged rows that have a reason into quarantine; how many, by reason.

        A row of the file that is there already is not put there twice: it has the new reason,
        and waits again. What is set aside belongs to the landing `version`, or without one to
        the version that is kept next. Rows from `stage_kept` are not set aside.
        """
        ...

    def latest_set_aside(self, lines_max: int) -> list[Row]:
        """What this thread set aside last: reason, part (the partition, or None), rows, lines."""
        ...

    def quarantine(self) -> list[Row]:
        """Every row that was ever set aside.

        table, file, line, reason, original (JSON), reader, part (its partition, or None), value
        and groups (of what could not be resolved), since, version (its landing), publication
        (that took it in), superseded (the version that came for its partition instead).
        """
        ...

    def columns_set_aside(self, table: Table, version: int) -> list[str]:
        """The columns that the rows have which a landing set aside; none when it set none aside."""
        ...

    def stage_again(self, table: Table, version: int, columns: Sequence[str], typed: str) -> None:
        """Stage the rows that a landing set aside, as text, through the SQL of a reader."""
        ...

    def stage_kept(self, table: Table, pairs: Sequence[tuple[str, int]]) -> None:
        """Put the rows of these (partition, version) beside what is staged, without a line."""
        ...

    def unstage(self, column: str, partitions: Sequence[str]) -> None:
        """Take the rows of these partitions out of what is staged."""
        ...

    def staged_lines(self, column: str) -> dict[str | None, list[int]]:
        """The lines of the staged rows, by partition, but for those from `stage_kept`."""
        ...

    def take_in(self, table: Table, version: int, lines: Sequence[int], publication: int) -> None:
        """Say of rows that a landing set aside which publication took them in."""
        ...

    def leave(self, table: Table, version: int, lines: Sequence[int], by: int) -> None:
        """Say of rows that a landing set aside that version `by` has come instead."""
        ...

    def supersede(self, table: Table, partitions: Sequence[str], by: int) -> None:
        """The same of all that waits from versions before `by`, in these partitions."""
        ...

    def staged_partitions(self, column: str) -> list[str]:
        """The partitions of the staged rows."""
        ...

    def keep_staged(self, table: Table, version: int) -> None:
        """Append the staged rows as one version; they are staged no longer."""
        ...

    def taken_out(self, table: Table, versions: Sequence[int]) -> Any:
        """The rows of these versions, with their `_version`, as an Arrow table."""
        ...

    def keep_copied(self, table: Table, versions: Sequence[int], rows: Any) -> None:
        """Keep rows that were taken out of another warehouse; what these versions had gives way.

        ValueError in a warehouse in which anything was ever public.
        """
        ...

    def bring_in_quarantine(self, rows: Sequence[Row]) -> None:
        """The same of everything that was set aside, as `quarantine` gives it."""
        ...

    def begin_history(self, table: Table, publication: int) -> None:
        """Let `rows` refuse what was before this publication: not every row of it was brought in."""
        ...
