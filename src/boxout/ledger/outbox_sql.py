"""The ledger's statements on the outbox and on how far each of its readers is."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from boxout.ledger.records import Cursor, Entry

if TYPE_CHECKING:
    from sqlalchemy import Connection

PUT: Final = """
INSERT INTO outbox (at, kind, run, table_name, first, last, partitions, version, publication,
  cause, details)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
AFTER: Final = """
SELECT entry, at, kind, run, table_name, first, last, partitions, version, publication, cause,
  details
FROM outbox WHERE entry > ? ORDER BY entry LIMIT ?
"""
CURSOR: Final = "SELECT entry, kept FROM outbox_cursor WHERE reader = ?"
# A reader that two processes advance goes forward only.
ADVANCE: Final = """
INSERT INTO outbox_cursor (reader, entry, kept) VALUES (?, ?, ?)
ON CONFLICT (reader) DO UPDATE SET entry = excluded.entry, kept = excluded.kept
WHERE excluded.entry >= outbox_cursor.entry
"""
RUN_OF: Final = "SELECT run FROM attempt WHERE attempt = ?"
ARRIVED: Final = """
SELECT a.run, v.table_name FROM version v JOIN attempt a ON a.attempt = v.attempt
WHERE v.version = ?
"""


def put(c: "Connection", entries: Iterable[Entry]) -> None:
    """Write entries in the transaction that is open; they are numbered in the order of commits."""
    rows = [(*one[1:-1], json.dumps(one.details)) for one in entries]
    if rows:
        c.exec_driver_sql(PUT, rows)


def entry(*row: Any) -> Entry:
    """An entry out of its columns."""
    return Entry._make((*row[:-1], json.loads(row[-1])))


def cursor(c: "Connection", reader: str) -> Cursor:
    """How far a reader is; at the beginning when it never came."""
    row = c.exec_driver_sql(CURSOR, (reader,)).first()
    return Cursor(0, "") if row is None else Cursor(*row)
