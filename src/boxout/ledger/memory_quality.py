"""What a report asks of a range of partitions, of the ledger in memory."""

from collections.abc import Iterator

from boxout.ledger.memory_publishing import Kept
from boxout.ledger.records import Appearance, CheckCount, Quality, Tally, Unpassed, Version


def quality(kept: Kept, first: str, last: str) -> Quality:
    """What a report asks of a range, in one look."""
    return Quality(
        tuple(_tallies(kept, first, last)),
        tuple(_unpassed(kept, first, last)),
        tuple(_appearances(kept, first, last)),
    )


def _tallies(kept: Kept, first: str, last: str) -> list[Tally]:
    """How often each check was asked of these partitions."""
    found: dict[tuple[str, str, str], Tally] = {}
    for version, census in sorted(kept.census.items()):
        held = [one.rows for partition, one in census.items() if first <= partition <= last]
        for count in kept.counts.get(version, ()) if held else ():
            mine = _tally(kept.versions[version], count, held)
            before = found.get(mine[:3])
            found[mine[:3]] = mine if before is None else _added(before, mine)
    return [found[key] for key in sorted(found)]


def _tally(version: Version, count: CheckCount, held: list[int]) -> Tally:
    judged = count.passed + count.failed
    key = (version.table, count.check, count.severity)
    return Tally(*key, 1, len(held), sum(held), judged, count.unknown)


def _added(one: Tally, other: Tally) -> Tally:
    numbers = (a + b for a, b in zip(one[3:], other[3:], strict=True))
    return Tally(*one[:3], *numbers)


def _unpassed(kept: Kept, first: str, last: str) -> Iterator[Unpassed]:
    """What did not pass in these partitions, by version."""
    for number, findings in sorted(kept.findings.items()):
        version = kept.versions[number]
        for one in sorted(findings, key=lambda one: one.partition):
            if first <= one.partition <= last:
                yield Unpassed(version.table, number, version.created_at, one)


def _appearances(kept: Kept, first: str, last: str) -> list[Appearance]:
    """Every pointer that these partitions ever had."""
    found: list[Appearance] = []
    for of in kept.pointers.values():
        for partition, pointers in of.items():
            for one in pointers if first <= partition <= last else ():
                public = kept.publications[one.since - 1]
                census = kept.census.get(one.version or 0, {}).get(partition)
                rows = census.rows if census else 0
                found.append(Appearance(one, public.at, public.kind, public.reason, rows))
    return sorted(found, key=lambda one: (one.pointer.since, *one.pointer[:2]))
