"""The audit: whether what readers see is what was published, whoever touched the two files.

It recomputes and compares; it believes neither file. Ledger and warehouse are each other's witness:
whoever changes one of them by hand is found by the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from boxout.ledger.records import Census, Pointer, Version
from boxout.model import Table
from boxout.model.partitions import AFTER, date_of, day_range
from boxout.run.contents import Contents, compared, held, told
from boxout.run.engine import Engine, is_other


class Oddity(NamedTuple):
    """One thing that is not as it should be, with both sides, and what to type next.

    `kind` is one of the keys of KINDS. Nothing is to be done about what has no `next_step`: it is
    told, and is no error.
    """

    kind: str
    table: str
    partition: str
    version: int | None
    found: str
    needed: str
    next_step: str = ""


class Audited(NamedTuple):
    """What was looked at, up to which publication, and what is odd."""

    publication: int
    partitions: int
    rows: int
    faults: tuple[Oddity, ...]
    told: tuple[Oddity, ...]


KINDS: Mapping[str, str] = {
    "edited": "a public partition holds other rows than those that were published",
    "gone": "the rows of a public partition, or its version, are not there",
    "foreign": "rows that nothing of ours wrote",
    "history": "the warehouse shows publications that this ledger never made",
    "pointer": "the warehouse shows another version than the ledger says",
    "unchecked": "public, and no check was evaluated",
    "failed": "public, a blocking check failed, and nobody forced it",
    "view": "readers see something else in the place of a public table",
    "forced": "a person published it past failed checks",
    "edited, not public": "other rows than were recorded, of a version that is not public now",
    "undeclared": "something in the file of the warehouse that no pipeline declared",
}


def audit(engine: Engine, first: str, last: str) -> Audited:
    """Everything about what is public on these dates; of the whole file what has no date."""
    reach, head = day_range(first, last), engine.ledger.head()
    pointers = engine.ledger.pointers(engine.graph.tables, *reach, head)
    public = [one for one in pointers if one.version is not None]
    found: list[Oddity] = []
    rows = 0
    for name, table in engine.graph.tables.items():
        now = held(engine, name, None, *reach)
        mine = [one for one in public if one.table == name]
        found += _rows(engine, table, mine, now, reach)
        rows += sum(now[key].rows for p in mine if (key := (p.version or 0, p.partition)) in now)
    found += _pointers(engine, reach)
    found += _checks(engine, reach)
    found += _forced(engine, public)
    found += _strays(engine)
    faults = tuple(one for one in found if one.next_step)
    return Audited(
        head, len(public), rows, faults, tuple(one for one in found if not one.next_step)
    )


def mend(engine: Engine) -> None:
    """Let the warehouse show what the ledger says is public; no row is touched."""
    # What a lost history wrote keeps its numbers: no later version may be taken for one of them.
    engine.ledger.skip(engine.warehouse.newest_version())
    news = engine.ledger.news(0)
    moves = [(m.table, m.partition, m.version, m.since) for m in news.moves]
    engine.warehouse.mend(list(engine.graph.tables.values()), moves, news.head, news.mark)


def _rows(
    engine: Engine,
    table: Table,
    public: Sequence[Pointer],
    now: Contents,
    reach: tuple[str, str],
) -> Iterator[Oddity]:
    numbers = {version for version, _ in now} | {one.version or 0 for one in public}
    known = {one.version: one for one in engine.ledger.versions(numbers)}
    recorded = engine.ledger.censuses(numbers, *reach)
    shown = {(one.version or 0, one.partition) for one in public}
    yield from _public(table, sorted(shown), known, recorded, now)
    others = {key: one for key, one in now.items() if key not in shown}
    for (number, partition), there in sorted(others.items(), key=lambda one: str(one[0])):
        version, record = known.get(number), recorded.get((number, partition))
        if version is None or version.table != table.name:
            yield _foreign(table, number, partition, there, "a version of the ledger expected")
        elif record is None:
            # An attempt that died before its audit leaves rows without any record.
            if engine.ledger.census(number, "", AFTER):
                yield _foreign(table, number, partition, there, "no rows recorded here")
        elif record != there:
            needed = f"{told(record)} recorded"
            kind = "edited, not public"
            yield Oddity(kind, table.name, partition, number, told(there), needed)


def _public(
    table: Table,
    keys: Iterable[tuple[int, str]],
    known: Mapping[int, Version],
    recorded: Mapping[tuple[int, str], Census],
    now: Contents,
) -> Iterator[Oddity]:
    for key in keys:
        number, partition = key
        version, there = known.get(number), now.get(key)
        step = _take_back(table, partition)
        if version is None or version.table != table.name or version.is_collected:
            found = "a version that was collected" if version else "a version that the ledger lacks"
            yield Oddity("gone", table.name, partition, number, found, "its rows expected", step)
            continue
        other = compared(recorded.get(key), there, partition)
        if other is not None:
            needed = f"{told(other.recorded)} published" if other.recorded else "a record expected"
            kind = "edited" if there else "gone"
            yield Oddity(kind, table.name, partition, number, told(other.held), needed, step)


def _take_back(table: Table, partition: str) -> str:
    day = date_of(partition)
    again = "boxout land its file" if table.is_source else f"boxout run {day}"
    return f"boxout recheck {day} --take-back, then {again}"


def _foreign(
    table: Table, number: int, partition: str | None, there: Census, needed: str
) -> Oddity:
    step = f"in DuckDB: DELETE FROM versions.{table} WHERE _version = {number}"
    if partition is not None:
        step += f" AND {table.scheme.column} = '{partition}'"
    return Oddity("foreign", table.name, partition or "", number, told(there), needed, step)


def _pointers(engine: Engine, reach: tuple[str, str]) -> Iterator[Oddity]:
    seen, cut = engine.warehouse.cut()
    stands = engine.warehouse.standing()
    news = engine.ledger.news(stands.publication)
    step = "boxout audit --mend"
    if is_other(stands, news):
        found = f"shows publication {stands.publication} of another history"
        needed = f"a publication of this ledger, which ends at {news.head}"
        again = f"put the ledger of this warehouse in its place, or when it is lost {step}"
        yield Oddity("history", "", "", None, found, needed, again)
        seen = news.head
    tables = {*engine.graph.tables, *engine.ledger.tables()}
    says = {p[:2]: p.version for p in engine.ledger.pointers(tables, *reach, seen)}
    shows = {key: version for key, version in cut.items() if reach[0] <= key[1] <= reach[1]}
    for table, partition in sorted(says.keys() | shows.keys()):
        ours, theirs = says.get((table, partition)), shows.get((table, partition))
        if ours != theirs:
            found, needed = f"shows {_named(theirs)}", f"{_named(ours)} is public"
            yield Oddity("pointer", table, partition, theirs, found, needed, step)


def _named(version: int | None) -> str:
    return "nothing" if version is None else f"version {version}"


def _checks(engine: Engine, reach: tuple[str, str]) -> Iterator[Oddity]:
    for one, check in engine.ledger.unchecked(*reach):
        if one.table not in engine.graph.tables:
            continue
        day, number = date_of(one.partition), one.since
        if check:
            step = f"boxout recheck {day} --take-back"
            said = f"{check} failed", f"a reason of whoever forced publication {number}"
            yield Oddity("failed", one.table, one.partition, one.version, *said, step)
        else:
            step = f"boxout rollback {one.table} {one.partition} --reason 'never checked'"
            said = f"publication {number} without a check", "at least 1 evaluated"
            yield Oddity("unchecked", one.table, one.partition, one.version, *said, step)


def _forced(engine: Engine, public: Iterable[Pointer]) -> Iterator[Oddity]:
    reasons = engine.ledger.forced()
    for one in public:
        if one.since in reasons:
            said = f"publication {one.since}: {reasons[one.since]}", "checks passed"
            yield Oddity("forced", one.table, one.partition, one.version, *said)


def _strays(engine: Engine) -> Iterator[Oddity]:
    for one in engine.warehouse.strays(list(engine.graph.tables.values())):
        kind = "view" if one.is_shown else "undeclared"
        step = "boxout audit --mend" if one.is_shown else ""
        yield Oddity(kind, one.name, "", None, one.found, one.needed, step)
