"""Reads what became public, publication by publication, and names what should not have."""

import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from boxout.graph import Graph
from boxout.ledger import Expectation, Ledger, Pointer, Publication
from boxout.model import Pipeline
from boxout.run.compute import EMPTY
from boxout.testing.oracle import Oracle, Row, Rows, Unready
from boxout.testing.symbols import origin
from boxout.warehouse import MemoryWarehouse

Key = tuple[str, str]


class Anomaly(NamedTuple):
    """One broken promise: which invariant, its name in the literature, and where."""

    invariant: str
    name: str
    told: str

    def __str__(self) -> str:
        return f"{self.invariant} {self.name}: {self.told}"


@dataclass(slots=True)
class Checker:
    """Follows the ledger as it grows; what it finds is kept in `anomalies`."""

    pipeline: Pipeline
    graph: Graph
    ledger: Ledger
    warehouse: MemoryWarehouse
    state: dict[Key, Pointer] = field(default_factory=dict)
    states: dict[int, dict[Key, int | None]] = field(default_factory=lambda: {0: {}})
    tokens: dict[Key, int] = field(default_factory=dict)
    anomalies: list[Anomaly] = field(default_factory=list)

    def follow(self) -> None:
        """Judge every publication since the last time."""
        for number in range(len(self.states), self.ledger.head() + 1):
            (published,) = self.ledger.publications(self.ledger.head() - number + 1)[-1:]
            moved = self.ledger.moves(number - 1, number)
            self.state |= {(p.table, p.partition): p for p in moved}
            self.states[number] = {key: p.version for key, p in self.state.items()}
            oracle = self._oracle(number)
            for pointer in moved:
                self.anomalies += self._fence(pointer, published)
                if pointer.version is not None:
                    self.anomalies += self._checks(pointer, published)
                    self.anomalies += self._rows(pointer, oracle)
            self.anomalies += self._groups(moved)
            self.anomalies += self._withdrawn()

    def read(self, number: int, seen: dict[Key, int | None]) -> None:
        """Judge what a reader saw in one look at the warehouse."""
        should = self.states.get(number)
        if seen != should:
            differs = sorted(
                key for key in seen.keys() | (should or {}).keys()
                if should is None or seen.get(key) != should.get(key)
            )  # fmt: skip
            self.anomalies.append(
                Anomaly(
                    "I2", "torn read", f"at publication {number} a reader saw other {differs[:2]}"
                )
            )

    def _oracle(self, number: int) -> Oracle:
        return self._at(number, self.row)

    def _at(self, number: int, row: Rows) -> Oracle:
        """What should be, by the calendar's word at a publication and these rows."""
        said, calendar = self.ledger.expectations("", "~", number), self.pipeline.calendar
        began = self.ledger.beginning(calendar.table.name, number)
        return Oracle(
            self.graph,
            calendar,
            frozenset(e.partition for e in said if e.is_expected),
            row,
            frozenset(e.partition for e in said),
            frozenset(e.partition for e in said if calendar.is_absent(e.state)),
            began.partition if began else "",
        )

    def row(self, table: str, partition: str) -> Row | None:
        """The public row of (table, partition)."""
        pointer = self.state.get((table, partition))
        if pointer is None or pointer.version is None:
            return None
        return self.version_row(table, partition, pointer.version)

    def version_row(self, table: str, partition: str, version: int) -> Row | None:
        """What one version holds for a partition."""
        rows = self.warehouse.version_rows(self.graph.tables[table], version)
        return next((row for row in rows if row["partition"] == partition), None)

    def _fence(self, pointer: Pointer, published: Publication) -> Iterator[Anomaly]:
        key = (pointer.table, pointer.partition)
        before = self.tokens.get(key, 0)
        self.tokens[key] = published.attempt
        if published.attempt <= before:
            told = f"{key}: attempt {published.attempt} published after attempt {before}"
            yield Anomaly("I3", "lost update", told)

    def _checks(self, pointer: Pointer, published: Publication) -> Iterator[Anomaly]:
        version, partition = pointer.version or 0, pointer.partition
        if not any(one.passed + one.failed for one in self.ledger.counts(version)):
            yield Anomaly("I5", "unchecked publication", f"{pointer.table} {partition}: no check")
        findings = self.ledger.findings((version,), partition, partition)
        if published.kind == "normal" and any(one.severity == "block" for one in findings):
            yield Anomaly(
                "I5", "unchecked publication", f"{pointer.table} {partition}: {findings[0]}"
            )

    def _rows(self, pointer: Pointer, oracle: Oracle) -> Iterator[Anomaly]:
        table, partition = pointer.table, pointer.partition
        row = self.row(table, partition)
        if row is None and self._is_empty(pointer):
            if not oracle.is_quiet(table, partition):
                yield Anomaly("I1", "unready input", f"{table} {partition} is empty, with games")
            return
        if row is None:
            yield Anomaly("I7", "lost version", f"{table} {partition} version {pointer.version}")
            return
        if self.graph.tables[table].is_source:
            return
        try:
            code = self._code(pointer)
            should = {one["value"] for one in oracle.derivations(table, partition, code)}
        except Unready as error:
            yield Anomaly("I1", "unready input", str(error))
            return
        if row["value"] not in should:
            told = f"{table} {partition} version {pointer.version} was not computed from what is public"
            yield Anomaly("I1", "stale publication", told)

    def _code(self, pointer: Pointer) -> str:
        """The code that computed what is public; old and new workers may publish side by side."""
        return next(v.fingerprint for v in self.ledger.versions((pointer.version or 0,)))

    def _groups(self, moved: list[Pointer]) -> Iterator[Anomaly]:
        for unit in self.graph.units:
            tables = {one.target.name for one in unit.processors}
            for partition in {p.partition for p in moved if p.table in tables}:
                public = {self.row(table, partition) is not None for table in tables}
                if len(public) > 1:
                    yield Anomaly("I2", "fractured group", f"{unit.name} {partition}")

    def _withdrawn(self) -> Iterator[Anomaly]:
        buried = self.origins_of_buried()
        for (table, partition), pointer in self.state.items():
            row = self.row(table, partition) if buried and pointer.version is not None else None
            if row is not None and not buried.isdisjoint(row["origins"]):
                told = f"{table} {partition} descends from {sorted(buried.intersection(row['origins']))}"
                yield Anomaly("I4", "resurrection of a withdrawn version", told)

    def origins_of_buried(self) -> set[str]:
        """The arrivals that may not be public again; a symbol's content is its name."""
        return {
            origin(one.partition, one.content)
            for one in self.ledger.tombstones("", "~")
            if self.graph.tables[one.table].is_source
        }

    def _is_empty(self, pointer: Pointer) -> bool:
        """Whether a version says that a date has no rows."""
        partition = pointer.partition
        held = self.ledger.census(pointer.version or 0, partition, partition)
        return [one.content for one in held] == [EMPTY]

    def kept(self) -> None:
        """Every version that a pointer names has its rows, and every move of one was told."""
        head = self.ledger.head()
        moved = {(one.table, one.since) for one in self.ledger.moves(0, head)}
        entries = self.ledger.outbox(0, sys.maxsize)
        told = {(one.table, one.publication) for one in entries if one.publication is not None}
        for table, publication in sorted(moved - told):
            named = f"publication {publication} of {table}"
            self.anomalies.append(Anomaly("I7", "untold publication", named))
        for (table, partition), pointer in self.state.items():
            is_lost = pointer.version is not None and self.row(table, partition) is None
            if is_lost and not self._is_empty(pointer):
                told = f"{table} {partition} version {pointer.version}"
                self.anomalies.append(Anomaly("I7", "lost version", told))

    def converged(self, codes: Mapping[str, str]) -> None:
        """Every table equals what a clean serial run of this code computes from the same sources."""
        final = self._final(codes)
        said = self.ledger.expectations("", "~", self.ledger.head())
        end = self._oracle(self.ledger.head())
        self.anomalies += self._misquoted(said)
        never = {e.partition for e in said if self.pipeline.calendar.is_never(e.state)}
        for (table, partition), public in self.state.items():
            is_down = public.version is None or table not in self.graph.processors
            if not is_down and end.is_quiet(table, partition) and self.row(table, partition):
                told = f"{table} {partition} is public, and its date has no games"
                self.anomalies.append(Anomaly("I6", "divergence", told))
            if partition in never and not is_down:
                told = f"{table} {partition} is public, and will never come"
                self.anomalies.append(Anomaly("I6", "divergence", told))
        for (table, partition), should in final.items():
            row = self.row(table, partition)
            if should is None or not should["is_sound"]:
                continue
            if row is None or row["value"] != should["value"]:
                told = f"{table} {partition} is {'absent' if row is None else 'another'}"
                self.anomalies.append(Anomaly("I6", "divergence", told))

    def _misquoted(self, said: Sequence[Expectation]) -> Iterator[Anomaly]:
        """What is expected is what the public calendar says, but for what a person waived."""
        latest = {one.partition: one for one in self.ledger.waivers()}
        waived = {partition for partition, one in latest.items() if not one.is_undo}
        calendar = self.pipeline.calendar.table.name
        days = [self.row(table, day) for table, day in self.state if table == calendar]
        states = {game: state for row in days if row for game, state in row["games"]}
        for one in said:
            should = "waived" if one.partition in waived else states.get(one.partition, "unlisted")
            if one.state != should:
                told = f"{one.partition} is {one.state}, and the calendar says {should}"
                yield Anomaly("I6", "divergence", told)

    def is_buried(self, table: str, partition: str, row: Row) -> bool:
        """Whether these very rows were taken back, wherever they come from now."""
        return any(
            one.table == table and one.content == row["value"]
            for one in self.ledger.tombstones(partition, partition)
        )

    def _final(self, codes: Mapping[str, str]) -> dict[Key, Row | None]:
        """Every derived row from the public sources alone; None where it cannot be computed."""
        final: dict[Key, Row | None] = {}

        def row(table: str, partition: str) -> Row | None:
            if self.graph.tables[table].is_source:
                return self.row(table, partition)
            found = final.get((table, partition))
            if found is None:
                return None
            public = None if found["is_sound"] else self.row(table, partition)
            is_forced = public is not None and public["value"] == found["value"]
            return found if found["is_sound"] or is_forced else None

        calendar = self.pipeline.calendar
        oracle = self._at(self.ledger.head(), row)
        expected = oracle.expected
        days = sorted(p for t, p in self.state if t == calendar.table.name)
        for unit in self.graph.units:
            for one in unit.processors:
                is_game = one.target.scheme.name == calendar.scheme.name
                for partition in sorted(expected) if is_game else days:
                    try:
                        final[one.target.name, partition] = oracle.derive(
                            one.target.name, partition, codes[one.target.name]
                        )
                    except Unready:
                        final[one.target.name, partition] = None
            _hold_together(final, {one.target.name for one in unit.processors}, self.is_buried)
        return final


def _hold_together(
    final: dict[Key, Row | None],
    tables: Collection[str],
    is_buried: Callable[[str, str, Row], bool],
) -> None:
    """What fails its checks, cannot be computed, or may not come back keeps back its whole group."""
    for partition in {partition for table, partition in final if table in tables}:
        group = {table: final.get((table, partition)) for table in tables}
        is_sound = all(row is not None and row["is_sound"] for row in group.values())
        is_gone = any(row is not None and is_buried(t, partition, row) for t, row in group.items())
        for table, row in group.items():
            if row is not None:
                held = row if is_sound else row | {"is_sound": False}
                final[table, partition] = None if is_gone else held
