"""Is a file like those before it? If not it is refused whole, unless a person says that it is meant.

Every file is described in the ledger, landed or not. It is compared with the latest files of its
reader that are public and were not taken back; a file that a person took becomes the new normal:
those before it count no more.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from boxout.compiled import broken, lineage, reader_lineage
from boxout.errors import Withheld
from boxout.ledger.records import Description, Event
from boxout.model import Reader
from boxout.run.describe import Seen, as_text, describe, from_text
from boxout.run.drift import Drift, Drifted, compare, looks_like
from boxout.run.engine import Engine
from boxout.run.header import Header, lacking_text

LOOKED_AT_MAX: Final = 1_000
"""Rows of a file that are looked at, evenly spread."""

BEFORE_MAX: Final = 8
"""Files that a file is compared with."""


class Came(NamedTuple):
    """A file as it came, and how it differs from those before it; `accepted` is a person's reason."""

    path: Path
    reader: Reader
    digest: str
    seen: Seen
    drift: Drift
    accepted: str = ""


def look_at(engine: Engine, path: Path, reader: Reader, header: Header, digest: str) -> Came:
    """The file that is staged, compared with those before it."""
    seen = describe(engine.warehouse.came(LOOKED_AT_MAX), header.named)
    drift = compare(seen, before(engine, reader), reader.needs)
    return Came(path, reader, digest, seen, drift)


def before(engine: Engine, reader: Reader) -> list[Seen]:
    """The files that count as normal, newest first: back to the last that a person took."""
    found: list[Seen] = []
    for one in engine.ledger.descriptions(reader.table.name, reader.name, BEFORE_MAX):
        found.append(from_text(one.columns))
        if one.accepted:
            break
    return found


def judge(engine: Engine, came: Came, accept: str) -> Came:
    """The file, as a person took it where that was needed; Withheld when it is refused."""
    if not came.drift.breaking:
        return came
    if accept:
        return came._replace(accepted=accept)
    _record(engine, came, came.drift.breaking)
    raise Withheld(_refusal(engine, came, list(came.seen)))


def keep(engine: Engine, came: Came, version: int | None) -> None:
    """What the file looked like, on record; `version` is what of it is public."""
    table, reader = came.reader.table.name, came.reader.name
    kept = (str(came.path), came.digest, as_text(came.seen), version, came.accepted)
    engine.ledger.put_description(Description(table, reader, *kept))


def refuse_lacking(
    engine: Engine, path: Path, reader: Reader, header: Header, digest: str
) -> Withheld:
    """The refusal of a file whose needed columns are missing, with what became of them, if known.

    The file is staged as it is, to find the columns by their values.
    """
    names = {name: name for name in header.found if name.lower() != "_line"}
    seen = describe(engine.warehouse.came(LOOKED_AT_MAX), names)
    known = before(engine, reader)
    gone = [
        Drifted("gone", need, "no such column", "", is_breaking=True) for need in header.lacking
    ]
    drift = Drift(len(known), tuple(gone), is_unread=True)
    _record(engine, Came(path, reader, digest, seen, drift), gone)
    breaks = downstream(engine, reader, [*names, *header.lacking])
    more = [
        *_by_values(seen, known, header),
        *(f"breaks  {line}" for one in gone for line in breaks(one.column)),
    ]
    return Withheld(lacking_text(path, reader, header, more))


def _by_values(seen: Seen, known: Sequence[Seen], header: Header) -> Iterator[str]:
    if not known:
        yield "nothing to compare with: no file of this reader is public yet"
        return
    others = {name: one for name, one in seen.items() if name not in known[0]}
    for need in header.lacking:
        like = looks_like(need, known[0][need], others) if need in known[0] else None
        if like:
            yield f"{need}: {like} looks like it, by its name and values: --map {need}={like}"


def downstream(
    engine: Engine, reader: Reader, names: Sequence[str]
) -> Callable[[str], Iterator[str]]:
    """What is computed from a column of a file: columns, joins and filters of processors."""
    try:
        made = reader_lineage(reader, names)
    except AttributeError as error:  # it reads what it does not list among its needs
        untold = f"cannot be told: {error}"
        return lambda _: iter([untold])
    lineages = {name: lineage(one) for name, one in engine.graph.processors.items()}

    def told(column: str) -> Iterator[str]:
        for name in (name for name, sources in made.items() if column in sources):
            for line in broken(lineages, reader.table.name, name):
                yield f"{reader.table}.{name} -> {line}"

    return told


def _record(engine: Engine, came: Came, found: Sequence[Drifted]) -> None:
    """The refusal, on record: what the file looked like, and an event of each of its partitions."""
    keep(engine, came, None)
    now, run, table = engine.ledger.now(), engine.new_run(), came.reader.table
    engine.ledger.record_events(
        [
            Event(now, run, table.name, partition, "refused", *_subject(one))
            for partition in _partitions(engine, came)
            for one in found
        ]
    )


def _subject(one: Drifted) -> tuple[str, str, str]:
    return f"{one.column} {one.kind}", one.found, f"so far {one.needed}" if one.needed else ""


def _partitions(engine: Engine, came: Came) -> list[str]:
    """Those that the file names; the empty one when it cannot be told."""
    if came.drift.is_unread:
        return [""]
    found = engine.warehouse.staged_partitions(came.reader.table.scheme.column)
    return [one for one in found if one] or [""]


def _refusal(engine: Engine, came: Came, names: Sequence[str]) -> str:
    reader, path, files = came.reader, came.path, came.drift.compared
    breaks = downstream(engine, reader, names)
    told = [_told(one, list(breaks(one.column))) for one in came.drift.breaking]
    return (
        f"{path}: refused whole by reader {reader.name}, it is not like the"
        f" {'file' if files == 1 else f'{files} files'} before it:\n\n"
        + "".join(f"  {line}\n" for of in told for line in of)
        + "\nNothing was landed; the file is where it was, readers still see what they saw.\n"
        f"Next: mend the file; or, when it is meant: boxout land {path} --reader {reader.name}"
        ' --accept "REASON", which lands it and makes it what the next files are compared with.'
    )


def _told(one: Drifted, lines: Sequence[str]) -> Iterator[str]:
    yield f"{one.column}: {one.kind}"
    yield f"  found   {one.found}"
    yield f"  needed  {one.needed}, as so far"
    yield from (f"  breaks  {line}" for line in lines)
    if not lines:
        yield "  breaks  nothing that is computed"
