"""The batch breaker: one rule that rejects too much of a version holds back the whole of it.

What is left when a rule goes wrong looks like a night with few games; nobody is to take it for one.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from boxout.ledger.records import CheckCount, Finding
from boxout.model import RejectLimit, Table

BATCH: Final = "share of the batch that is rejected"
"""The name under which a version that was held back as a whole has its findings."""

Broken = tuple[list[CheckCount], list[Finding]]


def strictest(tables: Iterable[Table]) -> RejectLimit | None:
    """The limit that bears least, of those that the tables declare; None when none does."""
    declared = [one.rejects for one in tables if one.rejects is not None]
    return min(declared, key=lambda one: (one.share_max, one.count_min), default=None)


def broken(
    limit: RejectLimit | None, findings: Sequence[Finding], partitions: Collection[str]
) -> Broken:
    """A finding for every partition of a version, when one rule withholds too many of them."""
    total = len(partitions)
    by_rule = Counter(one.check for one in findings if one.severity == "block")
    rule, count = next(iter(by_rule.most_common(1)), ("", 0))
    if limit is None or not limit.is_broken(count, total):
        return [], []
    found = f"{count} of {total} partitions ({count / total:.0%}) do not pass {rule!r}"
    needed = f"at most {limit.share_max:.0%} expected"
    counts = [CheckCount(BATCH, "block", 0, total, 0)]
    return counts, [Finding(p, BATCH, "block", "failed", found, needed) for p in partitions]
