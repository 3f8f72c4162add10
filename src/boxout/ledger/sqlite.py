"""The ledger in one SQLite file: WAL, every method one transaction."""

from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from boxout.errors import StoreUnavailable
from boxout.ledger import sql
from boxout.ledger.publishing import publish
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
from boxout.ledger.schema import MIGRATIONS


class SqliteLedger:
    """The authority in one file; safe to share between threads and processes."""

    def __init__(self, engine: Engine, path: Path | str) -> None:
        self._engine = engine
        self._path = path

    @classmethod
    def open(cls, path: Path | str, *, wait_s: float = 30) -> "SqliteLedger":
        """Open or create the file and bring its schema forward."""
        engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": wait_s})
        event.listen(engine, "connect", _on_connect)
        ledger = cls(engine, path)
        ledger._migrate()
        return ledger

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _migrate(self) -> None:
        with self._reading() as c:
            known = int(c.exec_driver_sql("PRAGMA user_version").scalar_one())
        if known > len(MIGRATIONS):
            raise StoreUnavailable(f"{self._path} was written by a newer Boxout (schema {known}).")
        if known < len(MIGRATIONS):
            with self._writing() as c:
                known = int(c.exec_driver_sql("PRAGMA user_version").scalar_one())
                for number, step in enumerate(MIGRATIONS[known:], known + 1):
                    for statement in filter(str.strip, step.split(";")):
                        c.exec_driver_sql(statement)
                    c.exec_driver_sql("PRAGMA user_version = " + str(number))

    @contextmanager
    def _reading(self) -> Generator[Connection, None, None]:
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN")
                yield connection
                connection.rollback()
        except DBAPIError as error:
            raise StoreUnavailable(_unavailable(self._path, error)) from error

    @contextmanager
    def _writing(self) -> Generator[Connection, None, None]:
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
                connection.commit()
        except DBAPIError as error:
            raise StoreUnavailable(_unavailable(self._path, error)) from error

    def begin_run(self, run: str, request: str, now: str) -> None:
        with self._writing() as c:
            c.exec_driver_sql("INSERT INTO run VALUES (?, ?, ?, NULL, NULL)", (run, request, now))

    def end_run(self, run: str, summary: str, now: str) -> None:
        with self._writing() as c:
            c.exec_driver_sql(
                "UPDATE run SET ended_at = ?, summary = ? WHERE run = ?", (now, summary, run)
            )

    def claim(
        self, unit: str, partitions: Sequence[str], *, run: str, now: str, until: str
    ) -> Claim:
        with self._writing() as c:
            got = c.exec_driver_sql(
                "INSERT INTO attempt (unit, run, at) VALUES (?, ?, ?)", (unit, run, now)
            )
            attempt = int(got.lastrowid)
            if partitions:
                c.exec_driver_sql(sql.CLAIM, [(unit, p, attempt, until, now) for p in partitions])
            mine = _set(
                c, "SELECT partition FROM lease WHERE unit = ? AND attempt = ?", (unit, attempt)
            )
        held = tuple(p for p in partitions if p in mine)
        return Claim(attempt, held, tuple(p for p in partitions if p not in mine))

    def release(self, attempt: int) -> None:
        with self._writing() as c:
            unit = c.exec_driver_sql(
                "SELECT unit FROM attempt WHERE attempt = ?", (attempt,)
            ).scalar()
            c.exec_driver_sql(
                "UPDATE lease SET until = '' WHERE unit = ? AND attempt = ?", (unit, attempt)
            )

    def open_version(
        self, attempt: int, table: str, fingerprint: str, reads: Sequence[Read], now: str
    ) -> int:
        with self._writing() as c:
            got = c.exec_driver_sql(
                "INSERT INTO version (tbl, attempt, fingerprint, at) VALUES (?, ?, ?, ?)",
                (table, attempt, fingerprint, now),
            )
            version = int(got.lastrowid)
            _many(
                c,
                "INSERT INTO version_read VALUES (?, ?, ?, ?, ?, ?)",
                [(version, *r) for r in reads],
            )
        return version

    def record_audit(
        self,
        version: int,
        census: Sequence[Census],
        counts: Sequence[CheckCount],
        findings: Sequence[Finding],
    ) -> None:
        with self._writing() as c:
            _many(c, "INSERT INTO census VALUES (?, ?, ?, ?)", [(version, *r) for r in census])
            _many(
                c,
                "INSERT INTO check_count VALUES (?, ?, ?, ?, ?, ?)",
                [(version, *r) for r in counts],
            )
            _many(
                c,
                "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(version, *r) for r in findings],
            )

    def publish(
        self,
        attempt: int,
        versions: Sequence[int],
        *,
        now: str,
        calendar: Sequence[tuple[str, str, bool]] = (),
        calendar_dates: Sequence[str] = (),
    ) -> Published:
        with self._writing() as c:
            return publish(c, attempt, versions, now, calendar, calendar_dates)

    def head(self) -> int:
        with self._reading() as c:
            return int(
                c.exec_driver_sql(
                    "SELECT coalesce(max(publication), 0) FROM publication"
                ).scalar_one()
            )

    def pointers(self, tables: Collection[str], first: str, last: str, at: int) -> list[Pointer]:
        with self._reading() as c:
            return [
                Pointer(*row)
                for table in tables
                for row in c.exec_driver_sql(sql.POINTERS, (table, first, last, at, at))
            ]

    def expectations(self, first: str, last: str, at: int) -> list[Expectation]:
        with self._reading() as c:
            rows = c.exec_driver_sql(sql.EXPECTATIONS, (first, last, at, at))
            return [
                Expectation(p, state, bool(is_expected), since)
                for p, state, is_expected, since in rows
            ]

    def versions(self, numbers: Collection[int]) -> list[Version]:
        with self._reading() as c:
            found = []
            for number in sorted(numbers):
                row = c.exec_driver_sql("SELECT * FROM version WHERE version = ?", (number,)).one()
                reads = c.exec_driver_sql("SELECT * FROM version_read WHERE version = ?", (number,))
                found.append(
                    Version(
                        row[0], row[1], row[2], row[3], row[4], tuple(Read(*r[1:]) for r in reads)
                    )
                )
            return found

    def census(self, version: int, first: str, last: str) -> list[Census]:
        text = "SELECT partition, row_count, content FROM census WHERE version = ? AND partition BETWEEN ? AND ?"
        with self._reading() as c:
            return [Census(*row) for row in c.exec_driver_sql(text, (version, first, last))]

    def findings(self, numbers: Collection[int], first: str, last: str) -> list[Finding]:
        text = "SELECT * FROM finding WHERE version = ? AND partition BETWEEN ? AND ?"
        with self._reading() as c:
            return [
                Finding(*row[1:])
                for n in numbers
                for row in c.exec_driver_sql(text, (n, first, last))
            ]

    def incomplete(self, numbers: Collection[int]) -> dict[tuple[int, str], list[Finding]]:
        text = "SELECT * FROM finding WHERE version = ? AND severity = 'complete'"
        found: dict[tuple[int, str], list[Finding]] = {}
        with self._reading() as c:
            for number in numbers:
                for row in c.exec_driver_sql(text, (number,)):
                    found.setdefault((number, row[1]), []).append(Finding(*row[1:]))
        return found

    def moves(self, after: int, upto: int) -> list[Pointer]:
        text = "SELECT tbl, partition, version, since FROM pointer WHERE since > ? AND since <= ? ORDER BY since"
        with self._reading() as c:
            return [Pointer(*row) for row in c.exec_driver_sql(text, (after, upto))]

    def publications(self, limit: int) -> list[Publication]:
        text = "SELECT * FROM publication ORDER BY publication DESC LIMIT ?"
        with self._reading() as c:
            return [Publication(*row) for row in c.exec_driver_sql(text, (limit,))]

    def history(self, table: str, partition: str) -> list[tuple[Pointer, Publication]]:
        with self._reading() as c:
            rows = c.exec_driver_sql(sql.HISTORY, (table, partition)).all()
        return [(Pointer(*row[:4]), Publication(*row[4:])) for row in rows]

    def latest_versions(self, table: str, partition: str, limit: int) -> list[int]:
        text = (
            "SELECT v.version FROM version v JOIN census c ON c.version = v.version "
            "WHERE v.tbl = ? AND c.partition = ? ORDER BY v.version DESC LIMIT ?"
        )
        with self._reading() as c:
            return [int(row[0]) for row in c.exec_driver_sql(text, (table, partition, limit))]

    def record_events(self, events: Sequence[Event]) -> None:
        text = (
            "INSERT INTO event (at, run, tbl, partition, kind, subject, found, needed) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        )
        with self._writing() as c:
            _many(c, text, [tuple(one) for one in events])

    def latest_events(self, tables: Collection[str], first: str, last: str) -> list[Event]:
        with self._reading() as c:
            return [
                Event(*row)
                for table in tables
                for row in c.exec_driver_sql(sql.LATEST_EVENTS, (table, first, last))
            ]

    def arrival(self, version: int, file: str, reader: str, rejected: int) -> None:
        with self._writing() as c:
            c.exec_driver_sql(
                "INSERT INTO arrival VALUES (?, ?, ?, ?)", (version, file, reader, rejected)
            )


def _on_connect(connection: Any, _: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _many(c: Connection, text: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        c.exec_driver_sql(text, list(rows))


def _set(c: Connection, text: str, values: tuple[Any, ...]) -> set[str]:
    return {row[0] for row in c.exec_driver_sql(text, values)}


def _unavailable(path: Path | str, error: DBAPIError) -> str:
    return f"The ledger {path} cannot be used now: {error.orig}. Nothing was written; try again."
