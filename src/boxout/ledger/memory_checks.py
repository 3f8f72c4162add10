"""What the ledger in memory remembers of checks."""

from collections.abc import Collection, Iterator

from boxout.ledger.memory_publishing import Kept
from boxout.ledger.records import Evaluated, Finding, Pointer


def findings(kept: Kept, numbers: Collection[int]) -> Iterator[tuple[int, Finding]]:
    """What did not pass in these versions, by version and partition."""
    for number in sorted(set(numbers)):
        of = kept.findings.get(number, [])
        yield from ((number, one) for one in sorted(of, key=lambda one: one.partition))


def incomplete(kept: Kept, numbers: Collection[int]) -> dict[tuple[int, str], list[Finding]]:
    """Those of severity complete."""
    found: dict[tuple[int, str], list[Finding]] = {}
    for number, one in findings(kept, numbers):
        if one.severity == "complete":
            found.setdefault((number, one.partition), []).append(one)
    return found


def unchecked(kept: Kept, first: str, last: str) -> Iterator[tuple[Pointer, str]]:
    """What is public without an evaluated check, then what is public past a failed one."""
    public = [
        found
        for table in sorted(kept.pointers)
        for partition in sorted(kept.pointers[table])
        if first <= partition <= last and (found := kept.public(table, partition))
    ]
    for one in public:
        if not kept.is_evaluated(one.version or 0):
            yield one, ""
    for one in public:
        failed = {
            f.check
            for f in kept.findings.get(one.version or 0, ())
            if f.partition == one.partition and f.severity == "block"
        }
        if failed and not _was_forced(kept, one):
            yield from ((one, check) for check in sorted(failed))


def last_evaluated(kept: Kept, table: str, checks: Collection[str]) -> list[Evaluated]:
    """How these checks of a table came out when each was evaluated last."""
    latest = {
        count.check: Evaluated(count, number, version.created_at)
        for number, version in sorted(kept.versions.items())
        if version.table == table
        for count in kept.counts.get(number, ())
        if count.check in checks
    }
    return [latest[name] for name in sorted(latest)]


def _was_forced(kept: Kept, one: Pointer) -> bool:
    """Whether a person published this very version of the partition, now or before."""
    of = kept.pointers[one.table][one.partition]
    return any(
        p.version == one.version and kept.publications[p.since - 1].kind == "forced" for p in of
    )
