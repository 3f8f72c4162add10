"""What is public at one publication number, and whether it is still current."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from boxout.ledger.port import CALENDAR, Ledger
from boxout.ledger.records import Expectation, Finding, Pointer, Read, Version
from boxout.model.outcomes import Reason
from boxout.model.partitions import AFTER, date_of, look_back


@dataclass(slots=True)
class Snapshot:
    """Pointers, expectations and findings of a range of partitions at publication `number`.

    `staged` holds the versions this run has audited and will publish with the same attempt.
    """

    number: int
    pointers: Mapping[str, Mapping[str, Pointer]]
    expectations: Mapping[str, Expectation]
    versions: Mapping[int, Version]
    incomplete: Mapping[tuple[int, str], list[Finding]]
    fingerprints: Mapping[str, str]
    staged: dict[tuple[str, str], int] = field(default_factory=dict)

    def pointer(self, table: str, partition: str) -> Pointer | None:
        """What (table, partition) points to, or None when it never pointed anywhere."""
        return self.pointers.get(table, {}).get(partition)

    def stale(self, table: str, partition: str) -> Reason | None:
        """Why a public derived partition is no longer what its inputs say; None when fresh."""
        pointer = self.pointer(table, partition)
        if pointer is None or pointer.version is None:
            return Reason(table, "nothing is public")
        version = self.versions[pointer.version]
        if version.fingerprint != self.fingerprints.get(table, version.fingerprint):
            return Reason(table, "its code or its checks changed", "built by the present code")
        for read in version.reads:
            moved = self._moved(read, partition, pointer.since)
            if moved:
                return moved
        return None

    def _moved(self, read: Read, partition: str, own: int) -> Reason | None:
        if read.table == CALENDAR:
            expectation = self.expectations.get(partition)
            if expectation and expectation.since > read.snapshot and expectation.since != own:
                return Reason("schedule", f"now says {expectation.state}")
            return None
        for read_partition in self._read(read, partition):
            now = self.pointer(read.table, read_partition)
            if now and now.since > read.snapshot and now.since != own:
                return Reason(
                    read.table,
                    f"is version {now.version} since publication {now.since}",
                    f"last built at publication {read.snapshot}",
                )
            if now and now.version is not None and read.table in self.fingerprints:
                deeper = self.stale(read.table, read_partition)
                if deeper:
                    return Reason(read.table, "will change", str(deeper))
        return None

    def _read(self, read: Read, partition: str) -> list[str]:
        known = self.pointers.get(read.table, {})
        if read.window_days is not None:
            first, last = look_back(partition, read.window_days)
            return [key for key in known if first <= key <= last]
        return related(partition, known)


def related(partition: str, keys: Collection[str]) -> list[str]:
    """The keys that stand for the same partition, or for the same date across schemes."""
    if partition in keys:
        return [partition]
    day = date_of(partition)
    if day in keys:
        return [day]
    if partition == day:
        return [key for key in keys if key.startswith(day + "/")]
    return []


def load(
    ledger: Ledger, tables: Collection[str], first: str, last: str, fingerprints: Mapping[str, str]
) -> Snapshot:
    """The latest snapshot of these tables in a range of partitions."""
    head = ledger.head()
    last = last if last.endswith(AFTER) else last + AFTER
    pointers: dict[str, dict[str, Pointer]] = {table: {} for table in tables}
    for pointer in ledger.pointers(tables, first, last, head):
        pointers[pointer.table][pointer.partition] = pointer
    named = {p.version for of in pointers.values() for p in of.values() if p.version is not None}
    return Snapshot(
        number=head,
        pointers=pointers,
        expectations={e.partition: e for e in ledger.expectations(first, last, head)},
        versions={version.version: version for version in ledger.versions(named)},
        incomplete=ledger.incomplete(named),
        fingerprints=fingerprints,
    )
