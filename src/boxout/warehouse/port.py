"""The warehouse: where the rows are. It appends, reads pinned versions, audits, and projects."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from boxout.model import Table

Pins: TypeAlias = Mapping[str, tuple[Table, Sequence[tuple[str, int]]]]
"""Per name in the SQL: the table and the (partition, version) pairs whose rows it stands for."""


class Warehouse(Protocol):
    """What the engine needs of a warehouse."""

    dialect: str

    def append(
        self, table: Table, version: int, sql: str, shaped: Mapping[str, str], pins: Pins
    ) -> None:
        """Append what the SQL selects over exactly the pinned rows, as one version."""
        ...

    def audit(self, sql: str, bound: Mapping[str, tuple[Table, int]]) -> list[dict[str, Any]]:
        """The rows of a query over whole versions, with `_content` as the hash of each row."""
        ...

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a query, each as column name to value."""
        ...

    def projected(self) -> int:
        """The publication that the public views show."""
        ...

    def project(self, moves: Sequence[tuple[str, str, int | None, int]], upto: int) -> None:
        """Move the pointers forward to `upto`, all in one transaction; never back."""
        ...

    def file_columns(self, path: Path) -> list[str]:
        """The columns of a CSV or Parquet file; Withheld when it cannot be read."""
        ...

    def stage(self, columns: str, path: Path, typed: str) -> None:
        """Read a file as text, `columns` chosen and named, through the SQL of a reader."""
        ...

    def set_aside(self, table: Table, file: str, judged: str) -> dict[str, int]:
        """Move the staged rows that have a reason into quarantine; how many, by reason."""
        ...

    def staged_partitions(self, column: str) -> list[str]:
        """The partitions of the staged rows."""
        ...

    def keep_staged(self, table: Table, version: int) -> None:
        """Append the staged rows as one version."""
        ...
