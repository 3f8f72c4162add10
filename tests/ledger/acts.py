"""What the tests of the ledger do again and again."""

from collections.abc import Sequence

from boxout.ledger import Census, CheckCount, Finding, Ledger, Published, Read

DAY = "2026-02-03"
ONE, TWO = f"{DAY}/BOS@LAL", f"{DAY}/PHX@POR"
PASSED = CheckCount("minutes", "block", 9, 0, 0)


def claim(ledger: Ledger, *partitions: str, unit: str = "totals", now: str = "10") -> int:
    return ledger.claim(unit, partitions, run="r", now=now, until="20").attempt


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
    version = ledger.open_version(attempt, table, "f", reads, "10")
    census = [Census(partition, 2, content) for partition in partitions]
    ledger.record_audit(version, census, counts, findings)
    return version


def public(ledger: Ledger, *partitions: str, table: str, content: str = "x") -> Published:
    attempt = claim(ledger, *partitions, unit=table)
    version = write(ledger, attempt, *partitions, table=table, content=content)
    published = ledger.publish(attempt, [version], now="11")
    ledger.release(attempt)
    return published


def schedule(ledger: Ledger, content: str, *named: tuple[str, str, bool]) -> Published:
    attempt = claim(ledger, DAY, unit="schedule")
    version = write(ledger, attempt, DAY, table="schedule", content=content)
    done = ledger.publish(
        attempt, [version], now="11", calendar=named, calendar_dates=[DAY, "2026-02-04"]
    )
    ledger.release(attempt)
    return done


def read(table: str, snapshot: int, days: int | None = None) -> Read:
    return Read(table, ONE, TWO, snapshot, days)


def finding(partition: str, severity: str) -> Finding:
    return Finding(partition, "minutes", severity, "failed", "0", "240")
