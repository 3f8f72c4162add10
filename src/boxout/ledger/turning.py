"""Rollback and waivers: publications that a person makes, each one transaction."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from boxout.ledger import outbox, outbox_sql, turning_sql
from boxout.ledger import publishing_sql as sql
from boxout.ledger.publishing import expect, say, wake
from boxout.ledger.records import Day, Rollback, Undo

if TYPE_CHECKING:
    from sqlalchemy import Connection

ROLLBACK, WAIVER = "(rollback)", "(waiver)"
UNDONE = "waiver undone"


def turn_back(c: "Connection", attempt: int, rollback: Rollback, run: str, now: str) -> int:
    """Move the pointers, fence whoever works there, bury what was bad, wake who waits."""
    moves = rollback.moves
    count = len({one.partition for one in moves})
    said = (attempt, ROLLBACK, now, count, "rollback", rollback.reason)
    publication = int(c.exec_driver_sql(sql.PUBLICATION, said).scalar_one())
    rows = [(one.table, one.partition, publication, one.version) for one in moves]
    c.exec_driver_sql(turning_sql.CLOSE, [(publication, t, p) for t, p, *_ in rows])
    c.exec_driver_sql(turning_sql.POINT, [(*row, row[3], publication) for row in rows])
    c.exec_driver_sql(turning_sql.FENCE, [(one.unit, one.partition) for one in moves])
    c.exec_driver_sql(turning_sql.LIFT, [(publication, *row[:2], row[3]) for row in rows])
    _bury(c, publication, rollback)
    for table in sorted({one.table for one in moves}):
        mine = [one.partition for one in moves if one.table == table]
        c.exec_driver_sql(sql.MOVE, (publication, table, min(mine), max(mine)))
    _clean(c)
    expect(c, publication, rollback.calendar, sorted(rollback.calendar_dates))
    wake(c, publication, now)
    told = (run, now, publication, ("rollback", rollback.reason))
    outbox_sql.put(c, outbox.of_publication(*told, outbox.moved_back(moves)))
    return publication


def _bury(c: "Connection", publication: int, rollback: Rollback) -> None:
    seen = {(version, one.partition): one for version, one in rollback.held}
    said = {"publication": publication, "reason": rollback.reason}
    for version, partition in rollback.bad:
        one = seen.get((version, partition))
        rows = {"rows": one and one.rows, "content": one and one.content}
        key = {"version": version, "partition": partition}
        c.exec_driver_sql(turning_sql.BURY, said | key | rows)


def waive(c: "Connection", attempt: int, partition: str, said: tuple[str, str], now: str) -> int:
    """Record the waiver as a publication; `said` is the reason and who gave it."""
    reason, by = said
    row = (attempt, WAIVER, now, 1, "waiver", reason)
    publication = int(c.exec_driver_sql(sql.PUBLICATION, row).scalar_one())
    c.exec_driver_sql(turning_sql.WAIVE, (partition, publication, reason, by, False))
    _clean(c)
    c.exec_driver_sql(sql.NAMED_AS_IT_WAS, (partition, "waived", False))
    say(c, publication, partition, partition)
    c.exec_driver_sql(turning_sql.MOVES_WHAT_READ_IT, (partition, publication))
    wake(c, publication, now)
    c.exec_driver_sql(turning_sql.END_OF_WAIVED, ("waived", partition))
    c.exec_driver_sql(sql.FORGET_ON)
    moved = outbox.expected_else(partition, by)
    outbox_sql.put(c, outbox.of_publication("", now, publication, ("waiver", reason), moved))
    return publication


def unwaive(  # noqa: PLR0917
    c: "Connection", attempt: int, says: Day, word: tuple[str, str], deadline: str, now: str
) -> int:
    """Record that a waiver is undone as a publication; `word` is the reason and who gave it."""
    partition, (reason, by) = says[0], word
    row = (attempt, WAIVER, now, 1, UNDONE, reason)
    publication = int(c.exec_driver_sql(sql.PUBLICATION, row).scalar_one())
    c.exec_driver_sql(turning_sql.WAIVE, (partition, publication, reason, by, True))
    _clean(c)
    c.exec_driver_sql(sql.NAMED, tuple(Day(*says)))
    say(c, publication, partition, partition)
    c.exec_driver_sql(turning_sql.MOVES_WHAT_READ_IT, (partition, publication))
    wake(c, publication, now)
    again = {"now": now, "deadline": deadline, "partition": partition}
    c.exec_driver_sql(turning_sql.WAITS_AGAIN, again)
    moved = outbox.expected_else(partition, by)
    outbox_sql.put(c, outbox.of_publication("", now, publication, (UNDONE, reason), moved))
    return publication


def is_any_collected(c: "Connection", moves: Sequence[Undo]) -> bool:
    """Whether some version to return to is not there any more, or never was."""
    numbers = {one.version for one in moves if one.version is not None}
    return any(c.exec_driver_sql(turning_sql.IS_KEPT, (n,)).scalar() != 1 for n in numbers)


def _clean(c: "Connection") -> None:
    for statement in sql.SET_UP:
        c.exec_driver_sql(statement)
