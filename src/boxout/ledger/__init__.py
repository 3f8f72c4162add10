"""What happened and what is public."""

from boxout.ledger.port import CALENDAR, Ledger
from boxout.ledger.sqlite import SqliteLedger

__all__ = ["CALENDAR", "Ledger", "SqliteLedger"]
