"""Reads the two files after a death and names every broken promise."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from boxout.errors import OtherHistory
from boxout.ledger import Pointer
from boxout.run import Engine, catch_up
from chaos import nights
from chaos.acts import opened
from chaos.truth import Rows, Truth, public

Key = tuple[str, str]
NOW = "SELECT tbl, part, version FROM boxout.pointers WHERE until IS NULL"
HELD = 'SELECT {column} AS part, _version AS version, count(*) AS n FROM versions."{table}" GROUP BY ALL'


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found, and how far the project had come."""

    faults: list[str]
    head: int
    is_behind: bool


@dataclass
class Judge:
    """All that the files say, read once."""

    engine: Engine
    truth: Truth
    head: int
    history: list[Pointer]
    now: dict[Key, Pointer]

    def faults(self) -> Iterator[str]:
        """Every broken promise, by the name of its invariant."""
        yield from self.cut("I2", self.head)
        yield from self.fenced()
        yield from self.checked()
        yield from self.kept()
        yield from self.withdrawn()
        yield from self.computed()

    def cut(self, invariant: str, at: int) -> Iterator[str]:
        """The pointers of the warehouse are those of the ledger at one publication."""
        rows = self.engine.warehouse.query(NOW)
        seen = {(row["tbl"], row["part"]): row["version"] for row in rows}
        tables = set(self.engine.graph.tables)
        should = {p[:2]: p.version for p in self.engine.ledger.pointers(tables, "", "~", at)}
        if len(rows) != len(seen):
            yield f"{invariant}: {len(rows)} open pointers for {len(seen)} partitions"
        for key in sorted(seen.keys() | should.keys()):
            if seen.get(key) != should.get(key):
                yield f"{invariant}: at publication {at} {key} shows {seen.get(key)}, not {should.get(key)}"

    def fenced(self) -> Iterator[str]:
        attempts = {
            p.publication: p.attempt for p in self.engine.ledger.publications(self.head + 1)
        }
        latest: dict[Key, int] = {}
        for pointer in self.history:
            attempt = attempts[pointer.since]
            if attempt <= latest.get(pointer[:2], 0):
                yield f"I3: {pointer[:2]} attempt {attempt} after {latest[pointer[:2]]}"
            latest[pointer[:2]] = attempt

    def checked(self) -> Iterator[str]:
        ledger = self.engine.ledger
        for version in sorted({p.version for p in self.history if p.version is not None}):
            if not any(one.passed + one.failed for one in ledger.counts(version)):
                yield f"I5: version {version} was public and no check was evaluated"
            blocked = {f.partition for f in ledger.findings((version,), "", "~") if _blocks(f)}
            public_for = {p.partition for p in self.history if p.version == version}
            if blocked & public_for:
                yield f"I5: version {version} was public for {sorted(blocked & public_for)}"

    def kept(self) -> Iterator[str]:
        """What a pointer names is there, row for row as counted."""
        for name, table in self.engine.graph.tables.items():
            sql = HELD.format(column=table.scheme.column, table=name)
            there = {(r["version"], r["part"]): r["n"] for r in self.engine.warehouse.query(sql)}
            named = {(p.version, p.partition) for key, p in self.now.items() if key[0] == name}
            for version in sorted({v for v, _ in named if v is not None}):
                counted = {c.partition: c.rows for c in self.engine.ledger.census(version, "", "~")}
                for partition in sorted(p for v, p in named if v == version):
                    if counted.get(partition) != there.get((version, partition)):
                        yield f"I7: {name} {partition} version {version} is not all there"

    def withdrawn(self) -> Iterator[str]:
        buried = {t[:3] for t in self.engine.ledger.tombstones("", "~")}
        for key, pointer in self.now.items():
            if (*key, pointer.version) in buried:
                yield f"I4: {key} version {pointer.version} is withdrawn and public"
            for source in self.read_by(pointer):
                if source and (*source[:2], source.version) in buried:
                    yield f"I4: {key} version {pointer.version} descends from {source[:3]}"

    def computed(self) -> Iterator[str]:
        """Every public row is what a clean project computes from what was public to it."""
        rows = public(self.engine)
        should_be = {k for k, p in self.now.items() if k[0] in self.derived and p.version}
        if rows.keys() != should_be:
            yield f"I7: rows are public for {sorted(rows.keys() ^ should_be)}"
        for key in sorted(should_be):
            read = self.variants(self.now[key])
            if rows.get(key) != self.expected(key, read):
                yield f"I6: {key} version {self.now[key].version} is not what {read} gives"

    def expected(self, key: Key, read: tuple[str | None, str | None]) -> Rows | None:
        """What a clean project has there; None when nothing may be public from these files."""
        book, box = read
        return None if book is None else self.truth.get((book, box), {}).get(key)

    @property
    def derived(self) -> set[str]:
        return set(self.engine.graph.processors)

    def read_by(self, pointer: Pointer) -> tuple[Pointer | None, Pointer | None]:
        """The gamebook and the box score that were public when this was last found current."""
        if pointer.table not in self.derived or pointer.version is None:
            return None, None
        book, box = (
            next(
                (
                    p
                    for p in self.of.get((name, pointer.partition), ())
                    if p.since <= pointer.checked
                ),
                None,
            )
            for name in (nights.GAMEBOOK, nights.TEAM_BOX)
        )
        return book, box

    @cached_property
    def of(self) -> dict[Key, list[Pointer]]:
        """Every pointer that each (table, partition) ever had, newest first."""
        found: dict[Key, list[Pointer]] = {}
        for pointer in reversed(self.history):
            found.setdefault(pointer[:2], []).append(pointer)
        return found

    @cached_property
    def files(self) -> dict[int, str]:
        """The variant of every version that was landed and public."""
        numbers = {p.version for p in self.history if p.version is not None}
        arrivals = self.engine.ledger.arrivals(numbers)
        return {one.version: nights.named(one.file).variant for one in arrivals}

    def variants(self, pointer: Pointer) -> tuple[str | None, str | None]:
        """Which files were read, None where nothing could be."""
        book, box = (self.variant(one) for one in self.read_by(pointer))
        return book, box

    def variant(self, source: Pointer | None) -> str | None:
        """The variant of the file that a source pointer names; None when it may not be read."""
        if source is None or source.version is None:
            return None
        variant = self.files[source.version]
        return None if variant in nights.UNREADABLE else variant


def _blocks(finding) -> bool:
    return finding.severity == "block"


def judge(folder: Path, truth: Truth) -> Judged:
    """Open what a dead process left, and say what is wrong with it."""
    with opened(folder) as engine:
        ledger = engine.ledger
        seen, head = engine.warehouse.projected(), ledger.head()
        history = ledger.moves(0, head)
        now = {p[:2]: p for p in ledger.pointers(set(engine.graph.tables), "", "~", head)}
        judge = Judge(engine, truth, head, history, now)
        faults = list(judge.cut("I2 before catching up", seen))
        try:
            catch_up(engine)
        except OtherHistory as error:
            faults.append(f"I2: {error}")
        if engine.warehouse.projected() != head:
            faults.append(f"I2: projected {engine.warehouse.projected()}, the ledger is at {head}")
        return Judged(faults + list(judge.faults()), head, seen < head)
