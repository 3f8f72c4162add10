"""Which server a shared ledger is on, and that none gives a number that another may have given.

A standby that takes over begins a new timeline, and may lack the latest of what the server before
it had written: it would give the numbers of lost attempts and versions again, while somebody still
works under them. So whoever is the first to connect on another timeline makes the numbers jump.
"""

from typing import Any, Final

JUMP: Final = 1_000_000
"""More numbers than can be lost between two servers."""

_TIMELINE: Final = "('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int"
_SEEN: Final = f"""
SELECT CASE WHEN pg_is_in_recovery() THEN 0 ELSE {_TIMELINE} END,
  pg_sequence_last_value(to_regclass('served_timeline')),
  to_regclass('outbox') IS NOT NULL
"""
_TURN: Final = (
    "SELECT pg_advisory_xact_lock(hashtext('boxout timeline'), hashtext(current_schema()))"
)
BEGIN: Final = (
    "CREATE SEQUENCE IF NOT EXISTS served_timeline",
    f"SELECT setval('served_timeline', {_TIMELINE})",
)
"""From now on it is known which timeline the numbers are of."""

_NUMBERED: Final = (("attempt", "attempt"), ("version", "version"), ("outbox", "entry"))
_GO_ON: Final = """
SELECT setval(of, coalesce(pg_sequence_last_value(of), 0) + %s)
FROM CAST(pg_get_serial_sequence(%s, %s) AS regclass) AS of
"""


def look(connection: Any) -> None:
    """Before a new connection is used: make the numbers jump when the server is another."""
    with connection.transaction():
        if not _is_other(connection):
            return
        connection.execute(_TURN)
        if not _is_other(connection):
            return
        for table, column in _NUMBERED:
            connection.execute(_GO_ON, (JUMP, table, column))
        for statement in BEGIN:
            connection.execute(statement)


def _is_other(connection: Any) -> bool:
    """Whether there is a ledger, and it was last used on another timeline, or on none known.

    A server that only follows another one gives no numbers, and is not written to.
    """
    timeline, known, is_ledger = connection.execute(_SEEN).fetchone()
    return bool(is_ledger and timeline and timeline != known)
