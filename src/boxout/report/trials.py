"""The rules on trial: until when, what they found, and which of them nobody ended in time."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from boxout.compiled import Compiled, CompiledCheck
from boxout.ledger import Evaluated, Ledger
from boxout.model import Trial


class Tried(NamedTuple):
    """A rule on trial; `severity` is what it does afterwards, `last` None when it never was asked.

    `days_left` counts down to the first day on which it counts; 0 or less when that has come.
    """

    table: str
    rule: str
    severity: str
    trial: Trial
    days_left: int
    last: Evaluated | None

    def __str__(self) -> str:
        who, until = f"{self.rule!r} of {self.table}", self.trial.until
        if self.days_left <= 0:
            return f"FAULT {who}: {_ended(self.trial, self.severity)}"
        days = "1 day" if self.days_left == 1 else f"{self.days_left} days"
        return (
            f"on trial: {who}, {_found(self.last)}; it counts in {days}, after {until}"
            f' ({self.severity}). See: boxout checks replay "{self.rule}" --table {self.table}'
        )


def trials(compiled: Compiled, ledger: Ledger, tables: Collection[str]) -> list[Tried]:
    """The rules on trial of these tables, those across tables under the first they read."""
    today = ledger.now()[:10]
    found: list[Tried] = []
    for table, check in _on_trial(compiled, tables):
        last = next(iter(ledger.last_evaluated(table, [check.name])), None)
        if check.trial is not None:
            left = check.trial.days_left(today)
            found.append(Tried(table, check.name, check.severity, check.trial, left, last))
    return found


def trial_fault(check: CompiledCheck, today: str) -> str:
    """That nobody ended the trial of a rule in time; empty when it is not so."""
    is_over = check.trial is not None and check.trial.is_over(today)
    return _ended(check.trial, check.severity) if check.trial and is_over else ""


def _on_trial(compiled: Compiled, tables: Collection[str]) -> Iterator[tuple[str, CompiledCheck]]:
    audits = [(name, audit) for name, audit in compiled.audits.items()]
    audits += [(next(iter(a.bindings.values())), a) for of in compiled.across.values() for a in of]
    for name, audit in audits:
        if not set(tables).isdisjoint(audit.bindings.values()):
            yield from ((name, check) for check in audit.checks if check.trial)


def _ended(trial: Trial, severity: str) -> str:
    return (
        f"its trial ended on {trial.until} and nobody decided; it counts ({severity})."
        " Take on_trial away, or give it a later day"
    )


def _found(last: Evaluated | None) -> str:
    if last is None:
        return "never evaluated"
    counts = last.counts
    judged = counts.passed + counts.failed
    bad = counts.failed + counts.unknown
    return f"did not pass {bad} of the {judged + counts.unknown} partitions it was last asked of"
