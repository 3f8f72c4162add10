"""Collection in the ledger: what nobody can need is marked, a part at a time, and then forgotten."""

import json
from collections.abc import Callable, Collection, Sequence
from typing import Final

from boxout.ledger.store import Base, rows_of

# Whoever let a lease run out so long ago is fenced, so that what it wrote can go.
END_LEASES: Final = "DELETE FROM lease WHERE until < ?"
# Joined with nothing, so that the walk goes along the versions and not from table to table.
_NEEDED_BY_NOBODY: Final = """
collected_at IS NULL AND at < :older_than
AND table_name || '' IN (SELECT value FROM json_each(:tables))
AND NOT EXISTS (SELECT 1 FROM pointer p WHERE p.version = version.version
  AND (p.until IS NULL OR p.until > :before))
AND NOT EXISTS (SELECT 1 FROM lease l JOIN attempt a ON a.unit = l.unit
  WHERE a.attempt = version.attempt AND l.attempt = a.attempt)
"""
CANDIDATES: Final = (
    "SELECT version FROM version WHERE " + _NEEDED_BY_NOBODY + "ORDER BY version LIMIT :limit"
)
# Asked again: what was looked up without keeping anybody waiting may be needed by now.
COLLECT: Final = "UPDATE version SET collected_at = :now WHERE version = :version AND" + (
    _NEEDED_BY_NOBODY
)
LEAVING: Final = """
SELECT table_name, version FROM version WHERE collected_at IS NOT NULL AND dropped_at IS NULL
AND table_name || '' IN (SELECT value FROM json_each(:tables)) ORDER BY version LIMIT :limit
"""
DROPPED: Final = "UPDATE version SET dropped_at = ? WHERE version = ? AND collected_at IS NOT NULL"
# Statistics of rows that are no more: nothing is held against them again.
FORGET: Final = (
    "DELETE FROM profile WHERE version = ?",
    "DELETE FROM compared WHERE version = ?",
    "DELETE FROM verdict WHERE version = ?",
)


class Collecting:
    """Which versions can go and which are gone, in a store."""

    def __init__(self, store: Base, now: Callable[[], str]) -> None:
        self._store, self._now = store, now

    def collect(
        self, before: int, older_than: str, tables: Collection[str], limit: int
    ) -> list[tuple[str, int]]:
        """Mark some more, and name what was marked and is not dropped yet."""
        named = json.dumps(sorted(tables))
        asked = {"older_than": older_than, "before": before, "tables": named, "limit": limit}
        with self._store.writing() as c:
            c.exec_driver_sql(END_LEASES, (older_than,))
        with self._store.reading() as c:
            found = [number for (number,) in rows_of(c, CANDIDATES, asked)]
        with self._store.writing() as c:
            now = self._now()
            if found:
                c.exec_driver_sql(COLLECT, [{**asked, "now": now, "version": n} for n in found])
            return [(table, version) for table, version in rows_of(c, LEAVING, asked)]

    def dropped(self, versions: Sequence[int]) -> None:
        """Their rows are gone: they are not named again, and what was counted in them is forgotten."""
        with self._store.writing() as c:
            now = self._now()
            c.exec_driver_sql(DROPPED, [(now, number) for number in versions])
            for text in FORGET:
                c.exec_driver_sql(text, [(number,) for number in versions])
