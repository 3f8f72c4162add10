"""The ledger in one SQLite file: WAL, every method one transaction."""

import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from boxout.ledger import (
    alias_sql,
    description_sql,
    outbox,
    outbox_sql,
    quality_sql,
    records,
    sql,
    turning_sql,
)
from boxout.ledger.asking import Questions
from boxout.ledger.collecting import Collecting
from boxout.ledger.copying import Copies
from boxout.ledger.following import Following
from boxout.ledger.inbox import SqliteInbox
from boxout.ledger.marks import Marks
from boxout.ledger.port import Clock, stamp
from boxout.ledger.profiles import KeptProfiles
from boxout.ledger.publishing import publish, requested
from boxout.ledger.revisions import bring_forward
from boxout.ledger.store import Base, Store, listed, rows_of, run_each
from boxout.ledger.turning import ROLLBACK, WAIVER, is_any_collected, turn_back, unwaive, waive

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")


class SqliteLedger:
    """The authority in one file; threads and processes may share it."""

    def __init__(self, store: Base, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self.inbox, self.copies = SqliteInbox(store, clock), Copies(store)
        self.prune_outbox = outbox_sql.pruner(store)
        marks, mine = Marks(store, clock), KeptProfiles(store)
        self.news, self.skip = marks.news, marks.skip
        self.keep_profiles, self.profiles, self.accepted = mine.keep, mine.of, mine.accepted
        asked = Questions(store)
        self.tables, self.forced, self.unchecked = asked.tables, asked.forced, asked.unchecked
        self.published_at, self.reach = asked.published_at, asked.reach
        self.keys_before, self.keys_after = asked.keys_before, asked.keys_after
        self.built_by_others, self.last_evaluated = asked.built_by_others, asked.last_evaluated
        going = Collecting(store, self.now)
        self.collect, self.dropped = going.collect, going.dropped
        followed = Following(store)
        self.followed, self.follow = followed.followed, followed.follow

    @classmethod
    def open(cls, path: Path | str, *, clock: Clock, wait_s: float = 30) -> "SqliteLedger":
        """Open the file, or make it, and bring its schema forward."""
        store = Store(path, wait_s)
        bring_forward(store)
        return cls(store, clock)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def _read(self, kind: Callable[..., T], text: str, values: tuple[Any, ...]) -> list[T]:
        with self._store.reading() as c:
            rows = rows_of(c, text, values)
        return [kind(*row) for row in rows]

    def now(self, later_s: float = 0) -> str:
        return stamp(self._clock, later_s=later_s)

    def begin_run(self, run: str, request: str) -> None:
        with self._store.writing(is_resting=True) as c:
            now = self.now()
            c.exec_driver_sql(sql.BEGIN_RUN, (run, request, now))
            outbox_sql.put(c, [outbox.of_run(outbox.BEGAN, run, now, request)])

    def end_run(self, run: str, summary: str) -> None:
        with self._store.writing() as c:
            now = self.now()
            if c.exec_driver_sql(sql.END_RUN, (now, summary, run)).rowcount:
                outbox_sql.put(c, [outbox.of_run(outbox.ENDED, run, now, summary)])

    def claim(
        self, unit: str, partitions: Sequence[str], *, run: str, lease_s: float, code: str = ""
    ) -> records.Claim:
        asked = list(dict.fromkeys(partitions))
        with self._store.adding(is_resting=True) as c:
            now, until = self.now(), self.now(lease_s)
            attempt = _attempt(c, (unit, run, now, code))
            free = rows_of(c, sql.RAN_OUT, (json.dumps(asked), unit, now))
            run_each(c, sql.TAKE_OVER, [(attempt, until, unit, p) for (p,) in free])
            # In one order, so that two who claim the same never wait for each other.
            run_each(c, sql.CLAIM, [(unit, p, attempt, until) for p in sorted(asked)])
            mine = {row[0] for row in rows_of(c, sql.HELD, (unit, attempt))}
        held = tuple(p for p in asked if p in mine)
        return records.Claim(attempt, held, tuple(p for p in asked if p not in mine))

    def heartbeat(self, attempt: int, lease_s: float) -> None:
        with self._store.adding(is_resting=True) as c:
            c.exec_driver_sql(sql.HEARTBEAT, (self.now(lease_s), attempt))

    def release(self, attempt: int) -> None:
        with self._store.adding(is_resting=True) as c:
            c.exec_driver_sql(sql.RELEASE, (attempt,))

    def end_leases(self) -> None:
        with self._store.writing() as c:
            c.exec_driver_sql(sql.END_ALL_LEASES)
            now = self.now()
            gone = rows_of(c, sql.ABANDON, (now, outbox.ABANDONED))
            told = [outbox.of_run(outbox.ABANDONED, run, now, asked) for run, asked in gone]
            outbox_sql.put(c, told)

    def holders(self, unit: str, first: str, last: str) -> dict[str, int]:
        with self._store.reading() as c:
            return dict(rows_of(c, sql.HOLDERS, (unit, first, last, self.now())))

    def open_version(
        self, attempt: int, table: str, fingerprint: str, reads: Sequence[records.Read]
    ) -> int:
        with self._store.adding() as c:
            row = (table, attempt, fingerprint, self.now())
            version = int(c.exec_driver_sql(sql.VERSION, row).scalar_one())
            run_each(c, sql.READ, [(version, *read) for read in reads])
        return version

    def record_audit(
        self,
        version: int,
        census: Sequence[records.Census],
        counts: Sequence[records.CheckCount],
        findings: Sequence[records.Finding],
    ) -> None:
        with self._store.adding(is_resting=True) as c:
            run_each(c, sql.CENSUS, [(version, *one) for one in census])
            run_each(c, sql.CHECK_COUNT, [(version, *one) for one in counts])
            run_each(c, sql.FINDING, [(version, *one) for one in findings])

    def publish(
        self,
        attempt: int,
        versions: Sequence[int],
        *,
        calendar: Sequence[records.Day] = (),
        calendar_dates: Sequence[str] = (),
        forced: str | None = None,
    ) -> records.Published:
        with self._store.writing() as c:
            request = requested(c, attempt, versions, self.now(), forced)
            return publish(c, request, calendar, calendar_dates)

    def turn_back(self, rollback: records.Rollback, *, run: str, at: int) -> int | None:
        with self._store.writing() as c:
            is_head = int(c.exec_driver_sql(sql.HEAD).scalar_one()) == at
            if not rollback.moves or not is_head or is_any_collected(c, rollback.moves):
                return None
            now = self.now()
            attempt = _attempt(c, (ROLLBACK, run, now, ""))
            return turn_back(c, attempt, rollback, run, now)

    def waive(self, partition: str, reason: str, by: str) -> int:
        with self._store.writing() as c:
            now = self.now()
            attempt = _attempt(c, (WAIVER, "", now, ""))
            return waive(c, attempt, partition, (reason, by), now)

    def unwaive(
        self, partition: str, reason: str, by: str, *, says: records.Day, deadline: str, at: int
    ) -> int | None:
        with self._store.writing() as c:
            is_head = int(c.exec_driver_sql(sql.HEAD).scalar_one()) == at
            if not is_head or not c.exec_driver_sql(turning_sql.IS_WAIVED, (partition,)).scalar():
                return None
            now = self.now()
            attempt = _attempt(c, (WAIVER, "", now, ""))
            return unwaive(c, attempt, says, (reason, by), deadline, now)

    def waivers(self) -> list[records.Waiver]:
        with self._store.reading() as c:
            rows = rows_of(c, turning_sql.WAIVERS, ())
        return [records.Waiver(*row[:-1], is_undo=bool(row[-1])) for row in rows]

    def tombstones(self, first: str, last: str) -> list[records.Tombstone]:
        return self._read(records.Tombstone, turning_sql.TOMBSTONES, (first, last))

    def head(self) -> int:
        with self._store.reading() as c:
            return int(c.exec_driver_sql(sql.HEAD).scalar_one())

    def pointers(
        self, tables: Collection[str], first: str, last: str, at: int
    ) -> list[records.Pointer]:
        found: list[records.Pointer] = []
        with self._store.reading() as c:
            for table in sorted(set(tables)):
                found += map(
                    records.Pointer._make, rows_of(c, sql.POINTERS, (table, first, last, at))
                )
        return found

    def beginning(self, table: str, at: int) -> records.Beginning | None:
        with self._store.reading() as c:
            rows = rows_of(c, sql.BEGINNING, (table, at))
        return records.Beginning(*rows[0]) if rows else None

    def expectations(self, first: str, last: str, at: int) -> list[records.Expectation]:
        with self._store.reading() as c:
            rows = rows_of(c, sql.EXPECTATIONS, (first, last, at))
        return [_expectation(*row) for row in rows]

    def expectations_of(self, identities: Collection[str], at: int) -> list[records.Expectation]:
        asked = json.dumps(sorted(set(identities)))
        with self._store.reading() as c:
            rows = rows_of(c, sql.EXPECTATIONS_OF, (asked, at))
        return [_expectation(*row) for row in rows]

    def versions(self, numbers: Collection[int]) -> list[records.Version]:
        asked = (listed(numbers),)
        reads: dict[int, list[records.Read]] = {}
        with self._store.reading() as c:
            rows = rows_of(c, sql.VERSIONS, asked)
            for version, *read in rows_of(c, sql.READS, asked):
                reads.setdefault(version, []).append(records.Read(*read))
        return [
            records.Version(v, t, a, f, at, tuple(reads.get(v, ())), bool(gone))
            for v, t, a, f, at, gone in rows
        ]

    def attempts(self, numbers: Collection[int]) -> list[records.Attempt]:
        return self._read(records.Attempt, sql.ATTEMPTS, (listed(numbers),))

    def arrivals(self, numbers: Collection[int]) -> list[records.Arrival]:
        return self._read(records.Arrival, sql.ARRIVALS, (listed(numbers),))

    def census(self, version: int, first: str, last: str) -> list[records.Census]:
        return self._read(records.Census, sql.CENSUS_OF, (version, first, last))

    def censuses(
        self, numbers: Collection[int], first: str, last: str
    ) -> dict[tuple[int, str], records.Census]:
        with self._store.reading() as c:
            rows = rows_of(c, sql.CENSUSES, (listed(numbers), first, last))
        return {(version, one[0]): records.Census._make(one) for version, *one in rows}

    def counts(self, version: int) -> list[records.CheckCount]:
        return self._read(records.CheckCount, sql.COUNTS, (version,))

    def findings(self, numbers: Collection[int], first: str, last: str) -> list[records.Finding]:
        return self._read(records.Finding, sql.FINDINGS, (listed(numbers), first, last))

    def incomplete(self, numbers: Collection[int]) -> dict[tuple[int, str], list[records.Finding]]:
        found: dict[tuple[int, str], list[records.Finding]] = {}
        with self._store.reading() as c:
            for version, *row in rows_of(c, sql.INCOMPLETE, (listed(numbers),)):
                found.setdefault((version, row[0]), []).append(records.Finding(*row))
        return found

    def moves(self, after: int, upto: int) -> list[records.Pointer]:
        return self._read(records.Pointer, sql.MOVES, (after, upto))

    def publications(self, limit: int, *, run: str | None = None) -> list[records.Publication]:
        return self._read(records.Publication, sql.PUBLICATIONS, (run, limit))

    def history(
        self, table: str, partition: str
    ) -> list[tuple[records.Pointer, records.Publication]]:
        with self._store.reading() as c:
            rows = rows_of(c, sql.HISTORY, (table, partition))
        return [(records.Pointer(*row[:6]), records.Publication(*row[6:])) for row in rows]

    def latest_versions(self, table: str, partition: str, limit: int) -> list[int]:
        return self._read(int, sql.LATEST_VERSIONS, (table, partition, limit))

    def quality(self, first: str, last: str) -> records.Quality:
        with self._store.reading() as c:
            return quality_sql.quality(c, first, last)

    def record_events(self, events: Sequence[records.Event]) -> None:
        told = list(outbox.of_events(events))
        with self._store.writing() if told else self._store.adding() as c:
            run_each(c, sql.EVENT, [tuple(one) for one in events])
            outbox_sql.put(c, told)

    def latest_events(self, tables: Collection[str], first: str, last: str) -> list[records.Event]:
        found: list[records.Event] = []
        with self._store.reading() as c:
            for table in sorted(set(tables)):
                found += map(
                    records.Event._make, rows_of(c, sql.LATEST_EVENTS, (table, first, last))
                )
        return found

    def arrival(self, arrival: records.Arrival) -> None:
        with self._store.writing(is_resting=True) as c:
            c.exec_driver_sql(sql.ARRIVAL, tuple(arrival))
            run, table = outbox_sql.arrived(c, arrival.version)
            outbox_sql.put(c, [outbox.of_arrival(run, self.now(), table, arrival)])

    def tell(self, entries: Sequence[records.Entry]) -> None:
        with self._store.writing() as c:
            outbox_sql.put(c, [one._replace(at=self.now()) for one in entries])

    def outbox(self, after: int, limit: int) -> list[records.Entry]:
        return self._read(outbox_sql.entry, outbox_sql.AFTER, (after, limit))

    def cursor(self, reader: str) -> records.Cursor:
        with self._store.reading() as c:
            return outbox_sql.cursor(c, reader)

    def advance(self, reader: str, to: records.Cursor) -> None:
        with self._store.writing() as c:
            c.exec_driver_sql(outbox_sql.ADVANCE, (reader, *to))

    def put_description(self, description: records.Description) -> None:
        with self._store.writing(is_resting=True) as c:
            c.exec_driver_sql(description_sql.PUT, (*description[:-1], self.now()))

    def descriptions(self, table: str, reader: str, limit: int) -> list[records.Description]:
        return self._read(records.Description, description_sql.NORMAL, (table, reader, limit))

    def put_alias(self, alias: records.Alias) -> bool:
        with self._store.writing() as c:
            if rows_of(c, alias_sql.HOLDS, alias[:3]):
                return False
            c.exec_driver_sql(alias_sql.PUT, (*alias[:6], self.now()))
        return True

    def end_alias(
        self, kind: str, given: str, group: str, *, by: str, reason: str
    ) -> records.Alias | None:
        with self._store.writing() as c:
            found = rows_of(c, alias_sql.HOLDS, (kind, given, group))
            if not found:
                return None
            ended = (self.now(), by, reason)
            c.exec_driver_sql(alias_sql.END, (*ended, kind, given, group))
        return records.Alias._make((*found[0], *ended))

    def aliases(self, kind: str | None = None) -> list[records.Alias]:
        return self._read(records.Alias, alias_sql.ALL, (kind,))

    def put_work(self, asked: Sequence[records.Work]) -> None:
        with self._store.writing() as c:
            run_each(c, turning_sql.PUT_WORK, [tuple(one)[:-1] for one in asked])
            run_each(c, turning_sql.CLEAR_ON, [(one.unit, one.partition) for one in asked])
            ranges = [(one.unit, one.partition, *reach) for one in asked for reach in one.on]
            run_each(c, turning_sql.PUT_ON, ranges)

    def work(self, first: str, last: str) -> list[records.Work]:
        return self._read(records.Work, turning_sql.WORK, (first, last))

    def due_work(self, limit: int) -> list[records.Work]:
        return self._read(records.Work, turning_sql.DUE_WORK, (self.now(), limit))

    def end_work(self, unit: str, partitions: Sequence[str], how: str) -> None:
        with self._store.writing() as c:
            run_each(c, turning_sql.END_WORK, [(how, unit, partition) for partition in partitions])


def _attempt(c: "Connection", row: tuple[str, str, str, str]) -> int:
    return int(c.exec_driver_sql(sql.ATTEMPT, row).scalar_one())


def _expectation(partition: str, state: str, is_expected: int, *more: Any) -> records.Expectation:
    return records.Expectation(partition, state, bool(is_expected), *more)
