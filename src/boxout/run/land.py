"""Landing: a file becomes a version of a source; rows that cannot be are set aside with a reason.

In this order, and a crash after any step loses nothing and shows nothing half:

1. the file is read into temporary tables; nothing lasts
2. rows with a reason go to quarantine; landing the file again puts none there twice
3. the partitions are leased; the lease of a process that is gone is taken over
4. the version and the file it came from are recorded, then its rows; no pointer names them
5. the audit is recorded
6. one transaction moves the pointers; from here on the file is public
7. what stayed back is told, the lease is given back, the views are moved; anyone may do that later
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from boxout.compiled import unbound
from boxout.errors import DefinitionError, StoreUnavailable, Withheld
from boxout.graph.order import near
from boxout.ledger.records import Census, CheckCount, Event, Finding, Published
from boxout.model import Reader, Rows, ibis
from boxout.model.outcomes import Reason
from boxout.model.partitions import AFTER
from boxout.run.arrive import Arrived, Origin, arrive
from boxout.run.engine import Engine
from boxout.run.recheck import look_again
from boxout.run.writes import write_landed

SET_ASIDE_SHARE_MAX: Final = 0.5
"""When more of a file is set aside, the rest of it is withheld: a rule or the file is wrong."""

LINES_TOLD_MAX: Final = 5


class Landed(NamedTuple):
    """What became of one file: rows kept and set aside, partitions by what happened to them.

    `rejected` counts the rows in quarantine by reason, `lines` names the first of each;
    `reasons` says of each withheld partition why.
    """

    file: str
    table: str
    version: int
    publication: int | None
    rows: int
    rejected: Mapping[str, int]
    published: tuple[str, ...]
    unchanged: tuple[str, ...]
    withheld: tuple[str, ...]
    lines: Mapping[str, Sequence[int]]
    reasons: Mapping[str, tuple[Reason, ...]]


class _Arrival(NamedTuple):
    """A file that was read and judged, and not kept yet."""

    path: Path
    reader: Reader
    rejected: Mapping[str, int]
    lines: Mapping[str, Sequence[int]]
    partitions: Sequence[str]
    incomplete: Mapping[str | None, int]
    run: str


def land(
    engine: Engine,
    path: Path,
    reader: Reader,
    columns: Mapping[str, str] | None = None,
    covers: tuple[str, str] | None = None,
) -> Landed:
    """Land one file through a reader; refused whole when it is not what the reader needs.

    `columns` maps the reader's column names to those of the file. `covers` are the first and
    the last date of which a file of the calendar says everything: one that it does not name has
    nothing on it. Withheld when the file is refused, StoreUnavailable when another landing of
    these partitions is under way.
    """
    arrival = _read(engine, path, reader, columns or {})
    quiet = _quiet(engine, arrival, covers)
    seen = engine.ledger.head()
    origin = Origin(str(path), reader.name, sum(arrival.rejected.values()), digest(path))
    arrived = arrive(
        engine,
        reader.table,
        sorted({*arrival.partitions, *quiet}),
        lambda version: write_landed(engine, reader.table, version),
        origin,
        run=arrival.run,
        empty=quiet,
        judge=lambda version: _hold_back(engine, version, arrival),
    )
    if arrived is None:
        raise StoreUnavailable(
            f"{path}: not landed, another landing of {reader.table} holds some of its partitions."
            " Nothing was kept; land it again."
        )
    landed = _told(engine, arrival, arrived)
    look_again(engine, seen)
    return landed


def _read(engine: Engine, path: Path, reader: Reader, columns: Mapping[str, str]) -> _Arrival:
    source = _raw_sql(engine, path, reader, columns)
    engine.warehouse.stage(source.sql, path, _sql(engine, _typed(reader, source.names)))
    rejected = engine.warehouse.set_aside(reader.table, str(path), _sql(engine, judged(reader)))
    aside = engine.warehouse.latest_set_aside(LINES_TOLD_MAX) if rejected else []
    partitions = engine.warehouse.staged_partitions(reader.table.scheme.column)
    if not partitions and not rejected:
        raise Withheld(
            f"{path}: refused whole, 0 rows found, at least 1 needed. Nothing was landed;"
            " readers still see what they saw."
        )
    told: dict[str, list[int]] = {}
    incomplete: dict[str | None, int] = {}
    for row in aside:
        told[row["reason"]] = sorted([*told.get(row["reason"], []), *row["lines"]])[:LINES_TOLD_MAX]
        incomplete[row["part"]] = incomplete.get(row["part"], 0) + row["rows"]
    return _Arrival(path, reader, rejected, told, partitions, incomplete, engine.new_run())


def _quiet(engine: Engine, arrival: _Arrival, covers: tuple[str, str] | None) -> tuple[str, ...]:
    """The dates of which the file says that there is nothing on them."""
    table, partitions = arrival.reader.table, arrival.partitions
    if covers is None and arrival.reader.is_gapless and partitions:
        covers = (min(partitions), max(partitions))
    if covers is None:
        return ()
    if table != engine.pipeline.calendar.table:
        raise DefinitionError(f"{arrival.path}: only a file of the calendar covers dates")
    first, last = map(date.fromisoformat, covers)
    days = (str(first + timedelta(n)) for n in range((last - first).days + 1))
    return tuple(day for day in days if day not in set(partitions))


def _told(engine: Engine, arrival: _Arrival, arrived: Arrived) -> Landed:
    published, version = arrived.published, arrived.version
    reasons = _reasons(engine, version, published)
    _record(engine, arrival, published, reasons)
    rows = sum(one.rows for one in engine.ledger.census(version, "", AFTER))
    return Landed(
        str(arrival.path), arrival.reader.table.name, version, published.publication, rows,
        arrival.rejected, published.published, published.unchanged, tuple(reasons),
        arrival.lines, reasons,
    )  # fmt: skip


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hold_back(engine: Engine, version: int, arrival: _Arrival) -> None:
    """Withhold what is not whole: a calendar date with rows set aside, a file that mostly was.

    A calendar that lacks a row would say that its partition is not there. A row of which nobody
    knows the date may belong to any of them.
    """
    if arrival.reader.table == engine.pipeline.calendar.table:
        of_any = arrival.incomplete.get(None, 0)
        for partition in arrival.partitions:
            count = of_any + arrival.incomplete.get(partition, 0)
            if count:
                _block(engine, version, (partition,), (f"{count} rows set aside", "0 expected"))
    rejected = sum(arrival.rejected.values())
    rows = sum(one.rows for one in engine.ledger.census(version, "", AFTER))
    total = rows + rejected
    if rejected <= SET_ASIDE_SHARE_MAX * total:
        return
    needed = f"at most {SET_ASIDE_SHARE_MAX:.0%} expected"
    _block(engine, version, arrival.partitions, (f"{rejected} of {total} rows", needed))


def _block(engine: Engine, version: int, partitions: Sequence[str], sides: tuple[str, str]) -> None:
    check = "rows set aside"
    counts = [CheckCount(check, "block", 0, len(partitions), 0)]
    findings = [Finding(p, check, "block", "failed", *sides) for p in partitions]
    nothing: list[Census] = []
    engine.ledger.record_audit(version, nothing, counts, findings)


def _reasons(engine: Engine, version: int, published: Published) -> dict[str, tuple[Reason, ...]]:
    """Why partitions stayed back: what did not pass, or that the lease was lost meanwhile."""
    found: dict[str, list[Reason]] = {p: [] for p in published.withheld}
    if found:
        for one in engine.ledger.findings([version], min(found), max(found)):
            if one.severity != "warn" and one.partition in found:
                reason = Reason(one.check, f"{one.answer}, {one.found}", one.needed)
                found[one.partition].append(reason)
    unknown = Reason("ledger", "no check was evaluated", "at least 1 needed")
    lost = Reason("lease", "lost to a newer attempt", "land it again")
    buried = Reason("ledger", "has the rows of a version that was withdrawn")
    told = {partition: tuple(reasons) or (unknown,) for partition, reasons in found.items()}
    told |= dict.fromkeys(published.withdrawn, (buried,))
    return told | dict.fromkeys((*published.fenced, *published.moved), (lost,))


def _record(
    engine: Engine,
    arrival: _Arrival,
    published: Published,
    reasons: Mapping[str, Sequence[Reason]],
) -> None:
    """Events: what stayed back; and what a later arrival proved to be as it is public."""
    now, table = engine.ledger.now(), arrival.reader.table.name
    kinds = dict.fromkeys(reasons, "withheld") | dict.fromkeys(published.fenced, "fenced")
    events = [
        Event(now, arrival.run, table, p, kinds[p], r.subject, r.found, r.needed)
        for p, of in reasons.items()
        for r in of
    ]
    if published.unchanged:
        first, last, same = published.unchanged[0], published.unchanged[-1], published.unchanged
        known = engine.ledger.latest_events([table], first, last)
        refused = {e.partition for e in known if e.kind == "withheld"}.intersection(same)
        says = ("arrival", "the same rows as those that are public", "")
        events += [Event(now, arrival.run, table, p, "unchanged", *says) for p in sorted(refused)]
    if events:
        engine.ledger.record_events(events)


class _Raw(NamedTuple):
    sql: str
    names: tuple[str, ...]


def _raw_sql(engine: Engine, path: Path, reader: Reader, columns: Mapping[str, str]) -> _Raw:
    """Every needed column under its own name, and the others of the file beside them."""
    if not path.is_file():
        raise DefinitionError(f"{path}: no such file. Nothing was landed.")
    names = engine.warehouse.file_columns(path)
    needed = {name: columns.get(name, name) for name in reader.needs}
    lacking = {need: found for need, found in needed.items() if found not in names}
    if lacking:
        raise Withheld(_lacking(path, reader, names, lacking))
    taken = {name.lower() for name in (*needed, *needed.values(), "_line")}
    others = {name: name for name in names if name.lower() not in taken}
    chosen = needed | others
    sql = ", ".join(f"{quoted(old)}::VARCHAR AS {quoted(new)}" for new, old in chosen.items())
    return _Raw(sql, tuple(chosen))


def _lacking(path: Path, reader: Reader, names: Sequence[str], lacking: Mapping[str, str]) -> str:
    slips = {need: near(found.lower(), names) for need, found in lacking.items()}
    told = [
        (f"{found} (for {need})" if need != found else need) + slips[need].replace(". D", ", d")
        for need, found in lacking.items()
    ]
    return (
        f"{path}: refused whole by reader {reader.name}, columns are missing:\n"
        + "".join(f"  {one}\n" for one in told)
        + f"\n  found   {_shortened(names)}\n  needed  {_shortened(reader.needs)}\n\n"
        "Nothing was landed; readers still see what they saw.\n"
        f"Next: name a column with --map {next(iter(lacking))}=FOUND, choose another --reader, or"
        " mend the file."
    )


def _shortened(names: Sequence[str]) -> str:
    """The names on one line, of which nobody wants a thousand."""
    text = ", ".join(name if name.isprintable() else repr(name) for name in names)
    return text if len(text) <= 600 else f"{text[:600]} ... ({len(names)} columns)"


def quoted(name: str) -> str:
    """A name from a file's header as an SQL identifier, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def _typed(reader: Reader, names: tuple[str, ...]) -> Rows:
    raw = ibis.table({**dict.fromkeys(names, "string"), "_line": "int64"}, name="raw")
    try:
        read = reader.read(raw)
    except AttributeError as error:
        raise DefinitionError(
            f"reader {reader.name} reads a column that it does not list among its needs: {error}."
            " Nothing was landed."
        ) from error
    text = {
        c.name: read[c.name].cast("string").nullif(ibis.literal("")) for c in reader.table.columns
    }
    cast = {c.name: _finite(text[c.name].try_cast(c.dtype)) for c in reader.table.columns}
    bad = ibis.coalesce(
        *(
            ibis.ifelse(
                text[c.name].notnull() & cast[c.name].isnull(),
                f"{c.name} is not of type {c.dtype}",
                ibis.null("string"),
            )
            for c in reader.table.columns
        ),
        *(
            ibis.ifelse(text[c.name].isnull(), f"{c.name} is missing", ibis.null("string"))
            for c in reader.table.columns
            if c.null is None
        ),
    )
    return read.select("_line", **cast, _bad=bad)


def _finite(column: Any) -> Any:
    """NaN and infinity are no numbers: a bound lets them pass, a sum is lost with them."""
    if not column.type().is_floating():
        return column
    is_none = column.isnan() | column.isinf()
    return ibis.ifelse(is_none, ibis.null("float64"), column)


def judged(reader: Reader) -> Rows:
    """Every staged row with the first reason for which it is set aside, or null."""
    table = reader.table
    staged = unbound(table, "staged", {"_line": "int64", "_bad": "string"})
    others = staged.group_by(*table.key).aggregate(times_there=staged.count())
    rows = staged.left_join(others, list(table.key))
    twice = ibis.ifelse(
        rows.times_there.cast("int64") > ibis.literal(1), "key is there twice", ibis.null("string")
    )
    reasons = [
        ibis.ifelse(reject(rows), name, ibis.null("string"))
        for name, reject in reader.rejects.items()
    ]
    told = ibis.coalesce(*reasons, rows["_bad"], twice)
    return rows.select("_line", _reason=told, _partition=rows[table.scheme.column])


def _sql(engine: Engine, expression: Any) -> str:
    return str(ibis.to_sql(expression, dialect=engine.warehouse.dialect))
