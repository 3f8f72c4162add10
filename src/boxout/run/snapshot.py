"""What is public at one publication number, and whether it is still current."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from boxout.ledger.port import CALENDAR, Ledger
from boxout.ledger.records import Expectation, Finding, Pointer, Read, Version
from boxout.model.outcomes import Reason
from boxout.model.partitions import AFTER, date_of, day_range, look_back


@dataclass(slots=True)
class Snapshot:
    """Pointers, expectations and findings of a range of partitions at publication `number`.

    `staged` holds the versions this run has audited and will publish with the same attempt.
    `fingerprints` is None when the past is looked at: code is then not judged.
    """

    number: int
    pointers: Mapping[str, Mapping[str, Pointer]]
    expectations: Mapping[str, Expectation]
    versions: Mapping[int, Version]
    incomplete: Mapping[tuple[int, str], list[Finding]]
    fingerprints: Mapping[str, str] | None
    staged: dict[tuple[str, str], int] = field(default_factory=dict)
    _sorted: dict[str, Sequence[str]] = field(default_factory=dict)
    _stale: dict[tuple[str, str], Reason | None] = field(default_factory=dict)

    def pointer(self, table: str, partition: str) -> Pointer | None:
        """What (table, partition) points to, or None when it never pointed anywhere."""
        return self.pointers.get(table, {}).get(partition)

    def keys(self, table: str, first: str, last: str) -> Sequence[str]:
        """The partitions in a range that ever had a pointer, or that the calendar ever listed."""
        found = self._sorted.get(table)
        if found is None:
            of = self.expectations if table == CALENDAR else self.pointers.get(table, {})
            found = self._sorted[table] = sorted(of)
        return found[bisect_left(found, first) : bisect_right(found, last)]

    def stale(self, table: str, partition: str) -> Reason | None:
        """Why a public derived partition is no longer what its inputs say; None when fresh."""
        key = (table, partition)
        if key not in self._stale:
            self._stale[key] = self._judged(table, partition)
        return self._stale[key]

    def _judged(self, table: str, partition: str) -> Reason | None:
        pointer = self.pointer(table, partition)
        if pointer is None:
            return Reason(table, "nothing is public")
        if pointer.version is None or pointer.basis is None:
            return Reason(table, f"was withdrawn by publication {pointer.since}")
        version = self.versions[pointer.basis]
        if self.fingerprints is not None and version.fingerprint != self.fingerprints.get(table):
            return Reason(table, "its code or its checks changed", "built by the present code")
        for read in version.reads:
            moved = self._moved(read, partition, pointer.checked)
            if moved:
                return moved
        return None

    def _moved(self, read: Read, partition: str, checked: int) -> Reason | None:
        keys = self._read(read, partition)
        if read.table == CALENDAR:
            said = (self.expectations[key] for key in keys)
            return next((_changed(one) for one in said if one.flipped > checked), None)
        for key in keys:
            now = self.pointers[read.table][key]
            if now.since > checked:
                return Reason(
                    read.table, _became(now, partition), f"built at publication {checked}"
                )
            if now.basis is not None and self.versions[now.basis].reads:
                deeper = self.stale(read.table, key)
                if deeper:
                    return Reason(read.table, "will change", str(deeper))
        return None

    def _read(self, read: Read, partition: str) -> Sequence[str]:
        if read.window_days is not None:
            return self.keys(read.table, *look_back(partition, read.window_days))
        known = self.expectations if read.table == CALENDAR else self.pointers.get(read.table, {})
        if partition in known:
            return (partition,)
        day = date_of(partition)
        if partition != day:
            return (day,) if day in known else ()
        return self.keys(read.table, *day_range(day, day))


def _changed(now: Expectation) -> Reason:
    return Reason("calendar", f"says {now.state} of {now.partition} since publication {now.since}")


def _became(now: Pointer, partition: str) -> str:
    which = "" if now.partition == partition else f" of {now.partition}"
    what = "is withdrawn" if now.version is None else f"is version {now.version}"
    return f"{what}{which} since publication {now.since}"


def load(
    ledger: Ledger,
    tables: Collection[str],
    first: str,
    last: str,
    fingerprints: Mapping[str, str] | None,
    *,
    at: int | None = None,
) -> Snapshot:
    """These tables in a range of partitions, at a publication or at the latest."""
    number = ledger.head() if at is None else at
    last = last if last.endswith(AFTER) else last + AFTER
    pointers: dict[str, dict[str, Pointer]] = {table: {} for table in tables}
    for pointer in ledger.pointers(tables, first, last, number):
        pointers[pointer.table][pointer.partition] = pointer
    named = {n for of in pointers.values() for p in of.values() for n in (p.version, p.basis)}
    numbers = {n for n in named if n is not None}
    return Snapshot(
        number=number,
        pointers=pointers,
        expectations={e.partition: e for e in ledger.expectations(first, last, number)},
        versions={version.version: version for version in ledger.versions(numbers)},
        incomplete=ledger.incomplete(numbers),
        fingerprints=fingerprints,
    )
