"""What happened and what is public."""

from boxout.ledger.memory import MemoryLedger
from boxout.ledger.port import CALENDAR, Ledger
from boxout.ledger.records import (
    Census,
    CheckCount,
    Claim,
    Event,
    Expectation,
    Finding,
    Pointer,
    Publication,
    Published,
    Read,
    Version,
)
from boxout.ledger.sqlite import SqliteLedger

__all__ = [
    "CALENDAR",
    "Census",
    "CheckCount",
    "Claim",
    "Event",
    "Expectation",
    "Finding",
    "Ledger",
    "MemoryLedger",
    "Pointer",
    "Publication",
    "Published",
    "Read",
    "SqliteLedger",
    "Version",
]
