"""Publication: one transaction that moves pointers, and the reasons for which some stay.

What the attempt holds and wrote is put into a temporary table; each statement then sets the
reason of partitions that stay back. A crash anywhere inside rolls everything back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from boxout.ledger import publishing_sql as sql
from boxout.ledger import sql as ledger_sql
from boxout.ledger.port import CALENDAR
from boxout.ledger.records import Published, Read

if TYPE_CHECKING:
    from sqlalchemy import Connection

Day: TypeAlias = tuple[str, str, bool]
"""(partition, state, is_expected)"""

_AFTER: Final = "~"


@dataclass(frozen=True, slots=True)
class Request:
    """An attempt that asks to publish: what it wrote (version to table), and when it asks."""

    attempt: int
    unit: str
    tables: Mapping[int, str]
    now: str


def publish(
    c: "Connection",
    request: Request,
    calendar: Sequence[Day],
    calendar_dates: Sequence[str],
) -> Published:
    """Move what may go out; the rest stays back with its reason."""
    _set_up(c, request)
    reads = _reads(c)
    c.exec_driver_sql(sql.FENCED, {"unit": request.unit, "attempt": request.attempt})
    for version, read in reads:
        _keep_moved(c, version, read)
    for version, table in request.tables.items():
        _withhold(c, version, table)
    if not request.tables:
        c.exec_driver_sql(sql.WITHHELD_ALL)
    c.exec_driver_sql(sql.UNCHANGED, {"is_source": not reads})
    _keep_with_own(c, request, reads)
    became = c.exec_driver_sql(sql.WHAT_BECAME).all()
    going = [partition for partition, why in became if why is None]
    publication = _move(c, request, going) if going else None
    if publication is not None:
        days = sorted(set(going).intersection(calendar_dates))
        _expect(c, publication, calendar, days)
    return _told(publication, [(partition, why) for partition, why in became])


def requested(c: "Connection", attempt: int, versions: Sequence[int], now: str) -> Request:
    """The request, when all of these versions were written by this attempt."""
    unit = c.exec_driver_sql(ledger_sql.UNIT, (attempt,)).scalar()
    tables: dict[int, str] = {}
    for version in versions:
        table = c.exec_driver_sql(sql.WRITTEN_BY, (version, attempt)).scalar()
        if table is None:
            raise ValueError(f"version {version} was not written by attempt {attempt}")
        tables[version] = str(table)
    return Request(attempt, str(unit), tables, now)


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
    asked = {"version": version, "table": read.table, "snapshot": read.snapshot}
    first = (date.fromisoformat(read.first[:10]) - timedelta(days or 0)).isoformat()
    reach = {**asked, "first": first, "last": read.last + _AFTER}
    if c.exec_driver_sql(sql.OVERLAP, reach).first() is None:
        return
    if read.table == CALENDAR:
        c.exec_driver_sql(sql.MOVED_CALENDAR, asked)
    elif days is not None:
        c.exec_driver_sql(sql.MOVED_WINDOW, {**asked, "days": days})
    else:
        for statement in (sql.MOVED_SAME, sql.MOVED_DATE, sql.MOVED_GAMES):
            c.exec_driver_sql(statement, asked)


def _withhold(c: "Connection", version: int, table: str) -> None:
    asked = {"version": version, "table": table}
    if not c.exec_driver_sql(sql.EVALUATED, asked).scalar():
        c.exec_driver_sql(sql.WITHHELD_ALL)
        return
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


def _move(c: "Connection", request: Request, going: Sequence[str]) -> int:
    row = (request.attempt, request.unit, request.now, len(going))
    publication = int(c.exec_driver_sql(sql.PUBLICATION, row).lastrowid)
    for version, table in request.tables.items():
        moved = {"publication": publication, "table": table, "version": version}
        c.exec_driver_sql(sql.CLOSE, moved)
        c.exec_driver_sql(sql.POINT, moved)
        c.exec_driver_sql(sql.MOVE, (publication, table, going[0], going[-1]))
    return publication


def _expect(
    c: "Connection", publication: int, calendar: Sequence[Day], days: Sequence[str]
) -> None:
    if not days:
        return
    counted = set(days)
    named = [one for one in calendar if one[0][:10] in counted]
    if named:
        c.exec_driver_sql(sql.NAMED, named)
    c.exec_driver_sql(sql.END_EXPECTATIONS, [(publication, day) for day in days])
    c.exec_driver_sql(sql.EXPECT, {"publication": publication})
    c.exec_driver_sql(sql.MOVE, (publication, CALENDAR, days[0], days[-1] + _AFTER))


def _told(publication: int | None, became: Sequence[tuple[str, str | None]]) -> Published:
    sorted_out: dict[str | None, list[str]] = {}
    for partition, why in became:
        sorted_out.setdefault(why, []).append(partition)

    def of(why: str | None) -> tuple[str, ...]:
        return tuple(sorted_out.get(why, ()))

    return Published(
        publication, of(None), of("withheld"), of("moved"), of("fenced"), of("unchanged")
    )
