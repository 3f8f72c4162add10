"""Landing: a file becomes a version of a source; rows that cannot be are set aside with a reason.

In this order, and a crash after any step loses nothing and shows nothing half:

1. the file is read into temporary tables; nothing lasts
2. rows with a reason go to quarantine; landing the file again puts none there twice
3. the partitions are leased; the lease of a process that is gone is taken over
4. the version and the file it came from are recorded, then its rows; no pointer names them
5. the audit is recorded
6. one transaction moves the pointers; from here on the file is public
7. what stayed back is told, the lease is given back, the views are moved; anyone may do that later.
  A file whose look was not kept is not among those that the next one is compared with
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from boxout.errors import DefinitionError, StoreUnavailable, Withheld
from boxout.ledger.records import Census, CheckCount, Event, Finding, Published
from boxout.model import TOLD_ONLY, Reader, RejectLimit
from boxout.model.outcomes import Reason
from boxout.model.partitions import AFTER
from boxout.run.arrive import Arrived, Origin, arrive
from boxout.run.drift import Drift
from boxout.run.engine import Engine
from boxout.run.familiar import Came, judge, keep, look_at, refuse_lacking
from boxout.run.header import header_of
from boxout.run.opened import as_table
from boxout.run.recheck import look_again
from boxout.run.refused import telling_refusal
from boxout.run.spoken import empty_dates
from boxout.run.typed import judged_sql, typed_sql
from boxout.run.writes import write_landed

SET_ASIDE_SHARE_MAX: Final = 0.5
"""When more of a file is set aside, the rest is withheld, however few: a rule or the file is wrong."""

REFUSED: Final = frozenset({"withheld", "refused"})
"""The events that say that something came and is not public."""

ROWS_ASIDE: Final = "rows set aside"
LINES_TOLD_MAX: Final = 5


class Landed(NamedTuple):
    """What became of one file: rows kept and set aside, partitions by what happened to them.

    `rejected` counts the rows in quarantine by reason, `lines` names the first of each;
    `reasons` says of each withheld partition why; `harmless` are reasons that are no faults.
    `drift` is how the file differs from those before it, and `accepted` the reason for which a
    person took it all the same.
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
    harmless: frozenset[str] = frozenset()
    drift: Drift = Drift()
    accepted: str = ""

    @property
    def faults(self) -> int:
        """Rows set aside that speak against the file: all of them when no row is left."""
        named = frozenset[str]() if self.rows == 0 else self.harmless
        return sum(count for reason, count in self.rejected.items() if reason not in named)


class Arrival(NamedTuple):
    """A file that was read and judged, and not kept yet.

    `incomplete` counts the faulty rows by partition; `named` are the partitions of rows set aside.
    """

    file: str
    reader: Reader
    rejected: Mapping[str, int]
    lines: Mapping[str, Sequence[int]]
    partitions: Sequence[str]
    incomplete: Mapping[str | None, int]
    named: frozenset[str]
    run: str


def land(  # noqa: PLR0913
    engine: Engine,
    path: Path,
    reader: Reader,
    columns: Mapping[str, str] | None = None,
    covers: tuple[str, str] | None = None,
    *,
    accept: str = "",
    forced: str | None = None,
) -> Landed:
    """Land one file through a reader; refused whole when it is not what the reader needs.

    `columns` maps the reader's column names to those of the file. `covers` are the first and
    the last date of which a file of the calendar says everything: one that it does not name has
    nothing on it. A file that is not like those before it is refused, unless `accept` says why it
    is meant. `forced` is a person's reason to publish what is left of it past what speaks against
    that. Withheld when the file is refused, StoreUnavailable when another landing of these
    partitions is under way.
    """
    with telling_refusal(engine, path, reader):
        came = judge(engine, _staged(engine, path, reader, columns or {}), accept)
        arrival = _read(engine, path, reader)
    is_dated = None not in arrival.incomplete
    known = empty_dates(engine, reader, arrival.partitions, arrival.named, covers)
    seen = engine.ledger.head()
    arrived = _arrived(engine, came, arrival, known if is_dated else (), forced)
    there = (*arrived.published.published, *arrived.published.unchanged)
    engine.warehouse.supersede(reader.table, there, arrived.version)
    keep(engine, came, arrived.version if there else None)
    landed = told_of(engine, arrival, arrived)._replace(drift=came.drift, accepted=came.accepted)
    look_again(engine, seen)
    return landed


def _arrived(
    engine: Engine, came: Came, arrival: Arrival, quiet: Sequence[str], forced: str | None
) -> Arrived:
    """The rows that are left, as a version that is public where it may be."""
    path, reader = came.path, came.reader
    arrived = arrive(
        engine,
        reader.table,
        sorted({*arrival.partitions, *quiet}),
        lambda version: write_landed(engine, reader.table, version),
        Origin(str(path), reader.name, sum(arrival.rejected.values()), came.digest),
        run=arrival.run,
        empty=quiet,
        judge=lambda version: hold_back(engine, version, arrival, row_count(engine, version)),
        forced=forced,
    )
    if arrived is None:
        raise StoreUnavailable(
            f"{path}: not landed, another landing of {reader.table} holds some of its partitions."
            " Nothing was kept; land it again."
        )
    return arrived


def _staged(engine: Engine, path: Path, reader: Reader, columns: Mapping[str, str]) -> Came:
    """The file in temporary tables, and how it differs from those before it."""
    if not path.is_file():
        raise DefinitionError(f"{path}: no such file. Nothing was landed.")
    with as_table(path, reader) as table:
        header = header_of(reader, columns, engine.warehouse.file_columns(table))
        if header.lacking:
            engine.warehouse.stage(header.as_it_is, table, "FROM raw")
            raise refuse_lacking(engine, path, reader, header, digest(path))
        engine.warehouse.stage(header.sql, table, typed_sql(engine, reader, header.names))
    return look_at(engine, path, reader, header, digest(path))


def _read(engine: Engine, path: Path, reader: Reader) -> Arrival:
    arrival = judged_arrival(engine, str(path), reader)
    if not arrival.partitions and not arrival.rejected:
        raise Withheld(
            f"{path}: refused whole, 0 rows found, at least 1 needed. Nothing was landed;"
            " readers still see what they saw."
        )
    return arrival


def judged_arrival(
    engine: Engine, file: str, reader: Reader, landing: int | None = None
) -> Arrival:
    """What is staged, once the rows with a reason are set aside; `landing` is theirs if known."""
    rejected = engine.warehouse.set_aside(
        reader.table,
        file,
        judged_sql(engine, reader),
        reader=reader.name,
        at=engine.ledger.now(),
        version=landing,
    )
    aside = engine.warehouse.latest_set_aside(LINES_TOLD_MAX) if rejected else []
    partitions = engine.warehouse.staged_partitions(reader.table.scheme.column)
    told: dict[str, list[int]] = {}
    incomplete: dict[str | None, int] = {}
    for row in aside:
        told[row["reason"]] = sorted([*told.get(row["reason"], []), *row["lines"]])[:LINES_TOLD_MAX]
        if row["reason"] not in reader.holds_nothing_back:
            incomplete[row["part"]] = incomplete.get(row["part"], 0) + row["rows"]
    ours = (row["part"] for row in aside if row["reason"] not in reader.foreign)
    named = frozenset(part for part in ours if part is not None)
    return Arrival(file, reader, rejected, told, partitions, incomplete, named, engine.new_run())


def told_of(engine: Engine, arrival: Arrival, arrived: Arrived) -> Landed:
    """What became of it; what stayed back becomes an event."""
    published, version = arrived.published, arrived.version
    reasons = _reasons(engine, version, published)
    _record(engine, arrival, published, reasons)
    rows = row_count(engine, version)
    return Landed(
        arrival.file, arrival.reader.table.name, version, published.publication, rows,
        arrival.rejected, published.published, published.unchanged, tuple(reasons),
        arrival.lines, reasons, arrival.reader.harmless | arrival.reader.foreign,
    )  # fmt: skip


def row_count(engine: Engine, version: int) -> int:
    """How many rows a version has."""
    return sum(one.rows for one in engine.ledger.census(version, "", AFTER))


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hold_back(engine: Engine, version: int, arrival: Arrival, kept: int) -> None:
    """Withhold what is not whole: a calendar date with rows set aside, a file that mostly was.

    A calendar that lacks a row would say that its partition is not there. A row of which nobody
    knows the date may belong to any of them. `kept` counts the rows of the file that were not
    set aside.
    """
    if arrival.reader.table == engine.pipeline.calendar.table:
        of_any = arrival.incomplete.get(None, 0)
        for partition in arrival.partitions:
            count = of_any + arrival.incomplete.get(partition, 0)
            if count:
                block(engine, version, (partition,), (f"{count} rows set aside", "0 expected"))
    rejected = sum(arrival.incomplete.values())
    total = kept + rejected
    half = RejectLimit(SET_ASIDE_SHARE_MAX, 1)
    declared = arrival.reader.table.rejects or half
    limit = next((one for one in (declared, half) if one.is_broken(rejected, total)), None)
    if limit is not None:
        found = f"{rejected} of {total} rows ({rejected / total:.0%})"
        needed = f"at most {limit.share_max:.0%} expected"
        block(engine, version, arrival.partitions, (found, needed))


def block(engine: Engine, version: int, partitions: Sequence[str], sides: tuple[str, str]) -> None:
    """Withhold partitions of a version, with both sides of the comparison."""
    check = ROWS_ASIDE
    counts = [CheckCount(check, "block", 0, len(partitions), 0)]
    findings = [Finding(p, check, "block", "failed", *sides) for p in partitions]
    nothing: list[Census] = []
    engine.ledger.record_audit(version, nothing, counts, findings)


def _reasons(engine: Engine, version: int, published: Published) -> dict[str, tuple[Reason, ...]]:
    """Why partitions stayed back: what did not pass, or that the lease was lost meanwhile."""
    found: dict[str, list[Reason]] = {p: [] for p in published.withheld}
    if found:
        for one in engine.ledger.findings([version], min(found), max(found)):
            if one.severity not in TOLD_ONLY and one.partition in found:
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
    arrival: Arrival,
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
        refused = {e.partition for e in known if e.kind in REFUSED}.intersection(same)
        says = ("arrival", "the same rows as those that are public", "")
        events += [Event(now, arrival.run, table, p, "unchanged", *says) for p in sorted(refused)]
    if events:
        engine.ledger.record_events(events)
