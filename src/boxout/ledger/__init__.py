"""What happened and what is public."""

from boxout.ledger.memory import MemoryLedger
from boxout.ledger.port import CALENDAR, Clock, Ledger
from boxout.ledger.records import (
    Arrival,
    Attempt,
    Census,
    CheckCount,
    Claim,
    Day,
    Event,
    Expectation,
    Finding,
    Pointer,
    Publication,
    Published,
    Read,
    Rollback,
    Tombstone,
    Undo,
    Version,
    Waiver,
    Work,
)
from boxout.ledger.sqlite import SqliteLedger

__all__ = [
    "CALENDAR",
    "Arrival",
    "Attempt",
    "Census",
    "CheckCount",
    "Claim",
    "Clock",
    "Day",
    "Event",
    "Expectation",
    "Finding",
    "Ledger",
    "MemoryLedger",
    "Pointer",
    "Publication",
    "Published",
    "Read",
    "Rollback",
    "SqliteLedger",
    "Tombstone",
    "Undo",
    "Version",
    "Waiver",
    "Work",
]
