"""What is wrong with a trial as declared: it must end, say why, and be of a rule that can count."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from boxout.model import Check, CrossCheck, Severity, Table

DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check_faults(table: Table) -> Iterator[str]:
    """A table without a check that counts, and every trial of its rules that cannot be."""
    if not table.checks:
        yield f"{table}: has no check"
    elif all(check.trial for check in table.checks):
        yield f"{table}: has no check that counts, all are on trial; at least one expected"
    for check in table.checks:
        yield from trial_faults(check, f"{table}: check {check.name!r}")


def trial_faults(check: Check | CrossCheck, who: str) -> Iterator[str]:
    """Every fault of one rule's trial; nothing of a rule that is not on trial and never was."""
    if check.severity is Severity.OBSERVE:
        yield f"{who} would only observe for ever; on_trial(check, until=..., because=...) expected"
    if check.trial is None:
        return
    if not _is_date(check.trial.until):
        yield f"{who} is on trial until {check.trial.until!r}; a date as 2026-03-01 expected"
    if not check.trial.because.strip():
        yield f"{who} is on trial without a reason; because=... expected"
    if check.severity is Severity.COMPLETE:
        yield (
            f"{who} says when a source is complete and cannot be on trial: nobody could wait for"
            " it; a check that blocks or warns expected"
        )


def _is_date(text: str) -> bool:
    if not DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
