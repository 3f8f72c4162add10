"""Arrival: staged rows become a version of a source and go public, partition by partition."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from boxout.ledger.records import Arrival, Day, Published
from boxout.model import Table
from boxout.run.compute import audit_version
from boxout.run.engine import Engine, begin, show
from boxout.run.writes import publish


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of an arrival."""

    version: int
    published: Published


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an arrival came from; `digest` is the SHA-256 of the file's bytes.

    `landing` is the version that the file became, when rows it set aside are read again.
    """

    file: str
    reader: str
    rejected: int
    digest: str
    landing: int | None = None

    def of(self, version: int) -> Arrival:
        """As the ledger keeps it."""
        landing = version if self.landing is None else self.landing
        return Arrival(version, self.file, self.reader, self.rejected, self.digest, landing)


def arrive(  # noqa: PLR0913
    engine: Engine,
    table: Table,
    partitions: Sequence[str],
    keep: Callable[[int], None],
    origin: Origin,
    *,
    run: str,
    empty: Sequence[str] = (),
    judge: Callable[[int], None] = lambda _: None,
    forced: str | None = None,
) -> Arrived | None:
    """Keep the rows as one version, audit it, and publish what may go out.

    `keep` appends the rows to the version it is given; `empty` are those of the partitions that
    are declared to have no rows: dates of the calendar without a game. `judge` may add findings
    to the version before it is published. None, with nothing kept, when somebody else is
    landing one of these partitions. A crash before publication leaves rows
    that nobody can see; the file can be landed again.
    """
    begin(engine)
    lease_s = engine.policy.lease_s
    claim = engine.ledger.claim(table.name, partitions, run=run, lease_s=lease_s, code=engine.code)
    try:
        if claim.refused:
            return None
        with engine.alive(claim.attempt, lease_s):
            version = engine.ledger.open_version(claim.attempt, table.name, origin.reader, ())
            engine.ledger.arrival(origin.of(version))
            keep(version)
            audit_version(engine, table, version, partitions, empty)
            judge(version)
            published = _out(engine, claim.attempt, table, version, partitions, forced)
    finally:
        engine.ledger.release(claim.attempt)
    show(engine)
    return Arrived(version, published)


def _out(  # noqa: PLR0917
    engine: Engine,
    attempt: int,
    table: Table,
    version: int,
    partitions: Sequence[str],
    forced: str | None,
) -> Published:
    """Publish what may go out, with what it says of the calendar's dates."""
    calendar = said(engine, table, version)
    days = partitions if table.name == engine.pipeline.calendar.table.name else ()
    return publish(
        engine, attempt, (version,), calendar=calendar, calendar_dates=days, forced=forced
    )


def said(engine: Engine, table: Table, version: int) -> tuple[Day, ...]:
    """What a version of the calendar's table says of each partition; nothing for other tables."""
    if table.name != engine.pipeline.calendar.table.name:
        return ()
    rows = engine.warehouse.audit(engine.compiled.calendar, {"audited": (table, version)})
    return tuple(
        Day(row["partition"], row["state"], bool(row["is_expected"]), row["identity"], row["phase"])
        for row in rows
    )
