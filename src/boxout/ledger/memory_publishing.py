"""The rules of publication over plain dictionaries: the same answers, one partition at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from boxout.ledger.port import CALENDAR
from boxout.ledger.records import (
    Census,
    CheckCount,
    Expectation,
    Finding,
    Pointer,
    Publication,
    Read,
    Version,
)


@dataclass(slots=True)
class Kept:
    """Everything that the ledger in memory remembers."""

    units: dict[int, str] = field(default_factory=dict)
    leases: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    versions: dict[int, Version] = field(default_factory=dict)
    census: dict[int, dict[str, Census]] = field(default_factory=dict)
    counts: dict[int, list[CheckCount]] = field(default_factory=dict)
    findings: dict[int, list[Finding]] = field(default_factory=dict)
    publications: list[Publication] = field(default_factory=list)
    pointers: dict[tuple[str, str], list[Pointer]] = field(default_factory=dict)
    expectations: dict[str, list[tuple[Expectation, int | None]]] = field(default_factory=dict)

    def public(self, table: str, partition: str) -> int | None:
        """The version that (table, partition) points to now."""
        found = self.pointers.get((table, partition))
        return found[-1].version if found else None

    def has(self, version: int, partition: str, severity: str) -> bool:
        """Whether a version has a finding of this severity for the partition."""
        found = self.findings.get(version, ())
        return any(one.partition == partition and one.severity == severity for one in found)


@dataclass(frozen=True, slots=True)
class Judged:
    """One attempt's versions by table, judged against what is kept."""

    kept: Kept
    attempt: int
    versions: dict[str, int]

    def reasons(self) -> dict[str, str | None]:
        """Why each candidate stays back, None for those that go out."""
        why = {partition: self._why(partition) for partition in self._candidates()}
        while moved := [p for p, reason in why.items() if reason is None and self._with(p, why)]:
            why |= dict.fromkeys(moved, "moved")
        return why

    def _candidates(self) -> list[str]:
        unit = self.kept.units[self.attempt]
        held = {p for (u, p), (a, _) in self.kept.leases.items() if u == unit and a == self.attempt}
        for version in self.versions.values():
            held |= self.kept.census.get(version, {}).keys()
            held |= {one.partition for one in self.kept.findings.get(version, ())}
        return sorted(held)

    def _why(self, partition: str) -> str | None:
        holder, _ = self.kept.leases.get((self.kept.units[self.attempt], partition), (None, ""))
        if holder != self.attempt:
            return "fenced"
        if any(self._moved(version, partition) for version in self.versions.values()):
            return "moved"
        if not self.versions or any(self._withheld(table, partition) for table in self.versions):
            return "withheld"
        is_same = all(self._unchanged(table, partition) for table in self.versions)
        return "unchanged" if is_same else None

    def _moved(self, version: int, partition: str) -> bool:
        if partition not in self.kept.census.get(version, {}):
            return False
        reads = self.kept.versions[version].reads
        return any(self._read_moved(read, partition) for read in reads)

    def _read_moved(self, read: Read, partition: str) -> bool:
        if read.table == CALENDAR:
            known = self.kept.expectations.get(partition, ())
            return any(max(one.since, until or 0) > read.snapshot for one, until in known)
        own = self.kept.census.get(self.versions.get(read.table, 0), {})
        return any(
            of[-1].since > read.snapshot and key not in own and is_read(read, partition, key)
            for (table, key), of in self.kept.pointers.items()
            if table == read.table
        )

    def _withheld(self, table: str, partition: str) -> bool:
        version, public = self.versions[table], self.kept.public(table, partition)
        if not self._is_evaluated(version):
            return True
        if partition not in self.kept.census.get(version, {}):
            return True
        if self.kept.has(version, partition, "block"):
            return True
        is_worse = self.kept.has(version, partition, "complete")
        return is_worse and public is not None and not self.kept.has(public, partition, "complete")

    def _is_evaluated(self, version: int) -> bool:
        answered: dict[str, int] = {}
        judged: dict[str, int] = {}
        for one in self.kept.counts.get(version, ()):
            answered[one.check] = answered.get(one.check, 0) + one.passed + one.failed
            judged[one.check] = judged.get(one.check, 0) + one.passed + one.failed + one.unknown
        needed = len(self.kept.census.get(version, {}))
        return any(answered[check] > 0 and judged[check] >= needed for check in judged)

    def _unchanged(self, table: str, partition: str) -> bool:
        version, public = self.versions[table], self.kept.public(table, partition)
        if public == version:
            return True
        if public is None or any(self.kept.versions[v].reads for v in self.versions.values()):
            return False
        if self.kept.census[version][partition] != self.kept.census[public].get(partition):
            return False
        was_incomplete = self.kept.has(public, partition, "complete")
        return not was_incomplete or self.kept.has(version, partition, "complete")

    def _with(self, partition: str, why: dict[str, str | None]) -> bool:
        back = [p for p, reason in why.items() if reason not in {None, "unchanged"}]
        return any(
            key in self.kept.census.get(self.versions.get(read.table, 0), {})
            and is_read(read, partition, key)
            for version in self.versions.values()
            if partition in self.kept.census.get(version, {})
            for read in self.kept.versions[version].reads
            if read.window_days is not None
            for key in back
        )


def is_read(read: Read, partition: str, key: str) -> bool:
    """Whether `partition` read `key` under this range of its read set."""
    day = partition[:10]
    if read.window_days is not None:
        first = date.fromisoformat(day) - timedelta(read.window_days)
        return first.isoformat() <= key < day
    return key in {partition, day} or (partition == day and key.startswith(day))


def expect(
    kept: Kept, number: int, calendar: Sequence[tuple[str, str, bool]], days: Collection[str]
) -> None:
    """End what is no longer said of these days, and begin what is said anew."""
    named = {p: (state, is_expected) for p, state, is_expected in calendar if p[:10] in days}
    for partition, known in kept.expectations.items():
        last, until = known[-1]
        is_kept = named.get(partition) == (last.state, last.is_expected)
        if partition[:10] in days and until is None and not is_kept:
            known[-1] = (last, number)
    for partition, (state, is_expected) in named.items():
        known = kept.expectations.setdefault(partition, [])
        if not known or known[-1][1] is not None:
            known.append((Expectation(partition, state, is_expected, number), None))
