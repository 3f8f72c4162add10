"""Replay: rows in quarantine are read again, and go public together with those of their landing.

A version of a partition is whole. So a replayed row comes with all that its file brought for that
partition: the rows that the landing kept, and every row that it set aside, read anew by today's
reader and aliases. What the public version has beside that is not touched, because there is
nothing beside it: a partition for which a later arrival is public is left alone, and so is one
that was taken back.

Nothing is deleted, and a crash after any step is harmless: the rows wait until they are marked,
and read again they make the very rows that are public, which publishes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.ledger.records import Arrival as Landing
from boxout.ledger.records import Pointer
from boxout.model import Reader, Table
from boxout.model.partitions import AFTER
from boxout.run.arrive import Arrived, Origin, arrive
from boxout.run.engine import Engine
from boxout.run.land import (
    Arrival,
    Landed,
    block,
    hold_back,
    judged_arrival,
    row_count,
    told_of,
)
from boxout.run.typed import typed_sql
from boxout.run.writes import write_landed
from boxout.warehouse import Row

EMPTIED: Final = "rows that do not pass any more are public, and no other row is left: roll it back"


class Replayed(NamedTuple):
    """What became of the rows that one landing set aside.

    `landed` is None when nothing passes that did not; `taken_in` counts rows that are public now
    and were not, `left` says of partitions why they are as they were.
    """

    file: str
    table: str
    landing: int
    landed: Landed | None
    taken_in: int
    left: Mapping[str, str]


class Standing(NamedTuple):
    """How a partition stands towards a landing: the version whose rows are those it kept.

    `kept` is None when it kept none. With a reason in `why` the partition is left alone; `later`
    is the arrival that is public instead.
    """

    kept: int | None
    why: str = ""
    later: int | None = None


class _Again(NamedTuple):
    """A landing whose rows in quarantine are staged again: the lines by partition."""

    table: Table
    landing: int
    origin: Landing
    reader: Reader
    lines: Mapping[str | None, Sequence[int]]
    taken: frozenset[int]


def replay(engine: Engine, table: Table, landing: int) -> Replayed:
    """Read what a landing set aside again, and publish what passes, partition by partition.

    DefinitionError when its reader is gone or needs a column that the rows do not have,
    StoreUnavailable when a landing of these partitions is under way.
    """
    again = _staged_again(engine, table, landing)
    withheld = _not_public(engine, table, landing)
    asked = sorted({*filter(None, again.lines), *withheld})
    standing = standings(engine, table, landing, asked)
    left = {p: one.why for p, one in standing.items() if one.why}
    _leave_out(engine, again, standing)
    arrival = judged_arrival(engine, again.origin.file, again.reader, landing)
    passing = {p: of for p, of in engine.warehouse.staged_lines(table.scheme.column).items() if p}
    replayed = _replayed(engine, table, landing, [p for p in asked if p not in left])
    left |= dict.fromkeys(sorted(replayed - set(arrival.partitions)), EMPTIED)
    going = _going(again, passing, replayed, withheld) & set(arrival.partitions)
    if not going:
        return Replayed(again.origin.file, table.name, landing, None, 0, left)
    engine.warehouse.unstage(table.scheme.column, sorted({*arrival.partitions} - going))
    arrival = arrival._replace(partitions=sorted(going))
    arrived = _arrive(engine, again, arrival, standing, passing)
    landed = told_of(engine, arrival, arrived)
    taken = _mark(engine, again, arrived, passing)
    return Replayed(again.origin.file, table.name, landing, landed, len(taken - again.taken), left)


def _leave_out(engine: Engine, again: _Again, standing: Mapping[str, Standing]) -> None:
    """Of what is staged, leave partitions that may not go; put what was kept beside the others."""
    table = again.table
    engine.warehouse.unstage(table.scheme.column, [p for p, one in standing.items() if one.why])
    for partition, one in standing.items():
        if one.later is not None:
            lines = again.lines.get(partition, ())
            engine.warehouse.leave(table, again.landing, lines, one.later)
    kept = [(p, one.kept) for p, one in standing.items() if one.kept is not None]
    engine.warehouse.stage_kept(table, kept)


def _going(
    again: _Again,
    passing: Mapping[str, Sequence[int]],
    replayed: set[str],
    withheld: set[str],
) -> set[str]:
    """The partitions that may come out differently now.

    Rows pass that did not; or rows of a replay are public and some do not pass any more; or the
    landing was held back by what it set aside, of which there is less now.
    """
    new = {p for p, lines in passing.items() if set(lines) - again.taken}
    failing = {p for p in replayed if set(again.lines.get(p, ())) - set(passing.get(p, ()))}
    return new | failing | (withheld if new else set())


def _arrive(
    engine: Engine,
    again: _Again,
    arrival: Arrival,
    standing: Mapping[str, Standing],
    passing: Mapping[str, Sequence[int]],
) -> Arrived:
    table, landing, rejected = again.table, again.landing, sum(arrival.rejected.values())
    origin = Origin(again.origin.file, again.reader.name, rejected, again.origin.digest, landing)
    rows = row_count(engine, landing) + sum(map(len, passing.values()))

    def judge(version: int) -> None:
        hold_back(engine, version, arrival, rows)
        # The partitions are leased by now: what was public when they were read may have moved.
        now = standings(engine, table, landing, arrival.partitions)
        moved = [p for p, one in now.items() if one != standing[p]]
        if moved:
            block(engine, version, moved, ("another arrival came meanwhile", "none expected"))

    def keep(version: int) -> None:
        write_landed(engine, table, version)

    arrived = arrive(engine, table, arrival.partitions, keep, origin, run=arrival.run, judge=judge)
    if arrived is None:
        raise StoreUnavailable(
            f"{origin.file}: not replayed, a landing of {table} holds some of its partitions."
            " Nothing was changed; do it again."
        )
    return arrived


def _mark(
    engine: Engine, again: _Again, arrived: Arrived, passing: Mapping[str, Sequence[int]]
) -> set[int]:
    """Say of the rows which publication took them in; their lines."""
    done = arrived.published
    there = [*done.published, *done.unchanged]
    if not there:
        return set()
    marked: dict[int, list[int]] = {}
    for partition, pointer in _pointers(engine, again.table, there).items():
        if partition in set(there):
            marked.setdefault(pointer.since, []).extend(passing.get(partition, ()))
    for publication, lines in marked.items():
        engine.warehouse.take_in(again.table, again.landing, lines, publication)
    engine.warehouse.supersede(again.table, there, again.landing)
    return {line for lines in marked.values() for line in lines}


def waiting(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows of quarantine that no publication took in and no later arrival replaced."""
    return (row for row in rows if row["publication"] is None and row["superseded"] is None)


def _origin(engine: Engine, table: Table, landing: int) -> tuple[Landing, Reader]:
    origin = next(iter(engine.ledger.arrivals([landing])))
    readers = {one.name: one for one in engine.pipeline.readers}
    reader = readers.get(origin.reader)
    if reader is None or reader.table != table:
        raise DefinitionError(
            f"{origin.file}: its reader {origin.reader} is gone. Nothing was replayed; land the"
            " file again, through another one."
        )
    return origin, reader


def _staged_again(engine: Engine, table: Table, landing: int) -> _Again:
    origin, reader = _origin(engine, table, landing)
    names = engine.warehouse.columns_set_aside(table, landing)
    lacking = sorted(set(reader.needs) - set(names))
    if lacking:
        raise DefinitionError(
            f"version {landing} of {table}: its rows in quarantine do not have"
            f" {', '.join(lacking)}, which reader {reader.name} needs by now. Nothing was replayed;"
            " land the file again."
        )
    engine.warehouse.stage_again(table, landing, names, typed_sql(engine, reader, tuple(names)))
    lines = engine.warehouse.staged_lines(table.scheme.column)
    taken = frozenset(_taken_in(engine, table, landing))
    return _Again(table, landing, origin, reader, lines, taken)


def standings(
    engine: Engine, table: Table, landing: int, partitions: Sequence[str]
) -> dict[str, Standing]:
    """How each of the partitions stands towards a landing."""
    if not partitions:
        return {}
    ledger, first, last = engine.ledger, min(partitions), max(partitions)
    pointers = _pointers(engine, table, partitions)
    landings = _landings(engine, pointers.values())
    buried = {one.partition for one in ledger.tombstones(first, last)
              if (one.table, one.version) == (table.name, landing)}  # fmt: skip
    kept = {one.partition for one in ledger.census(landing, first, last) if one.rows}
    is_gone = any(one.is_collected for one in ledger.versions([landing]))

    def standing(partition: str) -> Standing:
        pointer = pointers.get(partition)
        there = landings.get(_rows_of(pointer)) if pointer else None
        if partition in buried:
            return Standing(None, f"version {landing} was taken back; land the file again")
        if there is not None and there > landing:
            return Standing(None, f"a later arrival is public, version {there}", there)
        if partition not in kept:
            return Standing(None)
        if pointer and pointer.version is not None and pointer.basis == landing:
            return Standing(pointer.version)
        if is_gone:
            return Standing(None, f"version {landing} is kept no more; land the file again")
        return Standing(landing)

    return {partition: standing(partition) for partition in partitions}


def _rows_of(pointer: Pointer) -> int | None:
    """The latest version that has the rows that are public; None when nothing is."""
    return None if pointer.version is None else pointer.basis or pointer.version


def _pointers(engine: Engine, table: Table, partitions: Sequence[str]) -> dict[str, Pointer]:
    first, last, head = min(partitions), max(partitions), engine.ledger.head()
    found = engine.ledger.pointers([table.name], first, last, head)
    return {one.partition: one for one in found}


def _landings(engine: Engine, pointers: Iterable[Pointer]) -> dict[int | None, int]:
    numbers = {number for one in pointers if (number := _rows_of(one)) is not None}
    return {one.version: one.landing for one in engine.ledger.arrivals(numbers)}


def _not_public(engine: Engine, table: Table, landing: int) -> set[str]:
    """The partitions that a landing brought and that are not public by it: they were withheld."""
    brought = [one.partition for one in engine.ledger.census(landing, "", AFTER) if one.rows]
    if not brought:
        return set()
    pointers = _pointers(engine, table, brought)
    landings = _landings(engine, pointers.values())
    there = {p for p, one in pointers.items() if landings.get(_rows_of(one), 0) >= landing}
    return set(brought) - there


def _replayed(engine: Engine, table: Table, landing: int, partitions: Sequence[str]) -> set[str]:
    """Those of the partitions in which a replay of this landing is public."""
    if not partitions:
        return set()
    pointers = _pointers(engine, table, partitions)
    landings = _landings(engine, pointers.values())
    numbers = {p: _rows_of(one) for p, one in pointers.items()}
    return {p for p, of in numbers.items() if landings.get(of) == landing and of != landing}


def _taken_in(engine: Engine, table: Table, landing: int) -> set[int]:
    mine = (r for r in engine.warehouse.quarantine() if r["version"] == landing)
    of = (r for r in mine if r["table"] == table.name and r["publication"] is not None)
    return {row["line"] for row in of}
