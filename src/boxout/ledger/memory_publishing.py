"""The rules of publication over plain dictionaries: the same answers, one partition at a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from boxout.ledger.lost import lost
from boxout.ledger.memory_outbox import Outbox
from boxout.ledger.outbox import Moved
from boxout.ledger.port import BEFORE, CALENDAR
from boxout.ledger.records import (
    Attempt,
    Census,
    CheckCount,
    Day,
    Expectation,
    Finding,
    Pointer,
    Publication,
    Read,
    Tombstone,
    Version,
    Waiver,
)


@dataclass(slots=True)
class Kept:
    """Everything about versions and publications that the ledger in memory remembers."""

    attempts: list[Attempt] = field(default_factory=list)
    leases: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    versions: dict[int, Version] = field(default_factory=dict)
    collected: set[int] = field(default_factory=set)
    census: dict[int, dict[str, Census]] = field(default_factory=dict)
    counts: dict[int, list[CheckCount]] = field(default_factory=dict)
    findings: dict[int, list[Finding]] = field(default_factory=dict)
    publications: list[Publication] = field(default_factory=list)
    pointers: dict[str, dict[str, list[Pointer]]] = field(default_factory=dict)
    expectations: dict[str, list[Expectation]] = field(default_factory=dict)
    tombstones: list[Tombstone] = field(default_factory=list)
    waivers: list[Waiver] = field(default_factory=list)
    outbox: Outbox = field(default_factory=Outbox)
    skipped: int = 0

    def table(self, attempt: int, version: int) -> str:
        """The table of a version that this attempt wrote."""
        found = self.versions.get(version)
        if found is None:
            raise lost("version", version)
        if found.attempt != attempt:
            raise ValueError(f"version {version} was not written by attempt {attempt}")
        return found.table

    def arrived(self, version: int) -> tuple[str, str]:
        """The run and the table of a version."""
        found = self.versions.get(version)
        if found is None:
            raise lost("version", version)
        return self.attempts[found.attempt - 1].run, found.table

    def next_version(self) -> int:
        """The number of a version that is opened now."""
        return max(next(reversed(self.versions), 0), self.skipped) + 1

    def unit(self, attempt: int) -> str:
        """The unit that an attempt is of."""
        return self.attempts[attempt - 1].unit

    def public(self, table: str, partition: str) -> Pointer | None:
        """What (table, partition) points to now; None when it points to no version."""
        found = self.pointers.get(table, {}).get(partition)
        return found[-1] if found and found[-1].version is not None else None

    def point(self, pointer: Pointer) -> None:
        """Set a pointer from its publication on."""
        self.pointers.setdefault(pointer.table, {}).setdefault(pointer.partition, []).append(
            pointer
        )

    def has(self, version: int, partition: str, severity: str) -> bool:
        """Whether a version has a finding of this severity for the partition."""
        found = self.findings.get(version, ())
        return any(one.partition == partition and one.severity == severity for one in found)

    def is_waived(self, partition: str) -> bool:
        """Whether the latest word on a partition is that it will never come."""
        of = [one for one in self.waivers if one.partition == partition]
        return bool(of) and not of[-1].is_undo

    def is_evaluated(self, version: int) -> bool:
        """Whether some check that is not on trial judged as many partitions as the version holds."""
        answered: dict[str, int] = {}
        judged: dict[str, int] = {}
        for one in self.counts.get(version, ()):
            if one.severity == "observe":
                continue
            answered[one.check] = answered.get(one.check, 0) + one.passed + one.failed
            judged[one.check] = judged.get(one.check, 0) + one.passed + one.failed + one.unknown
        needed = len(self.census.get(version, {}))
        return any(answered[check] > 0 and judged[check] >= needed for check in judged)

    def is_of(self, buried: Tombstone, version: int) -> bool:
        """Whether a version holds the rows that were buried."""
        held = self.census.get(version, {}).get(buried.partition)
        return held == Census(buried.partition, buried.rows, buried.content)

    def is_same_content(self, one: int, other: int, partition: str) -> bool:
        """Whether two versions hold the same rows of a partition."""
        held = self.census.get(one, {}).get(partition)
        return held is not None and held == self.census.get(other, {}).get(partition)


@dataclass(frozen=True, slots=True)
class Judged:
    """One attempt's versions by table, judged against what is kept."""

    kept: Kept
    attempt: int
    versions: dict[str, int]
    is_forced: bool

    def reasons(self) -> dict[str, str | None]:
        """Why each candidate stays back, None for those that go out."""
        unevaluated = any(not self.kept.is_evaluated(version) for version in self.versions.values())
        why = {
            partition: self._why(partition, is_evaluated=not unevaluated)
            for partition in self._candidates()
        }
        while moved := [p for p, reason in why.items() if reason is None and self._with(p, why)]:
            why |= dict.fromkeys(moved, "moved")
        return why

    def _candidates(self) -> list[str]:
        unit = self.kept.unit(self.attempt)
        held = {p for (u, p), (a, _) in self.kept.leases.items() if u == unit and a == self.attempt}
        for version in self.versions.values():
            held |= self.kept.census.get(version, {}).keys()
            held |= {one.partition for one in self.kept.findings.get(version, ())}
        return sorted(held)

    def _why(self, partition: str, *, is_evaluated: bool) -> str | None:
        if not self.is_held(partition):
            return "fenced"
        if any(self.is_moved(version, partition) for version in self.versions.values()):
            return "moved"
        if not self.versions or not is_evaluated:
            return "withheld"
        if reason := next(filter(None, (self._withheld(t, partition) for t in self.versions)), ""):
            return reason
        if not self.is_forced and self._is_buried(partition):
            return "withdrawn"
        is_same = all(self.is_unchanged(table, partition) for table in self.versions)
        return "unchanged" if is_same else None

    def is_held(self, partition: str) -> bool:
        """Whether this attempt still has the lease of a partition."""
        holder, _ = self.kept.leases.get((self.kept.unit(self.attempt), partition), (None, ""))
        return holder == self.attempt

    def is_moved(self, version: int, partition: str) -> bool:
        """Whether something that a version read for a partition is no longer as it read it."""
        if partition not in self.kept.census.get(version, {}):
            return False
        reads = self.kept.versions[version].reads
        return any(self._read_moved(read, partition) for read in reads)

    def _read_moved(self, read: Read, partition: str) -> bool:
        if read.table == CALENDAR:
            return any(
                known[-1].flipped > read.snapshot and is_read(read, partition, key)
                for key, known in self.kept.expectations.items()
            )
        if read.table.startswith(BEFORE):
            return self._began_earlier(read, partition)
        own = self.kept.census.get(self.versions.get(read.table, 0), {})
        return any(
            of[-1].since > read.snapshot and key not in own and is_read(read, partition, key)
            for key, of in self.kept.pointers.get(read.table, {}).items()
        )

    def _began_earlier(self, read: Read, partition: str) -> bool:
        """Whether a window that was cut at a table's first key would now be cut elsewhere."""
        known = self.kept.pointers.get(read.table.removeprefix(BEFORE), {})
        start = date.fromisoformat(partition[:10]) - timedelta(read.window_days or 0)
        return start.isoformat() < read.first and any(
            key < read.first and one.since > read.snapshot and one.version is not None
            for key, of in known.items()
            for one in of
        )

    def _withheld(self, table: str, partition: str) -> str | None:
        version, public = self.versions[table], self.kept.public(table, partition)
        if partition not in self.kept.census.get(version, {}):
            return "withheld"
        if self.is_forced:
            return None
        if self.kept.has(version, partition, "block"):
            return "withheld"
        is_worse = self.kept.has(version, partition, "complete")
        if is_worse and public and not self.kept.has(public.version or 0, partition, "complete"):
            return "withheld"
        return None

    def _is_buried(self, partition: str) -> bool:
        """Whether all that one rollback withdrew of these tables comes again, with the very rows.

        A correction may leave some tables of its group as they were: it is not what was withdrawn.
        """
        again: dict[int, list[bool]] = {}
        for one in self.kept.tombstones:
            if one.partition == partition and one.table in self.versions:
                mine = self.versions[one.table]
                is_same = self.kept.is_of(one, mine)
                again.setdefault(one.since, []).append(is_same)
        return any(all(of) for of in again.values())

    def lift(self, table: str, partition: str) -> None:
        """What goes out may be public from now on, whatever was said before."""
        version = self.versions[table]
        self.kept.tombstones[:] = [
            one
            for one in self.kept.tombstones
            if (one.table, one.partition) != (table, partition) or not self.kept.is_of(one, version)
        ]

    def is_unchanged(self, table: str, partition: str) -> bool:
        """Whether a version brings no other rows than those that are public already."""
        version, public = self.versions[table], self.kept.public(table, partition)
        if public is None or public.version is None:
            return False
        if public.version == version:
            return True
        if self.kept.publications[public.since - 1].kind == "forced":
            return False
        if not self.kept.is_same_content(version, public.version, partition):
            return False
        was_incomplete = self.kept.has(public.version, partition, "complete")
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


def numbered(kept: Kept, attempt: int, partitions: int, forced: str | None, now: str) -> int:
    """The next publication, of so many partitions."""
    number = len(kept.publications) + 1
    kind = "normal" if forced is None else "forced"
    said = (kept.unit(attempt), now, partitions, kind, forced or "")
    kept.publications.append(Publication(number, attempt, *said))
    return number


def move(judged: Judged, why: Mapping[str, str | None], number: int | None) -> list[Moved]:
    """Point to what goes out, confirm what is public already; what was moved of each table."""
    kept = judged.kept
    checked = number or len(kept.publications)
    fine = [p for p, reason in why.items() if reason in {None, "unchanged"}]
    going = [p for p in fine if why[p] is None]
    told: list[Moved] = []
    for table, version in judged.versions.items():
        same = [p for p in fine if judged.is_unchanged(table, p)]
        for partition in same:
            of = kept.pointers[table][partition]
            of[-1] = of[-1]._replace(basis=version, checked=checked)
        out = [p for p in going if p not in set(same)]
        for partition in out:
            if judged.is_forced:
                judged.lift(table, partition)
            kept.point(Pointer(table, partition, version, checked, version, checked))
        if out:
            told.append(Moved(table, going[0], going[-1], len(out), version, {}))
    return told


def is_read(read: Read, partition: str, key: str) -> bool:
    """Whether `partition` read `key` under this range of its read set."""
    day = partition[:10]
    if read.window_days is not None:
        first = date.fromisoformat(day) - timedelta(read.window_days)
        return max(first.isoformat(), read.since) <= key < day
    return key in {partition, day} or (partition == day and key.startswith(day))


def expect(kept: Kept, number: int, calendar: Sequence[Day], days: Collection[str]) -> None:
    """What the calendar says of these days from publication `number` on."""
    named = {one[0]: Day(*one) for one in calendar if one[0][:10] in days}
    for partition in kept.expectations:
        if partition[:10] in days:
            named.setdefault(partition, as_it_was(kept, partition, "unlisted"))
    say(kept, number, named.values())


def as_it_was(kept: Kept, partition: str, state: str) -> Day:
    """What is not expected any more, with the identity and the phase that it had."""
    known = kept.expectations.get(partition)
    return Day(partition, state, False, *(known[-1][5:] if known else ()))


def say(kept: Kept, number: int, named: Iterable[Day]) -> None:
    """Make this the calendar's word, as far as it differs; what was waived stays waived."""
    for one in named:
        is_waived = kept.is_waived(one.partition)
        said = one._replace(state="waived", is_expected=False) if is_waived else one
        known = kept.expectations.setdefault(one.partition, [])
        was_due, flipped = (known[-1].is_expected, known[-1].flipped) if known else (False, 0)
        if known and (*known[-1][:3], *known[-1][5:]) == said:
            continue
        flipped = flipped if was_due == said.is_expected else number
        known.append(Expectation(*said[:3], number, flipped, *said[3:]))


def because(why: Mapping[str, str | None], reason: str | None) -> tuple[str, ...]:
    """The partitions that stay back for this reason; None for those that go out."""
    return tuple(partition for partition, known in why.items() if known == reason)
