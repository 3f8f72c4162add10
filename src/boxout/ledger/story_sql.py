"""The statements of what happened in a run, and of what was told last, by name."""

from typing import TYPE_CHECKING, Final

from boxout.ledger.messages import Step, Story
from boxout.ledger.records import Event
from boxout.ledger.store import rows_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

STEPS: Final = """
SELECT a.attempt, a.unit, a.at, v.version, v.table_name, v.at, p.publication, p.at, p.partitions
FROM attempt a LEFT JOIN version v ON v.attempt = a.attempt
LEFT JOIN publication p ON p.attempt = a.attempt
WHERE a.run = ? ORDER BY a.attempt, v.version, p.publication
"""
EVENTS: Final = """
SELECT at, run, table_name, partition, kind, subject, found, needed FROM event
WHERE CAST(?1 AS TEXT) IS NULL OR run = ?1 ORDER BY event DESC LIMIT ?2
"""


def story(c: "Connection", limit: int, run: str | None) -> Story:
    """What the attempts of a run did, and the latest events, in one look."""
    return Story(
        tuple(Step(*row) for row in rows_of(c, STEPS, (run,))),
        tuple(Event(*row) for row in rows_of(c, EVENTS, (run, limit))),
    )
