"""The ledger in memory: for tests and simulations, with the same answers as the file's."""

from collections.abc import Collection, Sequence
from threading import RLock

from boxout.ledger import memory_leases as leases
from boxout.ledger import memory_turning as turning
from boxout.ledger import outbox, records
from boxout.ledger.memory_aliases import Aliases
from boxout.ledger.memory_asking import Questions
from boxout.ledger.memory_checks import findings, incomplete
from boxout.ledger.memory_descriptions import Descriptions
from boxout.ledger.memory_inbox import MemoryInbox
from boxout.ledger.memory_marks import MemoryMarks
from boxout.ledger.memory_outbox import latest, pruner
from boxout.ledger.memory_profiles import KeptProfiles
from boxout.ledger.memory_publishing import Judged, Kept, because, expect, move, numbered
from boxout.ledger.memory_quality import quality
from boxout.ledger.memory_work import Asked
from boxout.ledger.port import Clock, stamp


class MemoryLedger:
    """Forgets everything with the process; threads may share it."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, RLock()
        self._kept = Kept()
        self._box = self._kept.outbox
        self.prune_outbox = pruner(self._box, self._lock)
        self._runs: dict[str, tuple[str, str, str | None, str | None]] = {}
        self._events: list[records.Event] = []
        self._arrivals: dict[int, records.Arrival] = {}
        self._asked, self._aliases, self._described = Asked(), Aliases(), Descriptions()
        marks = MemoryMarks(self._kept, self._lock)
        self.news, self.skip = marks.news, marks.skip
        self.inbox = MemoryInbox(clock, self._lock, self._runs, self._kept, self._events)
        mine = KeptProfiles(self._kept, self._lock)
        self.keep_profiles, self.profiles, self.accepted = mine.keep, mine.of, mine.accepted
        asked = Questions(self._kept, self._lock)
        self.tables, self.forced, self.unchecked = asked.tables, asked.forced, asked.unchecked
        self.published_at, self.reach = asked.published_at, asked.reach
        self.keys_before, self.keys_after = asked.keys_before, asked.keys_after
        self.built_by_others, self.last_evaluated = asked.built_by_others, asked.last_evaluated
        going = turning.Collecting(self._kept, self._lock)
        self.collect, self.dropped = going.collect, going.dropped
        self.followed, self.follow = asked.followed, asked.follow

    def close(self) -> None:
        """Nothing to let go of."""

    def now(self, later_s: float = 0) -> str:
        return stamp(self._clock, later_s=later_s)

    def begin_run(self, run: str, request: str) -> None:
        with self._lock:
            now = self.now()
            self._runs[run] = (request, now, None, None)
            self._box.put([outbox.of_run(outbox.BEGAN, run, now, request)])

    def end_run(self, run: str, summary: str) -> None:
        with self._lock:
            now = self.now()
            if run in self._runs and self._runs[run][2] is None:
                self._runs[run] = (*self._runs[run][:2], now, summary)
                self._box.put([outbox.of_run(outbox.ENDED, run, now, summary)])

    def claim(
        self, unit: str, partitions: Sequence[str], *, run: str, lease_s: float, code: str = ""
    ) -> records.Claim:
        asked = list(dict.fromkeys(partitions))
        with self._lock:
            attempt = self._attempt(unit, run, code)
            return leases.claim(self._kept, unit, asked, attempt, (self.now(), self.now(lease_s)))

    def _attempt(self, unit: str, run: str, code: str) -> int:
        number = len(self._kept.attempts) + 1
        self._kept.attempts.append(records.Attempt(number, unit, run, self.now(), code))
        return number

    def heartbeat(self, attempt: int, lease_s: float) -> None:
        with self._lock:
            leases.renew(self._kept, attempt, self.now(lease_s))

    def release(self, attempt: int) -> None:
        with self._lock:
            leases.release(self._kept, attempt)

    def end_leases(self) -> None:
        with self._lock:
            self._kept.leases.clear()
            now = self.now()
            for run, (asked, began, ended, _) in self._runs.items():
                if ended is None:
                    self._runs[run] = (asked, began, now, outbox.ABANDONED)
                    self._box.put([outbox.of_run(outbox.ABANDONED, run, now, asked)])

    def holders(self, unit: str, first: str, last: str) -> dict[str, int]:
        with self._lock:
            return leases.holders(self._kept, unit, first, last, self.now())

    def open_version(
        self, attempt: int, table: str, fingerprint: str, reads: Sequence[records.Read]
    ) -> int:
        with self._lock:
            number = self._kept.next_version()
            version = records.Version(number, table, attempt, fingerprint, self.now(), tuple(reads))
            self._kept.versions[number] = version
        return number

    def record_audit(
        self,
        version: int,
        census: Sequence[records.Census],
        counts: Sequence[records.CheckCount],
        findings: Sequence[records.Finding],
    ) -> None:
        with self._lock:
            kept = self._kept
            kept.census.setdefault(version, {}).update({one.partition: one for one in census})
            kept.counts.setdefault(version, []).extend(counts)
            kept.findings.setdefault(version, []).extend(findings)

    def publish(
        self,
        attempt: int,
        versions: Sequence[int],
        *,
        calendar: Sequence[records.Day] = (),
        calendar_dates: Sequence[str] = (),
        forced: str | None = None,
    ) -> records.Published:
        with self._lock:
            going_out = {self._kept.table(attempt, version): version for version in versions}
            judged = Judged(self._kept, attempt, going_out, forced is not None)
            why = judged.reasons()
            out = because(why, None)
            now = self.now()
            number = numbered(self._kept, attempt, len(out), forced, now) if out else None
            moved = move(judged, why, number)
            if number is not None:
                run = self._kept.attempts[attempt - 1].run
                said = ("normal" if forced is None else "forced", forced or "")
                self._box.put(outbox.of_publication(run, now, number, said, moved))
                expect(self._kept, number, calendar, set(out).intersection(calendar_dates))
                self._asked.wake(self._kept, number, now)
            unit = self._kept.unit(attempt)
            self._asked.answered(unit, (*out, *because(why, "unchanged")))
        kinds = ("withheld", "moved", "fenced", "unchanged", "withdrawn")
        return records.Published(number, out, *(because(why, one) for one in kinds))

    def turn_back(self, rollback: records.Rollback, *, run: str, at: int) -> int | None:
        with self._lock:
            is_head = len(self._kept.publications) == at
            is_gone = turning.is_any_collected(self._kept, rollback.moves)
            if not rollback.moves or not is_head or is_gone:
                return None
            attempt = self._attempt(turning.ROLLBACK, run, "")
            number = turning.turn_back(self._kept, attempt, rollback, self.now())
            self._asked.wake(self._kept, number, self.now())
            return number

    def waive(self, partition: str, reason: str, by: str) -> int:
        with self._lock:
            attempt = self._attempt(turning.WAIVER, "", "")
            number = turning.waive(self._kept, attempt, partition, (reason, by), self.now())
            self._asked.wake(self._kept, number, self.now())
            self._asked.end_all(partition, "waived")
            return number

    def unwaive(
        self, partition: str, reason: str, by: str, *, says: records.Day, deadline: str, at: int
    ) -> int | None:
        with self._lock:
            if len(self._kept.publications) != at or not self._kept.is_waived(partition):
                return None
            attempt, now = self._attempt(turning.WAIVER, "", ""), self.now()
            number = turning.unwaive(self._kept, attempt, says, (reason, by), now)
            self._asked.wake(self._kept, number, now)
            self._asked.wait_again(partition, now, deadline)
            return number

    def waivers(self) -> list[records.Waiver]:
        with self._lock:
            return sorted(self._kept.waivers, key=lambda one: (one.partition, one.since))

    def tombstones(self, first: str, last: str) -> list[records.Tombstone]:
        with self._lock:
            return sorted(one for one in self._kept.tombstones if first <= one.partition <= last)

    def head(self) -> int:
        with self._lock:
            return len(self._kept.publications)

    def pointers(
        self, tables: Collection[str], first: str, last: str, at: int
    ) -> list[records.Pointer]:
        with self._lock:
            found = (
                next((one for one in reversed(of) if one.since <= at), None)
                for table in set(tables)
                for partition, of in self._kept.pointers.get(table, {}).items()
                if first <= partition <= last
            )
            return sorted((one for one in found if one is not None), key=lambda one: one[:2])

    def beginning(self, table: str, at: int) -> records.Beginning | None:
        with self._lock:
            public = (
                records.Beginning(partition, one.since)
                for partition, of in self._kept.pointers.get(table, {}).items()
                for one in of
                if one.since <= at and one.version is not None
            )
            return min(public, default=None)

    def expectations(self, first: str, last: str, at: int) -> list[records.Expectation]:
        with self._lock:
            found = (
                next((one for one in reversed(of) if one.since <= at), None)
                for partition, of in self._kept.expectations.items()
                if first <= partition <= last
            )
            return sorted(one for one in found if one is not None)

    def expectations_of(self, identities: Collection[str], at: int) -> list[records.Expectation]:
        return [one for one in self.expectations("", "~", at) if one.identity in set(identities)]

    def versions(self, numbers: Collection[int]) -> list[records.Version]:
        with self._lock:
            known, gone = self._kept.versions, self._kept.collected
            asked = [number for number in sorted(set(numbers)) if number in known]
            return [known[number]._replace(is_collected=number in gone) for number in asked]

    def attempts(self, numbers: Collection[int]) -> list[records.Attempt]:
        with self._lock:
            return [one for one in self._kept.attempts if one.attempt in set(numbers)]

    def arrivals(self, numbers: Collection[int]) -> list[records.Arrival]:
        with self._lock:
            known = self._arrivals
            return [known[number] for number in sorted(set(numbers)) if number in known]

    def census(self, version: int, first: str, last: str) -> list[records.Census]:
        with self._lock:
            found = self._kept.census.get(version, {}).values()
            return sorted(one for one in found if first <= one.partition <= last)

    def censuses(
        self, numbers: Collection[int], first: str, last: str
    ) -> dict[tuple[int, str], records.Census]:
        with self._lock:
            of = {number: self._kept.census.get(number, {}) for number in set(numbers)}
            found = {(number, p): one for number, held in of.items() for p, one in held.items()}
        return {key: one for key, one in found.items() if first <= key[1] <= last}

    def counts(self, version: int) -> list[records.CheckCount]:
        with self._lock:
            return list(self._kept.counts.get(version, ()))

    def findings(self, numbers: Collection[int], first: str, last: str) -> list[records.Finding]:
        with self._lock:
            found = findings(self._kept, numbers)
            return [one for _, one in found if first <= one.partition <= last]

    def incomplete(self, numbers: Collection[int]) -> dict[tuple[int, str], list[records.Finding]]:
        with self._lock:
            return incomplete(self._kept, numbers)

    def moves(self, after: int, upto: int) -> list[records.Pointer]:
        with self._lock:
            found = [o for t in self._kept.pointers.values() for of in t.values() for o in of]
        return sorted(
            (one for one in found if after < one.since <= upto),
            key=lambda one: (one.since, one.table, one.partition),
        )

    def publications(self, limit: int, *, run: str | None = None) -> list[records.Publication]:
        with self._lock:
            of = self._kept.attempts
            found = (
                one
                for one in reversed(self._kept.publications)
                if run is None or of[one.attempt - 1].run == run
            )
            return list(found)[:limit]

    def history(
        self, table: str, partition: str
    ) -> list[tuple[records.Pointer, records.Publication]]:
        with self._lock:
            of = self._kept.pointers.get(table, {}).get(partition, [])
            return [(one, self._kept.publications[one.since - 1]) for one in reversed(of)]

    def latest_versions(self, table: str, partition: str, limit: int) -> list[int]:
        with self._lock:
            found = [
                number
                for number, version in self._kept.versions.items()
                if version.table == table
                and (held := self._kept.census.get(number, {}).get(partition))
                and held.rows > 0
            ]
        return found[::-1][:limit]

    def quality(self, first: str, last: str) -> records.Quality:
        with self._lock:
            return quality(self._kept, first, last)

    def record_events(self, events: Sequence[records.Event]) -> None:
        with self._lock:
            self._events.extend(events)
            self._box.put(outbox.of_events(events))

    def latest_events(self, tables: Collection[str], first: str, last: str) -> list[records.Event]:
        with self._lock:
            return latest(self._events, set(tables), first, last)

    def arrival(self, arrival: records.Arrival) -> None:
        with self._lock:
            run, table = self._kept.arrived(arrival.version)
            self._arrivals[arrival.version] = arrival
            self._box.put([outbox.of_arrival(run, self.now(), table, arrival)])

    def tell(self, entries: Sequence[records.Entry]) -> None:
        with self._lock:
            self._box.put([one._replace(at=self.now()) for one in entries])

    def outbox(self, after: int, limit: int) -> list[records.Entry]:
        with self._lock:
            return self._box.after(after, limit)

    def cursor(self, reader: str) -> records.Cursor:
        with self._lock:
            return self._box.cursor(reader)

    def advance(self, reader: str, to: records.Cursor) -> None:
        with self._lock:
            self._box.advance(reader, to)

    def put_description(self, description: records.Description) -> None:
        with self._lock:
            self._described.put(description, self.now())

    def descriptions(self, table: str, reader: str, limit: int) -> list[records.Description]:
        with self._lock:
            return self._described.normal((table, reader), limit, self._kept.tombstones)

    def put_alias(self, alias: records.Alias) -> bool:
        with self._lock:
            return self._aliases.put(alias, self.now())

    def end_alias(
        self, kind: str, given: str, group: str, *, by: str, reason: str
    ) -> records.Alias | None:
        with self._lock:
            return self._aliases.end((kind, given, group), self.now(), by, reason)

    def aliases(self, kind: str | None = None) -> list[records.Alias]:
        with self._lock:
            return self._aliases.of(kind)

    def put_work(self, asked: Sequence[records.Work]) -> None:
        with self._lock:
            self._asked.put(asked)

    def work(self, first: str, last: str) -> list[records.Work]:
        with self._lock:
            return self._asked.within(first, last)

    def due_work(self, limit: int) -> list[records.Work]:
        with self._lock:
            return self._asked.due(self.now())[:limit]

    def end_work(self, unit: str, partitions: Sequence[str], how: str) -> None:
        with self._lock:
            self._asked.end(unit, partitions, how)
