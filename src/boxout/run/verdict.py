"""From the numbers of an audit to answers: passed, failed, unknown."""

from collections.abc import Collection, Sequence
from math import inf, isnan
from typing import Any

from boxout.compiled import CompiledAudit, CompiledCheck
from boxout.ledger.records import Census, CheckCount, Finding


def census(rows: Sequence[dict[str, Any]]) -> list[Census]:
    """What the version holds, per partition."""
    return [Census(row["partition"], row["rows"], str(row["content"])) for row in rows]


def judge(
    audit: CompiledAudit, rows: Sequence[dict[str, Any]], asked: Collection[str], today: str
) -> tuple[list[CheckCount], list[Finding]]:
    """Every check for every asked partition; a partition without rows is unknown to all.

    `today` (YYYY-MM-DD) says which rules are on trial: these only observe.
    """
    seen = {row["partition"] for row in rows}
    absent = [partition for partition in asked if partition not in seen]
    counts: list[CheckCount] = []
    findings: list[Finding] = []
    for at, check in enumerate(audit.checks):
        severity = check.severity_on(today)
        found = [*_unseen(check, severity, absent), *_not_passed(check, severity, at, rows)]
        failed = sum(finding.answer == "failed" for finding in found)
        passed = len(rows) + len(absent) - len(found)
        counts.append(CheckCount(check.name, severity, passed, failed, len(found) - failed))
        findings.extend(found)
    return counts, findings


def _unseen(check: CompiledCheck, severity: str, absent: Sequence[str]) -> list[Finding]:
    return [
        Finding(partition, check.name, severity, "unknown", "0 rows", "rows expected")
        for partition in absent
    ]


def _not_passed(
    check: CompiledCheck, severity: str, at: int, rows: Sequence[dict[str, Any]]
) -> list[Finding]:
    look, suspects = (_measured, _out) if check.is_measure else (_counted, _any)
    found: list[Finding] = []
    for row in suspects(check, at, rows):
        answer, seen = look(row, at, check)
        partition = row["partition"]
        found.append(Finding(partition, check.name, severity, answer, seen, check.needed))
    return found


def _any(_: CompiledCheck, at: int, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The partitions in which some row did not pass, or none was judged."""
    failed, unknown = f"c{at}_failed", f"c{at}_unknown"
    return [row for row in rows if row[failed] != 0 or row[unknown] != 0 or not row["rows"]]


def _out(check: CompiledCheck, at: int, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The partitions whose measure is not known, or not within the bound."""
    name = f"c{at}_measure"
    low = -inf if check.low is None else check.low
    high = inf if check.high is None else check.high
    return [row for row in rows if (value := row[name]) is None or not low <= value <= high]


def _counted(row: dict[str, Any], at: int, _: CompiledCheck) -> tuple[str, str]:
    failed, unknown = row[f"c{at}_failed"], row[f"c{at}_unknown"]
    if failed is None or unknown is None or not row["rows"]:
        return "unknown", "nothing to judge"
    if failed:
        return "failed", f"{failed} of {row['rows']} rows fail"
    return "unknown", f"{unknown} of {row['rows']} rows null"


def _measured(row: dict[str, Any], at: int, _: CompiledCheck) -> tuple[str, str]:
    value = row[f"c{at}_measure"]
    is_known = value is not None and not isnan(value)
    return ("failed", f"{value:.6g}") if is_known else ("unknown", "null")
