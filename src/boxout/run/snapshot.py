"""What is public at one publication number, and whether it is still current."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from boxout.graph import Graph
from boxout.ledger.port import BEFORE, CALENDAR, LEFT_OUT, Ledger
from boxout.ledger.records import Beginning, Expectation, Finding, Pointer, Read
from boxout.model import Calendar
from boxout.model.outcomes import Reason
from boxout.model.partitions import AFTER, date_of, day_range, look_back
from boxout.run.built import Built, plainly_read
from boxout.run.windows import Readable, within


@dataclass(slots=True)
class Snapshot:
    """Pointers, expectations and findings of a range of partitions at publication `number`.

    `staged` holds the versions this run has audited and will publish with the same attempt.
    `fingerprints` is None when the past is looked at: code is then not judged. `known` are the
    days of the range that the calendar's table has, in order, and `beginning` is the first that
    it ever had. `left_out` are (table, partition) that count as stale whatever they look like.
    `plain` says of derived tables what one of their partitions reads when that is all at its own
    partition or date, and `other_code` names the partitions that other code built.
    """

    number: int
    pointers: Mapping[str, Mapping[str, Pointer]]
    expectations: Mapping[str, Expectation]
    built: Built
    incomplete: Mapping[tuple[int, str], list[Finding]]
    fingerprints: Mapping[str, str] | None
    computed: Collection[str]
    plain: Mapping[str, Collection[str]]
    other_code: Mapping[str, Collection[str]]
    known: Sequence[str] = ()
    beginning: Beginning | None = None
    left_out: frozenset[tuple[str, str]] = frozenset()
    quiet: frozenset[str] | None = None
    readable: dict[str, Readable] = field(default_factory=dict)
    staged: dict[tuple[str, str], int] = field(default_factory=dict)
    _sorted: dict[str, Sequence[str]] = field(default_factory=dict)
    _stale: dict[tuple[str, str], Reason | None] = field(default_factory=dict)
    _since: dict[str, Sequence[int]] = field(default_factory=dict)
    _lapsed: dict[str, Sequence[str]] = field(default_factory=dict)

    def pointer(self, table: str, partition: str) -> Pointer | None:
        """What (table, partition) points to, or None when it never pointed anywhere."""
        return self.pointers.get(table, {}).get(partition)

    def keys(self, table: str, first: str, last: str) -> Sequence[str]:
        """The partitions in a range that ever had a pointer, or that the calendar ever listed."""
        return within(self._keys(table), first, last)

    def _keys(self, table: str) -> Sequence[str]:
        found = self._sorted.get(table)
        if found is None:
            of = self.expectations if table == CALENDAR else self.pointers.get(table, {})
            found = self._sorted[table] = sorted(of)
        return found

    def stale(self, table: str, partition: str) -> Reason | None:
        """Why a public derived partition is no longer what its inputs say; None when fresh."""
        key = (table, partition)
        if key not in self._stale:
            is_left_out = key in self.left_out
            said = Reason(table, "was stale when it was looked at") if is_left_out else None
            self._stale[key] = said or self._found_stale(table, partition)
        return self._stale[key]

    def _found_stale(self, table: str, partition: str) -> Reason | None:
        return None if self._is_settled(table, partition) else self._judged(table, partition)

    def _is_settled(self, table: str, partition: str) -> bool:
        """Whether it is fresh for the plainest of reasons, so that nobody need ask what it read.

        The present code built it, what that code reads lies at one partition or date, and nothing
        there moved or was confirmed since. False says nothing: whoever asks then judges.
        """
        pointer, reads = self.pointer(table, partition), self.plain.get(table)
        if reads is None or pointer is None or pointer.version is None or pointer.basis is None:
            return False
        if self._is_of_other_code(table, partition):
            return False
        checked = pointer.checked
        for name in reads:  # noqa: SIM110  # asked of every game of a season, before each night
            if not self._rests(name, partition, checked):
                return False
        return True

    def _is_of_other_code(self, table: str, partition: str) -> bool:
        """Whether other code built it than the present one; so it is where that is not known."""
        return table not in self.other_code or partition in self.other_code[table]

    def _rests(self, table: str, partition: str, checked: int) -> bool:
        """Whether all of a table that a partition reads stands as it did, and will stand."""
        if table == CALENDAR:
            said = self.expectations
            return not any(said[key].flipped > checked for key in self._at(table, partition))
        of, is_computed = self.pointers.get(table, {}), table in self.computed
        for key in self._at(table, partition):
            one = of[key]
            if one.since > checked:
                return False
            if is_computed and (one.checked > checked or self.stale(table, key)):
                return False
        return True

    def _judged(self, table: str, partition: str) -> Reason | None:
        pointer = self.pointer(table, partition)
        if pointer is None:
            return Reason(table, "nothing is public")
        if pointer.version is None or pointer.basis is None:
            return Reason(table, f"was withdrawn by publication {pointer.since}")
        if self.fingerprints is not None and self._is_of_other_code(table, partition):
            return Reason(table, "its code or its checks changed", "built by the present code")
        version = self.built.of(pointer.basis, partition)
        left_out = [read for read in version.reads if read.table.startswith(LEFT_OUT)]
        for read in version.reads:
            moved = self._moved(read, partition, pointer.checked, left_out)
            if moved:
                return moved
        return None

    def _moved(
        self, read: Read, partition: str, checked: int, left_out: Sequence[Read]
    ) -> Reason | None:
        if read.table.startswith(BEFORE):
            return self._began_earlier(read, partition, checked)
        if read.table.startswith(LEFT_OUT):
            return self._is_there_now(read, partition)
        if read.window_days is None:
            keys = self._read(read, partition)
            lapsed = keys if read.table != CALENDAR else ()
        else:
            first, last = look_back(partition, read.window_days, read.since)
            keys = self._latest(read.table, first, last, checked)
            lapsed = () if read.table == CALENDAR else self._will_change(read.table, first, last)
        since = self._moved_since(read, keys, partition, checked)
        return since or self._moved_behind(read, lapsed, left_out)

    def _latest(self, table: str, first: str, last: str, checked: int) -> Sequence[str]:
        """The keys of a window when any of them moved; the usual answer is none, and quick."""
        keys = self._keys(table)
        low, high = bisect_left(keys, first), bisect_right(keys, last)
        is_any = max(self._moments(table)[low:high], default=0) > checked
        return keys[low:high] if is_any else ()

    def _moved_since(
        self, read: Read, keys: Sequence[str], partition: str, checked: int
    ) -> Reason | None:
        if read.table == CALENDAR:
            said = (self.expectations[key] for key in keys)
            return next((_changed(one) for one in said if one.flipped > checked), None)
        for key in keys:
            now = self.pointers[read.table][key]
            if now.since > checked:
                built = f"built at publication {checked}"
                return Reason(read.table, _became(now, partition), built)
        return None

    def _moved_behind(
        self, read: Read, keys: Sequence[str], left_out: Sequence[Read]
    ) -> Reason | None:
        """Whether something that was read will change; what was left out was not read."""
        of = self.pointers.get(read.table, {})
        for key in keys:
            if self._is_lapsed(of[key]) and not _is_among(read, key, left_out):
                return Reason(read.table, "will change", str(self.stale(read.table, key)))
        return None

    def _moments(self, table: str) -> Sequence[int]:
        """When each of a table's keys moved last, in their order."""
        found = self._since.get(table)
        if found is None:
            keys, said = self._keys(table), self.expectations
            found = self._since[table] = (
                [said[key].flipped for key in keys]
                if table == CALENDAR
                else [self.pointers[table][key].since for key in keys]
            )
        return found

    def _will_change(self, table: str, first: str, last: str) -> Sequence[str]:
        """The public derived keys of a table in a range that are stale, in order."""
        found = self._lapsed.get(table)
        if found is None:
            of = self.pointers.get(table, {})
            found = [key for key in self._keys(table) if self._is_lapsed(of[key])]
            self._lapsed[table] = found
        return within(found, first, last)

    def _is_lapsed(self, pointer: Pointer) -> bool:
        is_computed = pointer.basis is not None and pointer.table in self.computed
        return is_computed and self.stale(pointer.table, pointer.partition) is not None

    def _began_earlier(self, read: Read, partition: str, checked: int) -> Reason | None:
        """Whether the calendar begins before the day at which a window was cut."""
        began = self.beginning
        is_cut = look_back(partition, read.window_days or 0)[0] < read.first
        if not is_cut or began is None or began.since <= checked:
            return None
        source = read.table.removeprefix(BEFORE)
        told = f"begins on {began.partition} since publication {began.since}"
        return Reason(source, told, f"built when it began on {read.first}")

    def _is_there_now(self, read: Read, partition: str) -> Reason | None:
        """Whether something that was left out because it was stale is so no longer."""
        table = read.table.removeprefix(LEFT_OUT)
        for key in within(self._read(read._replace(table=table), partition), read.first, read.last):
            if self.pointers[table][key].version is not None and self.stale(table, key) is None:
                return Reason(table, f"of {key} is fresh again", "it was left out")
        return None

    def _read(self, read: Read, partition: str) -> Sequence[str]:
        if read.window_days is not None:
            return self.keys(read.table, *look_back(partition, read.window_days, read.since))
        return self._at(read.table, partition)

    def _at(self, table: str, partition: str) -> Sequence[str]:
        """The keys of a table that belong to a partition: the same, its date, or its date's."""
        known = self.expectations if table == CALENDAR else self.pointers.get(table, {})
        if partition in known:
            return (partition,)
        day = date_of(partition)
        if partition != day:
            return (day,) if day in known else ()
        return self.keys(table, *day_range(day, day))


def _is_among(read: Read, key: str, left_out: Sequence[Read]) -> bool:
    """Whether this input read a key as if it were absent."""
    return any(
        one.table == LEFT_OUT + read.table
        and one.window_days == read.window_days
        and one.first <= key <= one.last
        for one in left_out
    )


def _changed(now: Expectation) -> Reason:
    return Reason("calendar", f"says {now.state} of {now.partition} since publication {now.since}")


def _became(now: Pointer, partition: str) -> str:
    which = "" if now.partition == partition else f" of {now.partition}"
    what = "is withdrawn" if now.version is None else f"is version {now.version}"
    return f"{what}{which} since publication {now.since}"


def load(  # noqa: PLR0913
    ledger: Ledger,
    graph: Graph,
    tables: Collection[str],
    first: str,
    last: str,
    *,
    fingerprints: Mapping[str, str] | None,
    calendar: Calendar,
    at: int | None = None,
) -> Snapshot:
    """These tables in a range of partitions, at a publication or at the latest.

    The calendar's table is one of them.
    """
    number = ledger.head() if at is None else at
    last = last if last.endswith(AFTER) else last + AFTER
    pointers: dict[str, dict[str, Pointer]] = {table: {} for table in tables}
    for pointer in ledger.pointers(tables, first, last, number):
        pointers[pointer.table][pointer.partition] = pointer
    named = {one.version for of in pointers.values() for one in of.values()}
    computed, source = graph.computed(tables), calendar.table.name
    codes = {name: code for name, code in (fingerprints or {}).items() if name in computed}
    plain = plainly_read(graph, calendar, codes)
    return Snapshot(
        number=number,
        pointers=pointers,
        expectations={e.partition: e for e in ledger.expectations(first, last, number)},
        built=Built(ledger, [pointers[name] for name in computed]),
        incomplete=ledger.incomplete({n for n in named if n is not None}),
        fingerprints=fingerprints,
        computed=computed,
        plain=plain,
        other_code={
            n: ledger.built_by_others(n, code, first, last, number) for n, code in codes.items()
        },
        known=sorted(p for p, one in pointers[source].items() if one.version is not None),
        beginning=ledger.beginning(source, number),
    )
