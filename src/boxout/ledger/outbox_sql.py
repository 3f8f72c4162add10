"""The ledger's statements on the outbox and on how far each of its readers is."""

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from boxout.ledger.lost import lost
from boxout.ledger.outbox import WATCHDOG
from boxout.ledger.records import Cursor, Entry
from boxout.ledger.store import Base

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
PRUNE: Final = """
DELETE FROM outbox WHERE at < ? AND entry < (SELECT max(entry) FROM outbox)
AND NOT EXISTS (SELECT 1 FROM outbox_cursor c WHERE c.entry < outbox.entry AND c.reader <> ?)
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


def pruner(store: Base) -> Callable[[str], int]:
    """Deletes what is older than a moment and what every reader is through with; how much."""

    def prune(older_than: str) -> int:
        with store.writing() as c:
            return int(c.exec_driver_sql(PRUNE, (older_than, WATCHDOG)).rowcount)

    return prune


def entry(*row: Any) -> Entry:
    """An entry out of its columns."""
    return Entry._make((*row[:-1], json.loads(row[-1])))


def cursor(c: "Connection", reader: str) -> Cursor:
    """How far a reader is; at the beginning when it never came."""
    row = c.exec_driver_sql(CURSOR, (reader,)).first()
    return Cursor(0, "") if row is None else Cursor(*row)


def arrived(c: "Connection", version: int) -> tuple[str, str]:
    """The run and the table of a version; StoreUnavailable when the ledger has no such version."""
    found = c.exec_driver_sql(ARRIVED, (version,)).first()
    if found is None:
        raise lost("version", version)
    return str(found[0]), str(found[1])
