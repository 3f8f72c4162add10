"""Dates without games: the calendar knows them, and has no partition on them."""

from boxout.graph import Unit
from boxout.model import Calendar
from boxout.model.outcomes import Reason
from boxout.model.partitions import date_of
from boxout.run.snapshot import Snapshot


def quiet_days(snapshot: Snapshot, calendar: Calendar) -> frozenset[str]:
    """The known dates on which nothing is, or all that was is postponed or listed no more."""
    if snapshot.quiet is None:
        said = snapshot.expectations.items()
        busy = {date_of(p) for p, one in said if not calendar.is_absent(one.state)}
        snapshot.quiet = frozenset(day for day in snapshot.known if day not in busy)
    return snapshot.quiet


def is_quiet(unit: Unit, partition: str, snapshot: Snapshot, calendar: Calendar) -> bool:
    """Whether a partition of the unit is a date without games: its tables then have no rows."""
    is_by_date = unit.processors[0].target.scheme.name != calendar.scheme.name
    return is_by_date and partition in quiet_days(snapshot, calendar)


def is_public(unit: Unit, partition: str, snapshot: Snapshot) -> bool:
    """Whether some table of the unit has a public version, so that readers may see rows of it."""
    pointers = (snapshot.pointer(one.target.name, partition) for one in unit.processors)
    return any(pointer is not None and pointer.version is not None for pointer in pointers)


def nothing_on(calendar: Calendar, partition: str) -> Reason:
    """Why nothing is computed for a date without games."""
    return Reason(calendar.table.name, f"knows no {calendar.scheme.name} on {partition}")
