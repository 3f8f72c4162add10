"""The ledger in memory: for tests and simulations, with the same answers as the file's."""

from collections.abc import Collection, Iterator, Sequence
from threading import RLock

from boxout.ledger.memory_publishing import Judged, Kept, expect
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


class MemoryLedger:
    """Forgets everything with the process; threads may share it."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._kept = Kept()
        self._runs: dict[str, tuple[str, str, str | None, str | None]] = {}
        self._events: list[Event] = []
        self._arrivals: dict[int, tuple[str, str, int]] = {}

    def close(self) -> None:
        """Nothing to let go of."""

    def begin_run(self, run: str, request: str, now: str) -> None:
        with self._lock:
            self._runs[run] = (request, now, None, None)

    def end_run(self, run: str, summary: str, now: str) -> None:
        with self._lock:
            if run in self._runs:
                self._runs[run] = (*self._runs[run][:2], now, summary)

    def claim(
        self,
        unit: str,
        partitions: Sequence[str],
        *,
        run: str,  # noqa: ARG002
        now: str,
        until: str,
    ) -> Claim:
        asked = list(dict.fromkeys(partitions))
        with self._lock:
            attempt = len(self._kept.units) + 1
            self._kept.units[attempt] = unit
            leases = self._kept.leases
            held = tuple(p for p in asked if (unit, p) not in leases or leases[unit, p][1] <= now)
            leases.update({(unit, p): (attempt, until) for p in held})
        mine = set(held)
        return Claim(attempt, held, tuple(p for p in asked if p not in mine))

    def release(self, attempt: int) -> None:
        with self._lock:
            leases = self._kept.leases
            for key in [key for key, (holder, _) in leases.items() if holder == attempt]:
                del leases[key]

    def open_version(
        self, attempt: int, table: str, fingerprint: str, reads: Sequence[Read], now: str
    ) -> int:
        with self._lock:
            number = len(self._kept.versions) + 1
            version = Version(number, table, attempt, fingerprint, now, tuple(reads))
            self._kept.versions[number] = version
        return number

    def record_audit(
        self,
        version: int,
        census: Sequence[Census],
        counts: Sequence[CheckCount],
        findings: Sequence[Finding],
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
        now: str,
        calendar: Sequence[tuple[str, str, bool]] = (),
        calendar_dates: Sequence[str] = (),
    ) -> Published:
        with self._lock:
            going_out = {self._table(attempt, version): version for version in versions}
            why = Judged(self._kept, attempt, going_out).reasons()
            out = _because(why, None) if going_out else ()
            number = self._move(attempt, going_out, out, now) if out else None
            if number is not None:
                expect(self._kept, number, calendar, set(out).intersection(calendar_dates))
        kept_back = (_because(why, one) for one in ("withheld", "moved", "fenced", "unchanged"))
        return Published(number, out, *kept_back)

    def _table(self, attempt: int, version: int) -> str:
        found = self._kept.versions.get(version)
        if found is None or found.attempt != attempt:
            raise ValueError(f"version {version} was not written by attempt {attempt}")
        return found.table

    def _move(self, attempt: int, versions: dict[str, int], out: Sequence[str], now: str) -> int:
        number = len(self._kept.publications) + 1
        unit = self._kept.units[attempt]
        self._kept.publications.append(Publication(number, attempt, unit, now, len(out)))
        for table, version in versions.items():
            for partition in out:
                moved = Pointer(table, partition, version, number)
                self._kept.pointers.setdefault((table, partition), []).append(moved)
        return number

    def head(self) -> int:
        with self._lock:
            return len(self._kept.publications)

    def pointers(self, tables: Collection[str], first: str, last: str, at: int) -> list[Pointer]:
        asked = set(tables)
        with self._lock:
            found = (
                next((one for one in reversed(of) if one.since <= at), None)
                for (table, partition), of in self._kept.pointers.items()
                if table in asked and first <= partition <= last
            )
            return sorted(one for one in found if one is not None)

    def expectations(self, first: str, last: str, at: int) -> list[Expectation]:
        with self._lock:
            return sorted(
                one
                for partition, of in self._kept.expectations.items()
                if first <= partition <= last
                for one, until in of
                if one.since <= at and (until is None or until > at)
            )

    def versions(self, numbers: Collection[int]) -> list[Version]:
        with self._lock:
            known = self._kept.versions
            return [known[number] for number in sorted(set(numbers)) if number in known]

    def census(self, version: int, first: str, last: str) -> list[Census]:
        with self._lock:
            found = self._kept.census.get(version, {}).values()
            return sorted(one for one in found if first <= one.partition <= last)

    def findings(self, numbers: Collection[int], first: str, last: str) -> list[Finding]:
        with self._lock:
            found = self._findings(numbers)
            return [one for _, one in found if first <= one.partition <= last]

    def incomplete(self, numbers: Collection[int]) -> dict[tuple[int, str], list[Finding]]:
        found: dict[tuple[int, str], list[Finding]] = {}
        with self._lock:
            for number, one in self._findings(numbers):
                if one.severity == "complete":
                    found.setdefault((number, one.partition), []).append(one)
        return found

    def _findings(self, numbers: Collection[int]) -> Iterator[tuple[int, Finding]]:
        for number in sorted(set(numbers)):
            of = self._kept.findings.get(number, [])
            yield from ((number, one) for one in sorted(of, key=lambda one: one.partition))

    def moves(self, after: int, upto: int) -> list[Pointer]:
        with self._lock:
            found = [one for of in self._kept.pointers.values() for one in of]
        return sorted(
            (one for one in found if after < one.since <= upto),
            key=lambda one: (one.since, one.table, one.partition),
        )

    def publications(self, limit: int) -> list[Publication]:
        with self._lock:
            return self._kept.publications[::-1][:limit]

    def history(self, table: str, partition: str) -> list[tuple[Pointer, Publication]]:
        with self._lock:
            of = self._kept.pointers.get((table, partition), [])
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

    def record_events(self, events: Sequence[Event]) -> None:
        with self._lock:
            self._events.extend(events)

    def latest_events(self, tables: Collection[str], first: str, last: str) -> list[Event]:
        asked = set(tables)
        with self._lock:
            known = [e for e in self._events if e.table in asked and first <= e.partition <= last]
        latest: dict[tuple[str, str], str] = {}
        for one in known:
            key = (one.table, one.partition)
            latest[key] = max(one.at, latest.get(key, ""))
        found = [one for one in known if one.at == latest[one.table, one.partition]]
        return sorted(found, key=lambda one: (one.table, one.partition))

    def arrival(self, version: int, file: str, reader: str, rejected: int) -> None:
        with self._lock:
            self._arrivals[version] = (file, reader, rejected)


def _because(why: dict[str, str | None], reason: str | None) -> tuple[str, ...]:
    return tuple(partition for partition, known in why.items() if known == reason)
