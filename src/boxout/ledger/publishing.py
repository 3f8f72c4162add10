"""Publication: one transaction that moves pointers, and the reasons for which it leaves some.

Each statement only adds partitions to the set that stays back, so their order does not matter
to what goes out; a crash anywhere inside rolls everything back.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from boxout.ledger import sql
from boxout.ledger.port import CALENDAR
from boxout.ledger.records import Published

_SET_UP = (
    "DROP TABLE IF EXISTS temp.excluded",
    "DROP TABLE IF EXISTS temp.candidate",
    "DROP TABLE IF EXISTS temp.lease_unit",
    "CREATE TEMP TABLE excluded (partition TEXT PRIMARY KEY, why TEXT) WITHOUT ROWID",
    "CREATE TEMP TABLE candidate (partition TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TEMP TABLE lease_unit (unit TEXT)",
)
_CANDIDATES = (
    "INSERT OR IGNORE INTO candidate SELECT partition FROM census WHERE version = ?",
    "INSERT OR IGNORE INTO candidate SELECT partition FROM finding WHERE version = ?",
)


def publish(  # noqa: PLR0917
    c: Connection,
    attempt: int,
    versions: Sequence[int],
    now: str,
    calendar: Sequence[tuple[str, str, bool]],
    calendar_dates: Sequence[str],
) -> Published:
    """Move what may go out; the rest stays back with its reason."""
    for statement in _SET_UP:
        c.exec_driver_sql(statement)
    unit = str(
        c.exec_driver_sql("SELECT unit FROM attempt WHERE attempt = ?", (attempt,)).scalar_one()
    )
    c.exec_driver_sql("INSERT INTO lease_unit VALUES (?)", (unit,))
    tables = {version: _table(c, version, attempt) for version in versions}
    for version, table in tables.items():
        for statement in _CANDIDATES:
            c.exec_driver_sql(statement, (version,))
        _exclude(c, attempt, version, table)
    going = [str(row[0]) for row in c.exec_driver_sql(sql.GOING_OUT)]
    publication = _move(c, attempt, unit, tables, going, now) if going else None
    if publication is not None:
        out = set(going)
        _expect(c, publication, calendar, [day for day in calendar_dates if day in out])
    return _told(c, publication, going)


def _table(c: Connection, version: int, attempt: int) -> str:
    text = "SELECT tbl FROM version WHERE version = ? AND attempt = ?"
    return str(c.exec_driver_sql(text, (version, attempt)).scalar_one())


def _exclude(c: Connection, attempt: int, version: int, table: str) -> None:
    asked = {"version": version, "attempt": attempt, "tbl": table}
    c.exec_driver_sql(sql.FENCED, asked)
    for read in c.exec_driver_sql("SELECT * FROM version_read WHERE version = ?", (version,)).all():
        _exclude_moved(c, *read)
    for text in (sql.WITHHELD, sql.UNCHANGED, sql.DISPLACES_COMPLETE):
        c.exec_driver_sql(text, asked)
    c.exec_driver_sql(sql.UNCOUNTED, asked)


def _exclude_moved(  # noqa: PLR0913, PLR0917
    c: Connection, version: int, table: str, first: str, last: str, snapshot: int, days: int | None
) -> None:
    if table == CALENDAR:
        c.exec_driver_sql(sql.MOVED_CALENDAR, {"version": version, "snapshot": snapshot})
        return
    asked = {"version": version, "tbl": table, "snapshot": snapshot, "days": days}
    reach = {
        "tbl": table,
        "snapshot": snapshot,
        "first": "" if days else first[:10],
        "last": last + "~",
    }
    if c.exec_driver_sql(sql.MOVED_RANGE, reach).first():
        c.exec_driver_sql(sql.MOVED_SAME if days is None else sql.MOVED_WINDOW, asked)


def _move(  # noqa: PLR0917
    c: Connection, attempt: int, unit: str, tables: dict[int, str], going: list[str], now: str
) -> int:
    row = (attempt, unit, now, len(going))
    got = c.exec_driver_sql(
        "INSERT INTO publication (attempt, unit, at, partitions) VALUES (?, ?, ?, ?)", row
    )
    publication = int(got.lastrowid)
    for version, table in tables.items():
        moved = {"publication": publication, "tbl": table, "version": version}
        c.exec_driver_sql(sql.CLOSE, moved)
        c.exec_driver_sql(sql.POINT, moved)
        c.exec_driver_sql(
            "INSERT INTO publication_move VALUES (?, ?, ?, ?)",
            (publication, table, going[0], going[-1]),
        )
    return publication


def _expect(
    c: Connection, publication: int, calendar: Sequence[tuple[str, str, bool]], dates: Sequence[str]
) -> None:
    for day in dates:
        text = "SELECT partition, state, is_expected FROM expectation WHERE until IS NULL AND partition >= ? AND partition < ?"
        old = {
            p: (state, bool(e)) for p, state, e in c.exec_driver_sql(text, (day + "/", day + "0"))
        }
        new = {p: (state, e) for p, state, e in calendar if p.startswith(day)}
        for partition in old.keys() | new.keys():
            if old.get(partition) == new.get(partition):
                continue
            c.exec_driver_sql(sql.END_EXPECTATION, (publication, partition))
            state, is_expected = new.get(partition, ("no longer listed", False))
            row = (partition, publication, state, is_expected)
            c.exec_driver_sql("INSERT INTO expectation VALUES (?, ?, ?, ?, NULL)", row)


def _told(c: Connection, publication: int | None, going: list[str]) -> Published:
    why: dict[str, list[str]] = {"withheld": [], "moved": [], "fenced": [], "unchanged": []}
    for partition, reason in c.exec_driver_sql("SELECT partition, why FROM excluded"):
        why[reason].append(partition)
    kept = {reason: tuple(partitions) for reason, partitions in why.items()}
    return Published(publication, tuple(going), **kept)
