"""What tells a publication from any other of its number, in whatever ledger.

A ledger can go back in time: a standby that had not received everything takes over, or a backup is
put in its place. It then gives numbers again that a warehouse has seen for something else. Attempt,
run and moment together are given once only, and nothing that was published before can be another
where these are the same.
"""

from hashlib import blake2b
from typing import Any, Final

from boxout.ledger.port import ALL, Clock, News, stamp
from boxout.ledger.records import Pointer
from boxout.ledger.sql import MOVES
from boxout.ledger.store import Base

_MARKED: Final = """
SELECT p.publication, p.attempt, p.at, a.run FROM publication p
JOIN attempt a ON a.attempt = p.attempt
WHERE p.publication = ?1
  OR p.publication = (SELECT max(publication) FROM publication WHERE publication <= ?2)
ORDER BY p.publication
"""
# One that is gone from the start, so that the next is numbered after it.
_SKIP: Final = """
INSERT INTO version (version, table_name, attempt, fingerprint, at, collected_at, dropped_at)
SELECT CAST(:version AS BIGINT), '', 0, '', :now, :now, :now
WHERE CAST(:version AS BIGINT) > (SELECT coalesce(max(version), 0) FROM version)
"""
_GO_ON: Final = "SELECT setval(pg_get_serial_sequence('version', 'version'), CAST(? AS BIGINT))"


def mark_of(publication: int, attempt: int, at: str, run: str) -> int:
    """A whole number from 1 to 2**56 - 1."""
    said = repr((publication, attempt, at, run)).encode()
    return int.from_bytes(blake2b(said, digest_size=7).digest()) or 1


class Marks:
    """The marks of a ledger, and the numbers that it must not give again."""

    def __init__(self, store: Base, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def news(self, after: int, most: int = ALL) -> News:
        """In one look, so that nothing of it is from before a change of servers and the rest not."""
        asked = (after, after + most)
        with self._store.reading() as c:
            marks = {int(row[0]): mark_of(*row) for row in c.exec_driver_sql(_MARKED, asked)}
            head = max(marks, default=0)
            moves = c.exec_driver_sql(MOVES, (after, head)) if head > after else ()
            found = tuple(Pointer(*row) for row in moves)
        return News(marks.get(after, 0), head, marks.get(head, 0), found)

    def skip(self, version: int) -> None:
        """No version is given this number any more, nor one before it."""
        with self._store.writing() as c:
            said: dict[str, Any] = {"version": version, "now": stamp(self._clock)}
            is_behind = c.exec_driver_sql(_SKIP, said).rowcount > 0
            if is_behind and getattr(c, "plain", c).dialect.name == "postgresql":
                c.exec_driver_sql(_GO_ON, (version,))
