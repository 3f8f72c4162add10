"""The ledger in one SQLite file: WAL, every method one transaction."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boxout.ledger import sql
from boxout.ledger.publishing import publish, requested
from boxout.ledger.records import (
    Census,
    CheckCount,
    Claim,
    Event,
    Expectation,
    Finding,
    Pointer,
    Publication,
    Published,
    Read,
    Version,
)
from boxout.ledger.revisions import bring_forward
from boxout.ledger.store import Store

if TYPE_CHECKING:
    from sqlalchemy import Connection


class SqliteLedger:
    """The authority in one file; threads and processes may share it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, path: Path | str, *, wait_s: float = 30) -> "SqliteLedger":
        """Open the file, or make it, and bring its schema forward."""
        store = Store(path, wait_s)
        bring_forward(store)
        return cls(store)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def begin_run(self, run: str, request: str, now: str) -> None:
        with self._store.writing() as c:
            c.exec_driver_sql(sql.BEGIN_RUN, (run, request, now))

    def end_run(self, run: str, summary: str, now: str) -> None:
        with self._store.writing() as c:
            c.exec_driver_sql(sql.END_RUN, (now, summary, run))

    def claim(
        self, unit: str, partitions: Sequence[str], *, run: str, now: str, until: str
    ) -> Claim:
        asked = list(dict.fromkeys(partitions))
        with self._store.writing() as c:
            attempt = int(c.exec_driver_sql(sql.ATTEMPT, (unit, run, now)).lastrowid)
            _many(c, sql.CLAIM, [(unit, p, attempt, until, now) for p in asked])
            mine = {row[0] for row in _rows(c, sql.HELD, (unit, attempt))}
        held = tuple(p for p in asked if p in mine)
        return Claim(attempt, held, tuple(p for p in asked if p not in mine))

    def release(self, attempt: int) -> None:
        with self._store.writing() as c:
            c.exec_driver_sql(sql.RELEASE, (attempt,))

    def open_version(
        self, attempt: int, table: str, fingerprint: str, reads: Sequence[Read], now: str
    ) -> int:
        with self._store.writing() as c:
            row = (table, attempt, fingerprint, now)
            version = int(c.exec_driver_sql(sql.VERSION, row).lastrowid)
            _many(c, sql.READ, [(version, *read) for read in reads])
        return version

    def record_audit(
        self,
        version: int,
        census: Sequence[Census],
        counts: Sequence[CheckCount],
        findings: Sequence[Finding],
    ) -> None:
        with self._store.writing() as c:
            _many(c, sql.CENSUS, [(version, *one) for one in census])
            _many(c, sql.CHECK_COUNT, [(version, *one) for one in counts])
            _many(c, sql.FINDING, [(version, *one) for one in findings])

    def publish(
        self,
        attempt: int,
        versions: Sequence[int],
        *,
        now: str,
        calendar: Sequence[tuple[str, str, bool]] = (),
        calendar_dates: Sequence[str] = (),
    ) -> Published:
        with self._store.writing() as c:
            request = requested(c, attempt, versions, now)
            return publish(c, request, calendar, calendar_dates)

    def head(self) -> int:
        with self._store.reading() as c:
            return int(c.exec_driver_sql(sql.HEAD).scalar_one())

    def pointers(self, tables: Collection[str], first: str, last: str, at: int) -> list[Pointer]:
        found: list[Pointer] = []
        with self._store.reading() as c:
            for table in sorted(set(tables)):
                found += map(Pointer._make, _rows(c, sql.POINTERS, (table, first, last, at)))
        return found

    def expectations(self, first: str, last: str, at: int) -> list[Expectation]:
        with self._store.reading() as c:
            rows = _rows(c, sql.EXPECTATIONS, (first, last, at))
        return [Expectation(p, state, bool(expected), since) for p, state, expected, since in rows]

    def versions(self, numbers: Collection[int]) -> list[Version]:
        asked = (_listed(numbers),)
        reads: dict[int, list[Read]] = {}
        with self._store.reading() as c:
            rows = _rows(c, sql.VERSIONS, asked)
            for version, *read in _rows(c, sql.READS, asked):
                reads.setdefault(version, []).append(Read(*read))
        return [Version(v, t, a, f, at, tuple(reads.get(v, ()))) for v, t, a, f, at in rows]

    def census(self, version: int, first: str, last: str) -> list[Census]:
        with self._store.reading() as c:
            return list(map(Census._make, _rows(c, sql.CENSUS_OF, (version, first, last))))

    def findings(self, numbers: Collection[int], first: str, last: str) -> list[Finding]:
        with self._store.reading() as c:
            rows = _rows(c, sql.FINDINGS, (_listed(numbers), first, last))
        return list(map(Finding._make, rows))

    def incomplete(self, numbers: Collection[int]) -> dict[tuple[int, str], list[Finding]]:
        found: dict[tuple[int, str], list[Finding]] = {}
        with self._store.reading() as c:
            for version, *row in _rows(c, sql.INCOMPLETE, (_listed(numbers),)):
                found.setdefault((version, row[0]), []).append(Finding(*row))
        return found

    def moves(self, after: int, upto: int) -> list[Pointer]:
        with self._store.reading() as c:
            return list(map(Pointer._make, _rows(c, sql.MOVES, (after, upto))))

    def publications(self, limit: int) -> list[Publication]:
        with self._store.reading() as c:
            return list(map(Publication._make, _rows(c, sql.PUBLICATIONS, (limit,))))

    def history(self, table: str, partition: str) -> list[tuple[Pointer, Publication]]:
        with self._store.reading() as c:
            rows = _rows(c, sql.HISTORY, (table, partition))
        return [(Pointer(*row[:4]), Publication(*row[4:])) for row in rows]

    def latest_versions(self, table: str, partition: str, limit: int) -> list[int]:
        with self._store.reading() as c:
            return [row[0] for row in _rows(c, sql.LATEST_VERSIONS, (table, partition, limit))]

    def record_events(self, events: Sequence[Event]) -> None:
        with self._store.writing() as c:
            _many(c, sql.EVENT, [tuple(one) for one in events])

    def latest_events(self, tables: Collection[str], first: str, last: str) -> list[Event]:
        found: list[Event] = []
        with self._store.reading() as c:
            for table in sorted(set(tables)):
                found += map(Event._make, _rows(c, sql.LATEST_EVENTS, (table, first, last)))
        return found

    def arrival(self, version: int, file: str, reader: str, rejected: int) -> None:
        with self._store.writing() as c:
            c.exec_driver_sql(sql.ARRIVAL, (version, file, reader, rejected))


def _rows(c: "Connection", text: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """The driver's own tuples: a hundred thousand rows are not wrapped one by one."""
    cursor: Any = c.exec_driver_sql(text, values).cursor
    return cursor.fetchall()


def _many(c: "Connection", text: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        c.exec_driver_sql(text, rows)


def _listed(numbers: Collection[int]) -> str:
    return json.dumps(sorted(set(numbers)))
