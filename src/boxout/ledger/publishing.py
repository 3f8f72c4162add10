"""Publication: one transaction that moves pointers, and the reasons for which some stay.

What the attempt holds and wrote is put into a temporary table; each statement then sets the
reason of partitions that stay back. A crash anywhere inside rolls everything back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from boxout.ledger import outbox_sql
from boxout.ledger import publishing_sql as sql
from boxout.ledger import sql as ledger_sql
from boxout.ledger.lost import lost
from boxout.ledger.outbox import Moved, of_publication
from boxout.ledger.port import BEFORE, CALENDAR
from boxout.ledger.records import Day, Published, Read

if TYPE_CHECKING:
    from sqlalchemy import Connection

AFTER: Final = "~"


@dataclass(frozen=True, slots=True)
class Request:
    """An attempt that asks to publish: what it wrote (version to table), and when it asks.

    `forced` is a person's reason to go past findings and tombstones, None as a rule.
    """

    attempt: int
    unit: str
    run: str
    tables: Mapping[int, str]
    now: str
    forced: str | None


def publish(
    c: "Connection", request: Request, calendar: Sequence[Day], calendar_dates: Sequence[str]
) -> Published:
    """Move what may go out; the rest stays back with its reason."""
    _set_up(c, request)
    reads = _reads(c)
    lease = {"unit": request.unit, "attempt": request.attempt}
    c.exec_driver_sql(sql.HOLD, lease).all()
    c.exec_driver_sql(sql.FENCED, lease)
    for version, read in reads:
        _keep_moved(c, version, read)
    for version, table in request.tables.items():
        _withhold(c, version, table, is_forced=request.forced is not None)
    if not request.tables:
        c.exec_driver_sql(sql.WITHHELD_ALL)
    if request.forced is None:
        c.exec_driver_sql(sql.WITHDRAWN)
    for version, table in request.tables.items():
        c.exec_driver_sql(sql.SAME, {"version": version, "table": table})
    c.exec_driver_sql(sql.UNCHANGED)
    _keep_with_own(c, request, reads)
    became = c.exec_driver_sql(sql.WHAT_BECAME).all()
    going = [partition for partition, why in became if why is None]
    publication = _move(c, request, going)
    if publication is not None:
        expect(c, publication, calendar, sorted(set(going).intersection(calendar_dates)))
        wake(c, publication, request.now)
    c.exec_driver_sql(sql.ANSWERED, {"unit": request.unit})
    c.exec_driver_sql(sql.FORGET_ON)
    return _told(publication, [(partition, why) for partition, why in became])


def requested(
    c: "Connection", attempt: int, versions: Sequence[int], now: str, forced: str | None
) -> Request:
    """The request, when all of these versions were written by this attempt.

    StoreUnavailable when the ledger has no such attempt or version.
    """
    began = c.exec_driver_sql(ledger_sql.UNIT_AND_RUN, (attempt,)).first()
    if began is None:
        raise lost("attempt", attempt)
    tables: dict[int, str] = {}
    for version in versions:
        written = c.exec_driver_sql(sql.WRITTEN_BY, (version,)).first()
        if written is None:
            raise lost("version", version)
        if written[1] != attempt:
            raise ValueError(f"version {version} was not written by attempt {attempt}")
        tables[version] = str(written[0])
    unit, run = began
    return Request(attempt, unit, run, tables, now, forced)


def _set_up(c: "Connection", request: Request) -> None:
    for statement in sql.SET_UP:
        c.exec_driver_sql(statement)
    for going in request.tables.items():
        c.exec_driver_sql(sql.GOING, going)
    asked = {"unit": request.unit, "attempt": request.attempt}
    for statement in sql.CANDIDATES:
        c.exec_driver_sql(statement, asked)


def _reads(c: "Connection") -> list[tuple[int, Read]]:
    return [(row[0], Read(*row[1:])) for row in c.exec_driver_sql(sql.READS)]


def _keep_moved(c: "Connection", version: int, read: Read) -> None:
    days = read.window_days
    if read.table.startswith(BEFORE):
        table = read.table.removeprefix(BEFORE)
        cut = {"began": read.first, "days": days, "snapshot": read.snapshot}
        c.exec_driver_sql(sql.KEEP_BEFORE, {"version": version, "table": table, **cut})
        return
    first = (date.fromisoformat(read.first[:10]) - timedelta(days or 0)).isoformat()
    reach = {"first": first, "last": read.last + AFTER, "snapshot": read.snapshot}
    if c.exec_driver_sql(sql.OVERLAP, {"table": read.table, **reach}).first() is None:
        return
    c.exec_driver_sql(sql.FORGET_MOVED)
    if read.table == CALENDAR:
        c.exec_driver_sql(sql.MOVED_CALENDAR, reach)
    else:
        c.exec_driver_sql(sql.MOVED, {"table": read.table, **reach})
    if c.exec_driver_sql(sql.IS_ANY_MOVED).first() is None:
        return
    if days is not None:
        c.exec_driver_sql(sql.KEEP_WINDOW, {"version": version, "days": days, "since": read.since})
        return
    for statement in sql.KEEP_RELATED:
        c.exec_driver_sql(statement, {"version": version})


def _withhold(c: "Connection", version: int, table: str, *, is_forced: bool) -> None:
    asked = {"version": version, "table": table}
    if not c.exec_driver_sql(sql.EVALUATED, asked).scalar():
        c.exec_driver_sql(sql.WITHHELD_ALL)
        return
    c.exec_driver_sql(sql.NOT_HELD, asked)
    if not is_forced:
        c.exec_driver_sql(sql.WITHHELD, asked)
        c.exec_driver_sql(sql.DISPLACES_COMPLETE, asked)


def _keep_with_own(c: "Connection", request: Request, reads: Sequence[tuple[int, Read]]) -> None:
    """Until nothing more stays back, because a window may have read what read a window."""
    own = [
        {"version": version, "table": read.table, "days": read.window_days}
        for version, read in reads
        if read.window_days is not None and read.table in request.tables.values()
    ]
    while sum(c.exec_driver_sql(sql.MOVED_WITH_OWN, one).rowcount > 0 for one in own):
        pass


def _move(c: "Connection", request: Request, going: Sequence[str]) -> int | None:
    publication: int | None = None
    told: list[Moved] = []
    kind = "normal" if request.forced is None else "forced"
    said = (kind, request.forced or "")
    if going:
        row = (request.attempt, request.unit, request.now, len(going), *said)
        publication = int(c.exec_driver_sql(sql.PUBLICATION, row).scalar_one())
    for version, table in request.tables.items():
        moved = {"publication": publication, "table": table, "version": version}
        c.exec_driver_sql(sql.CONFIRM, moved)
        if publication is not None:
            if request.forced is not None:
                c.exec_driver_sql(sql.LIFT, moved)
            c.exec_driver_sql(sql.CLOSE, moved)
            if count := c.exec_driver_sql(sql.POINT, moved).rowcount:
                c.exec_driver_sql(sql.MOVE, (publication, table, going[0], going[-1]))
                told.append(Moved(table, going[0], going[-1], count, version, {}))
    if publication is not None:
        outbox_sql.put(c, of_publication(request.run, request.now, publication, said, told))
    return publication


def expect(c: "Connection", publication: int, calendar: Sequence[Day], days: Sequence[str]) -> None:
    """What the calendar says of these days from this publication on; `named` must be empty."""
    if not days:
        return
    counted = set(days)
    named = [tuple(Day(*one)) for one in calendar if one[0][:10] in counted]
    if named:
        c.exec_driver_sql(sql.NAMED, named)
    c.exec_driver_sql(sql.UNLISTED, [(day,) for day in days])
    say(c, publication, days[0], days[-1] + AFTER)


def say(c: "Connection", publication: int, first: str, last: str) -> None:
    """Make what is in `named` the calendar's word, as far as it differs."""
    c.exec_driver_sql(sql.WAIVED)
    c.exec_driver_sql(sql.EXPECT, {"publication": publication})
    c.exec_driver_sql(sql.END_EXPECTATIONS, {"publication": publication})
    c.exec_driver_sql(sql.MOVE, (publication, CALENDAR, first, last))


def wake(c: "Connection", publication: int, now: str) -> None:
    """Whoever waits for something that this publication moved looks again at once."""
    c.exec_driver_sql(sql.WAKE, {"publication": publication, "now": now})


def _told(publication: int | None, became: Sequence[tuple[str, str | None]]) -> Published:
    sorted_out: dict[str | None, list[str]] = {}
    for partition, why in became:
        sorted_out.setdefault(why, []).append(partition)

    def of(why: str | None) -> tuple[str, ...]:
        return tuple(sorted_out.get(why, ()))

    kept_back = (of(why) for why in ("withheld", "moved", "fenced", "unchanged", "withdrawn"))
    return Published(publication, of(None), *kept_back)
