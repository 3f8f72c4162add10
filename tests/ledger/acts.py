"""What the tests of the ledger do again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from boxout.ledger import (
    Census,
    CheckCount,
    Day,
    Finding,
    Ledger,
    Published,
    Read,
    Rollback,
    Undo,
    Work,
)

DAY = "2026-02-03"
ONE, TWO = f"{DAY}/BOS@LAL", f"{DAY}/PHX@POR"
PASSED = CheckCount("minutes", "block", 9, 0, 0)
LEASE_S = 10


@dataclass
class Time:
    """A clock that stands still until it is moved."""

    at: datetime = datetime(2026, 2, 4, 6, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def claim(ledger: Ledger, *partitions: str, unit: str = "totals", run: str = "r") -> int:
    return ledger.claim(unit, partitions, run=run, lease_s=LEASE_S).attempt


def write(
    ledger: Ledger,
    attempt: int,
    *partitions: str,
    table: str = "totals",
    content: str = "x",
    reads: Sequence[Read] = (),
    counts: Sequence[CheckCount] = (PASSED,),
    findings: Sequence[Finding] = (),
) -> int:
    version = ledger.open_version(attempt, table, "f", reads)
    census = [Census(partition, 2, content) for partition in partitions]
    ledger.record_audit(version, census, counts, findings)
    return version


def public(ledger: Ledger, *partitions: str, table: str, content: str = "x") -> Published:
    attempt = claim(ledger, *partitions, unit=table)
    version = write(ledger, attempt, *partitions, table=table, content=content)
    published = ledger.publish(attempt, [version])
    ledger.release(attempt)
    return published


def schedule(ledger: Ledger, content: str, *named: Day | tuple[str, str, bool]) -> Published:
    attempt = claim(ledger, DAY, unit="schedule")
    version = write(ledger, attempt, DAY, table="schedule", content=content)
    days = [DAY, "2026-02-04"]
    done = ledger.publish(attempt, [version], calendar=named, calendar_dates=days)
    ledger.release(attempt)
    return done


def read(table: str, snapshot: int, days: int | None = None) -> Read:
    return Read(table, ONE, TWO, snapshot, days)


def finding(partition: str, severity: str) -> Finding:
    return Finding(partition, "minutes", severity, "failed", "0", "240")


def rollback(*moves: tuple[str, str, int | None], bad: Sequence[tuple[int, str]] = ()) -> Rollback:
    """Tables are units of their own here."""
    return Rollback(tuple(Undo(t, t, p, v) for t, p, v in moves), tuple(bad), "wrong minutes")


def asked(ledger: Ledger, partition: str, *, wait_s: float = 60, on: str = "box") -> Work:
    return Work(
        unit="totals",
        partition=partition,
        run="r",
        asked_at=ledger.now(),
        looks=1,
        failures=0,
        look_at=ledger.now(wait_s),
        deadline=ledger.now(9999),
        ended=None,
        reason="box has not arrived",
        on=((on, DAY, DAY + "~"),),
    )
