"""The rows in memory: programs in Python instead of SQL, for simulations and tests."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from threading import RLock
from typing import Any, TypeAlias

from boxout.model import Table
from boxout.warehouse.port import Pins

Row: TypeAlias = dict[str, Any]
Program: TypeAlias = Callable[[Mapping[str, list[Row]]], list[Row]]


class MemoryWarehouse:
    """Forgets everything with the process."""

    dialect = "python"

    def __init__(self, programs: Mapping[str, Program]) -> None:
        self._programs = programs
        self._lock = RLock()
        self._rows: dict[tuple[str, int], list[Row]] = {}
        self._pointers: dict[tuple[str, str], list[tuple[int, int | None]]] = {}
        self._projected = 0

    def append(
        self, table: Table, version: int, sql: str, shaped: Mapping[str, str], pins: Pins
    ) -> None:
        bound = {name: self._pinned(of, pairs) for name, (of, pairs) in pins.items()}
        for name, program in shaped.items():
            bound[name] = self._programs[program](bound)
        self.keep_rows(table, version, self._programs[sql](bound))

    def _pinned(self, table: Table, pairs: Sequence[tuple[str, int]]) -> list[Row]:
        column = table.scheme.column
        return [
            row
            for partition, version in pairs
            for row in self._rows.get((table.name, version), ())
            if row[column] == partition
        ]

    def keep_rows(self, table: Table, version: int, rows: Sequence[Row]) -> None:
        with self._lock:
            self._rows[table.name, version] = list(rows)

    def audit(self, sql: str, bound: Mapping[str, tuple[Table, int]]) -> list[Row]:
        rows = {
            name: [
                row | {"_content": _hash(row)} for row in self._rows.get((table.name, version), ())
            ]
            for name, (table, version) in bound.items()
        }
        return self._programs[sql](rows)

    def projected(self) -> int:
        return self._projected

    def project(self, moves: Sequence[tuple[str, str, int | None, int]], upto: int) -> None:
        with self._lock:
            if upto <= self._projected:
                return
            for table, partition, version, since in moves:
                if since > self._projected:
                    self._pointers.setdefault((table, partition), []).append((since, version))
            self._projected = upto

    def cut(self) -> tuple[int, dict[tuple[str, str], int | None]]:
        with self._lock:
            return self._projected, {key: of[-1][1] for key, of in self._pointers.items()}

    def version_rows(self, table: Table, version: int) -> list[Row]:
        return self._rows.get((table.name, version), [])

    def drop(self, table: Table, versions: Sequence[int], before: int) -> None:
        with self._lock:
            for version in versions:
                self._rows.pop((table.name, version), None)


def _hash(row: Row) -> int:
    return int.from_bytes(
        hashlib.blake2b(repr(sorted(row.items())).encode(), digest_size=8).digest()
    )
