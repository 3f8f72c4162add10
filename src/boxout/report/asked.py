"""Which checks were asked of a range, how much they judged, and what did not pass."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from boxout.compiled import Compiled
from boxout.ledger import Appearance, Tally, Unpassed
from boxout.model import Pipeline

STANDS: Final = "public as it is"
MENDED: Final = "another version is public"
BACK: Final = "not public"


class Asked(NamedTuple):
    """One check over a range: what it was asked of, and how many partitions did not pass.

    A partition counts once for each version of it. `fault` says why the check proves nothing
    about the range; empty when it does.
    """

    table: str
    check: str
    severity: str
    versions: int
    partitions: int
    rows: int
    not_passed: int
    fault: str


class NotPassing(NamedTuple):
    """Checks that the same partitions of one table did not pass, and what became of these.

    `version`, `answer`, `found` and `needed` are those of the first partition.
    """

    table: str
    checks: tuple[str, ...]
    severity: str
    now: str
    partitions: tuple[str, ...]
    version: int
    answer: str
    found: str
    needed: str


def asked(
    pipeline: Pipeline,
    compiled: Compiled,
    tallies: Sequence[Tally],
    unpassed: Iterable[Unpassed],
) -> list[Asked]:
    """Every check of the pipeline, and those that were asked and are declared no more."""
    declared = dict(_declared(pipeline, compiled))
    failed = Counter((one.table, one.finding.check) for one in unpassed)
    found = [_asked(one, failed[one.table, one.check]) for one in tallies]
    known = {(one.table, one.check) for one in tallies}
    written = {one.table for one in tallies}
    never = [
        Asked(*key, severity, 0, 0, 0, 0, _never(key[0], written))
        for key, severity in declared.items()
        if key not in known
    ]
    return sorted([*found, *never], key=lambda one: one[:2])


def _declared(pipeline: Pipeline, compiled: Compiled) -> Iterator[tuple[tuple[str, str], str]]:
    """Every check by the table whose versions keep its answers, and its severity."""
    for table, audit in compiled.audits.items():
        yield from (((table, one.name), one.severity) for one in audit.checks)
    for group in {one.group for one in pipeline.cross_checks}:
        for audit in compiled.across.get(group, ()):
            first = next(iter(audit.bindings.values()))
            yield from (((first, one.name), one.severity) for one in audit.checks)


def _asked(one: Tally, failed: int) -> Asked:
    fault = "" if one.judged else "judged nothing"
    if one.unknown and not one.judged:
        fault = f"judged nothing: {one.unknown} unknown"
    return Asked(*one[:3], one.versions, one.partitions, one.rows, failed, fault)


def _never(table: str, written: set[str]) -> str:
    return "never asked" if table in written else "nothing was written that it could judge"


def not_passing(
    unpassed: Iterable[Unpassed], public: Mapping[tuple[str, str], Appearance]
) -> list[NotPassing]:
    """What did not pass, by table, check and what became of it; what is not public first.

    Checks that say the same of the same partitions are told once.
    """
    groups: dict[tuple[str, str, str, str], list[Unpassed]] = {}
    for one in unpassed:
        now = _now(one, public.get((one.table, one.finding.partition)))
        key = (one.table, one.finding.check, one.finding.severity, now)
        groups.setdefault(key, []).append(one)
    same: dict[tuple[object, ...], NotPassing] = {}
    for (table, check, severity, now), of in groups.items():
        rest = _told(of)
        key = (table, severity, now, *rest)
        before = same[key].checks if key in same else ()
        same[key] = NotPassing(table, (*before, check), severity, now, *rest)
    order = (BACK, STANDS, MENDED)
    return sorted(same.values(), key=lambda one: (order.index(one.now), *one[:2]))


def _told(of: Sequence[Unpassed]) -> tuple[tuple[str, ...], int, str, str, str]:
    partitions = tuple(sorted({one.finding.partition for one in of}))
    first = (one for one in of if one.finding.partition == partitions[0])
    last = max(first, key=lambda one: one.version)
    said = last.finding
    return partitions, last.version, said.answer, said.found, said.needed


def _now(one: Unpassed, public: Appearance | None) -> str:
    """What readers see where this did not pass."""
    if public is None or public.pointer.version is None:
        return BACK
    if public.pointer.version == one.version:
        return STANDS
    return MENDED if public.pointer.version > one.version else BACK
