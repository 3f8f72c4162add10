"""The rows in memory: programs in Python instead of SQL, for simulations and tests."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from threading import RLock, local
from typing import Any, NoReturn, TypeAlias

from boxout.deferred import deferred
from boxout.errors import Withheld
from boxout.model import Table
from boxout.model.inputs import AS_OF
from boxout.warehouse.memory_pointers import Pointers
from boxout.warehouse.memory_quarantine import aside, is_waiting
from boxout.warehouse.port import Move, Pinned, Pins, Row, Standing, Stray
from boxout.warehouse.work import Work

pyarrow = deferred("pyarrow")

Program: TypeAlias = Callable[..., Iterable[Row]]
"""Receives a list of rows by name, and gives rows; it may give them one by one."""

_TYPES: Mapping[str, type] = {
    "string": str,
    "int64": int,
    "float64": float,
    "boolean": bool,
    "date": date,
    "timestamp": datetime,
}


_ARROW: Mapping[str, str] = {
    "string": "string",
    "int64": "int64",
    "float64": "double",
    "boolean": "bool",
    "date": "date32",
    "timestamp": "timestamp[us]",
}


class MemoryWarehouse:
    """Forgets everything with the process; where others take SQL, it takes the name of a program.

    A query's program receives the public rows of every table, and the parameters by name. With
    `is_typed` false, rows may hold anything beside their partition: simulations put symbols there.
    """

    dialect = "python"
    staging_dialect = "python"

    def __init__(self, programs: Mapping[str, Program], *, is_typed: bool = True) -> None:
        self._programs = programs
        self._is_typed = is_typed
        self._lock = RLock()
        self._work = Work()
        self._staging = local()
        self._rows: dict[tuple[str, int], dict[str, list[Row]]] = {}
        self._pointers = Pointers()
        self._aside: list[Row] = []

    def close(self) -> None:
        """Nothing is held."""

    def append(
        self, table: Table, version: int, sql: str, shaped: Mapping[str, str], pins: Pins
    ) -> None:
        with self._at_work([version]):
            bound = {name: self._pinned(of) for name, of in pins.items()}
            bound |= {name: list(self._programs[text](bound)) for name, text in shaped.items()}
            self.keep_rows(table, version, self._given([version], sql, bound))

    def keep_rows(self, table: Table, version: int, rows: Iterable[Row]) -> None:
        """Append these rows as one version."""
        found: dict[str, list[Row]] = {}
        for row in rows:
            kept = _declared(table, row) if self._is_typed else dict(row)
            found.setdefault(kept[table.scheme.column], []).append(kept)
        with self._lock:
            self._work.refuse_stopped([version])
            if self._rows.get((table.name, version)):
                raise ValueError(f"{table}: version {version} has rows already; it never changes")
            self._rows[table.name, version] = found

    def audit(self, sql: str, bound: Mapping[str, tuple[Table, int]]) -> list[Row]:
        versions = [version for _, version in bound.values()]
        with self._at_work(versions):
            rows = {
                name: [row | {"_content": _content(row)} for row in self.version_rows(*of)]
                for name, of in bound.items()
            }
            return self._given(versions, sql, rows)

    def contents(
        self, sql: str, table: Table, versions: Sequence[int] | None, first: str, last: str
    ) -> list[Row]:
        with self._lock:
            asked = [v for name, v in self._rows if name == table.name]
            found = [v for v in asked if versions is None or v in set(versions)]
            held = [
                row | {"_content": _content(row), "_version": version}
                for version in found
                for row in self.version_rows(table, version)
                if first <= row[table.scheme.column] <= last
            ]
        return list(self._programs[sql]({"held": held}))

    def stop(self, version: int) -> bool:
        return self._work.stop(version)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        public: dict[str, list[Row]] = {}
        with self._lock:
            for (name, partition), version in self._pointers.now().items():
                public.setdefault(name, []).extend(self._partition(name, version, partition))
        return list(self._programs[sql](public, **(parameters or {})))

    def cut(self) -> tuple[int, dict[tuple[str, str], int | None]]:
        with self._lock:
            return self._pointers.projected, self._pointers.now()

    def rows(self, table: Table, at: int | None = None) -> list[Row]:
        with self._lock:
            return [
                row
                for partition, version in self._pointers.at(table.name, at)
                for row in self._partition(table.name, version, partition)
            ]

    def version_rows(self, table: Table, version: int) -> list[Row]:
        found = self._rows.get((table.name, version), {})
        return [dict(row) for of in found.values() for row in of]

    def version_columns(self, table: Table, version: int, columns: Sequence[str]) -> Any:
        with self._at_work([version]):
            rows = self.version_rows(table, version)
        return _as_arrow(table, columns, rows)

    def projected(self) -> int:
        return self._pointers.projected

    def standing(self) -> Standing:
        with self._lock:
            return Standing(self._pointers.projected, self._pointers.mark)

    def project(
        self, moves: Sequence[Move], upto: int, mark: int = 0, *, after: Standing | None = None
    ) -> bool:
        with self._lock:
            is_there = after is None or self.standing() == after
            if is_there:
                self._pointers.move(moves, upto, mark)
            return is_there

    def newest_version(self) -> int:
        with self._lock:
            aside = [int(row["version"] or 0) for row in self._aside]
            return max([version for _, version in self._rows] + aside, default=0)

    def strays(self, tables: Sequence[Table]) -> list[Stray]:
        names = {table.name for table in tables}
        there = sorted({name for name, _ in self._rows} - names)
        return [
            Stray(f"versions.{name}", "a table that nobody declared", "", is_shown=False)
            for name in there
        ]

    def mend(
        self,
        tables: Sequence[Table],  # noqa: ARG002
        moves: Sequence[Move],
        upto: int,
        mark: int = 0,
    ) -> None:
        with self._lock:
            anew = Pointers()
            anew.move(moves, upto, mark)
            self._pointers = anew

    def drop(self, table: Table, versions: Sequence[int], before: int) -> None:
        with self._lock:
            self._pointers.forget(table.name, set(versions), before)
            for version in versions:
                self._rows.pop((table.name, version), None)

    def file_columns(self, path: Path) -> list[str]:
        _no_files(path)

    def stage(self, columns: str, path: Path, typed: str) -> None:  # noqa: ARG002
        _no_files(path)

    def came(self, rows_max: int) -> dict[str, list[str | None]]:  # noqa: ARG002
        _no_files(Path())

    def stage_rows(self, rows: Iterable[Row]) -> None:
        """Stage rows as a reader gives them; each gets its `_line`."""
        self._staging.rows = [{"_line": at, **row} for at, row in enumerate(rows, 1)]
        self._staging.latest = []

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
        staged: list[Row] = self._staging.rows
        told = self._programs[judged]({"staged": staged})
        reasons = {row["_line"]: row["_reason"] for row in told if row["_reason"] is not None}
        latest: list[Row] = []
        for row in staged:
            line = row["_line"]
            if line is not None and line in reasons:
                original = {name: value for name, value in row.items() if name != "_line"}
                key = {"table": table.name, "file": file, "line": line, "original": original}
                said = {"reason": reasons[line], "reader": reader, "version": version}
                said["part"] = row.get(table.scheme.column)
                latest.append(aside(self._aside, key, said, at))
        self._staging.latest = latest
        gone = {row["line"] for row in latest}
        self._staging.rows = [row for row in staged if row["_line"] not in gone]
        return dict(Counter(row["reason"] for row in latest))

    def latest_set_aside(self, lines_max: int) -> list[Row]:
        lines: dict[tuple[str, str | None], list[int]] = {}
        for row in self._staging.latest:
            lines.setdefault((row["reason"], row["part"]), []).append(row["line"])
        return [
            {"reason": reason, "part": part, "rows": len(of), "lines": sorted(of)[:lines_max]}
            for (reason, part), of in lines.items()
        ]

    def quarantine(self) -> list[Row]:
        return [
            {**one, "original": json.dumps(one["original"], default=str)} for one in self._aside
        ]

    def columns_set_aside(self, table: Table, version: int) -> list[str]:
        return list(next((one["original"] for one in self._of(table, version)), ()))

    def stage_again(self, table: Table, version: int, columns: Sequence[str], typed: str) -> None:  # noqa: ARG002
        rows = self._of(table, version)
        self._staging.rows = [{"_line": one["line"], **one["original"]} for one in rows]
        self._staging.latest = []

    def stage_kept(self, table: Table, pairs: Sequence[tuple[str, int]]) -> None:
        self._staging.rows += [{"_line": None, **row} for row in self._pinned(Pinned(table, pairs))]

    def unstage(self, column: str, partitions: Sequence[str]) -> None:
        kept = [row for row in self._staging.rows if row[column] not in set(partitions)]
        self._staging.rows = kept

    def staged_lines(self, column: str) -> dict[str | None, list[int]]:
        found: dict[str | None, list[int]] = {}
        for row in self._staging.rows:
            if row["_line"] is not None:
                found.setdefault(row[column], []).append(row["_line"])
        return found

    def take_in(self, table: Table, version: int, lines: Sequence[int], publication: int) -> None:
        for one in self._of(table, version):
            if one["line"] in lines:
                one["publication"] = publication

    def leave(self, table: Table, version: int, lines: Sequence[int], by: int) -> None:
        for one in self._of(table, version):
            if one["line"] in lines and one["publication"] is None:
                one["superseded"] = by

    def supersede(self, table: Table, partitions: Sequence[str], by: int) -> None:
        for one in self._aside:
            is_earlier = one["table"] == table.name and (one["version"] or by) < by
            if is_earlier and one["part"] in partitions and is_waiting(one):
                one["superseded"] = by

    def _of(self, table: Table, version: int) -> list[Row]:
        return [o for o in self._aside if (o["table"], o["version"]) == (table.name, version)]

    def staged_partitions(self, column: str) -> list[str]:
        return sorted({row[column] for row in self._staging.rows})

    def keep_staged(self, table: Table, version: int) -> None:
        rows = self._staging.rows
        del self._staging.rows
        self.keep_rows(table, version, rows)
        for one in self._staging.latest:
            if one["version"] is None:
                one["version"] = version

    def taken_out(self, table: Table, versions: Sequence[int]) -> Any:
        rows = [r | {"_version": v} for v in versions for r in self.version_rows(table, v)]
        return _as_arrow(table, [*table.column_names, "_version"], rows)

    def keep_copied(self, table: Table, versions: Sequence[int], rows: Any) -> None:
        with self._lock:
            self._refuse_used()
            for version in versions:
                self._rows.pop((table.name, version), None)
            found: dict[int, list[Row]] = {}
            for row in rows.to_pylist():
                found.setdefault(row.pop("_version"), []).append(row)
            for version, of in found.items():
                self.keep_rows(table, version, of)

    def bring_in_quarantine(self, rows: Sequence[Row]) -> None:
        with self._lock:
            self._refuse_used()
            self._aside = [{**row, "original": json.loads(row["original"])} for row in rows]

    def begin_history(self, table: Table, publication: int) -> None:
        with self._lock:
            self._pointers.begin_history(table.name, publication)

    def _refuse_used(self) -> None:
        if self._pointers.projected:
            raise ValueError(f"the warehouse shows publication {self._pointers.projected}")

    def _at_work(self, versions: Sequence[int]) -> AbstractContextManager[None]:
        # A program cannot be interrupted; it is left at the next row that it gives.
        return self._work.on(versions, lambda: None)

    def _given(self, versions: Sequence[int], program: str, bound: Mapping[str, Any]) -> list[Row]:
        rows: list[Row] = []
        for row in self._programs[program](bound):
            self._work.refuse_stopped(versions)
            rows.append(row)
        return rows

    def _pinned(self, of: Pinned) -> list[Row]:
        pairs = dict.fromkeys(of.pairs)
        if of.read_by is None:
            return [row for p, v in pairs for row in self._partition(of.table.name, v, p)]
        return [
            row | {AS_OF: as_of}
            for as_of, first, last in dict.fromkeys(of.read_by)
            for p, version in pairs
            if first <= p <= last
            for row in self._partition(of.table.name, version, p)
        ]

    def _partition(self, name: str, version: int | None, partition: str) -> list[Row]:
        found = {} if version is None else self._rows.get((name, version), {})
        return [dict(row) for row in found.get(partition, ())]


def _as_arrow(table: Table, columns: Sequence[str], rows: Sequence[Row]) -> Any:
    of = {column.name: column.dtype for column in table.columns} | {"_version": "int64"}
    typed = {name: pyarrow.array([row[name] for row in rows], _ARROW[of[name]]) for name in columns}
    return pyarrow.table(typed)


def _declared(table: Table, row: Row) -> Row:
    return {column.name: _typed(column.dtype, row[column.name]) for column in table.columns}


def _typed(dtype: str, value: Any) -> Any:
    if value is None or type(value) is _TYPES[dtype]:
        return value
    if dtype == "float64" and type(value) is int:
        return float(value)
    raise TypeError(f"{value!r} is not of type {dtype}")


def _content(row: Row) -> int:
    text = repr(sorted(row.items())).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest())


def _no_files(path: Path) -> NoReturn:
    raise Withheld(f"{path}: this warehouse reads no files. Nothing was landed.")
