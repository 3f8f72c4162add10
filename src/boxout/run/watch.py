"""Every version against its baseline, before it is public.

Beside the declared checks, and never in their place: a partition without a baseline is not judged,
which is kept and told, and what is judged adds no check that was evaluated.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final, NamedTuple

from boxout.deferred import deferred
from boxout.ledger.profile_records import Compared, Profiled, Profiles, Verdict
from boxout.ledger.records import Finding
from boxout.model import Baseline, Table
from boxout.model.partitions import AFTER, date_of
from boxout.run.engine import Engine
from boxout.run.profiles import Measured, columns_of, measure
from boxout.run.usual import Scored, Usual, of_each, of_slate, steps, usual

np = deferred("numpy")

DAYS_APART_MAX: Final = 14
"""Versions of more dates than this are judged by one baseline for each week."""

VERDICTS_MAX: Final = 12
"""How many statistics of one partition are told, the farthest first: one fault moves many."""


class Judged(NamedTuple):
    """What partitions of one date were held against, and how far each statistic lies from it.

    `each` has a row for each partition, `slate` one for all of them, None for fewer than two.
    Both are None when nothing could be judged.
    """

    compared: Compared
    partitions: Sequence[str]
    names: tuple[str, ...]
    each: Scored | None
    slate: Scored | None


def watch(engine: Engine, table: Table, version: int) -> list[Finding]:
    """Profile a version, hold it against its baseline, and keep both; what is not as usual."""
    declared = engine.pipeline.baseline
    profile = declared.tables.get(table.name) if declared else None
    if declared is None or profile is None:
        return []
    wanted = [table.scheme.column, *(column.name for column in columns_of(table, profile))]
    rows = engine.warehouse.version_columns(table, version, wanted)
    if not rows.num_rows:
        return []
    measured = measure(table, profile, rows)
    phases = _phases(engine, declared, measured.partitions)
    judged = list(judge(engine, table, version, measured, phases))
    said = [(of, list(_verdicts(declared, of))) for of in judged]
    kept = _packed(table, version, measured, phases)
    compared = [of.compared for of in judged]
    verdicts = [one for _, several in said for one in several]
    engine.ledger.keep_profiles(Profiles(kept, compared, verdicts))
    return [one for of, several in said for one in _findings(table, of, several)]


def _packed(
    table: Table, version: int, measured: Measured, phases: Mapping[str, str]
) -> list[Profiled]:
    numbers = measured.values.astype("<f4")
    return [
        Profiled(version, table.name, one, phases[one], measured.names, numbers[at].tobytes())
        for at, one in enumerate(measured.partitions)
    ]


def unpacked(profiles: Sequence[Profiled], names: tuple[str, ...]) -> Any:
    """The statistics of these names, a row for each profile; NaN where one does not have it."""
    found = np.full((len(profiles), len(names)), np.nan)
    at = 0
    for own, of in groupby(profiles, key=lambda one: one.names):
        run = list(of)
        values = np.frombuffer(b"".join(one.numbers for one in run), "<f4").reshape(len(run), -1)
        place = {name: n for n, name in enumerate(own)}
        known = [(n, place[name]) for n, name in enumerate(names) if name in place]
        into, out = (list(of) for of in zip(*known, strict=True)) if known else ([], [])
        found[at : at + len(run), into] = values[:, out]
        at += len(run)
    return found


def _phases(engine: Engine, declared: Baseline, partitions: Sequence[str]) -> dict[str, str]:
    """The phase of each partition by the calendar; of a date, that of what is on it first."""
    first, last = date_of(min(partitions)), date_of(max(partitions)) + AFTER
    said = engine.ledger.expectations(first, last, engine.ledger.head())
    known = {one.partition: one.phase or "" for one in said}
    by_day = {date_of(one.partition): one.phase or "" for one in reversed(said)}
    found = {one: known.get(one, by_day.get(date_of(one), "")) for one in partitions}
    return {one: declared.alike.get(phase, phase) for one, phase in found.items()}


def judge(
    engine: Engine, table: Table, version: int, measured: Measured, phases: Mapping[str, str]
) -> Iterator[Judged]:
    """Every date of a version, each against what was accepted before it."""
    declared = engine.pipeline.baseline
    if declared is None:
        return
    values = measured.values.astype("<f4").astype(float)
    counted = (column.name for column in table.columns if column.dtype in {"int64", "boolean"})
    whole = frozenset(counted)
    before = _before([date_of(one) for one in measured.partitions])
    baselines = _Baselines(engine, declared, table, measured, (before, phases))
    places = sorted(range(len(values)), key=lambda at: _when(measured.partitions[at], phases))
    for (day, phase), of in groupby(places, key=lambda at: _when(measured.partitions[at], phases)):
        at = list(of)
        compared, found = baselines.of(version, day, phase)
        partitions = [measured.partitions[one] for one in at]
        yield _held(declared, compared, found, partitions, (measured.names, whole, values[at]))


def _when(partition: str, phases: Mapping[str, str]) -> tuple[str, str]:
    return date_of(partition), phases[partition]


def _before(days: Sequence[str]) -> dict[str, str]:
    """The key before which the baseline of each date ends: the date, or the first of its week."""
    known = sorted(set(days))
    if len(known) <= DAYS_APART_MAX:
        return {day: day for day in known}
    weeks = {day: date.fromisoformat(day).toordinal() // 7 for day in known}
    first = {week: day for day, week in reversed(weeks.items())}
    return {day: first[week] for day, week in weeks.items()}


class _Baselines:
    """What was accepted before each date, read once for each phase."""

    def __init__(
        self,
        engine: Engine,
        declared: Baseline,
        table: Table,
        measured: Measured,
        when: tuple[Mapping[str, str], Mapping[str, str]],
    ) -> None:
        self._declared = declared
        self._names = measured.names
        self._before, phases = when
        self._at = engine.ledger.head()
        self._keys: dict[str, list[str]] = {}
        self._members: dict[str, Any] = {}
        self._found: dict[tuple[str, int, int], Usual] = {}
        for phase in sorted(set(phases.values())):
            edges = [
                self._before[date_of(one)] for one in measured.partitions if phases[one] == phase
            ]
            profiles = engine.ledger.accepted(
                table.name,
                phase,
                first=min(edges),
                before=max(edges),
                at=self._at,
                members_max=declared.members_max,
            )
            self._keys[phase] = [one.partition for one in profiles]
            self._members[phase] = unpacked(profiles, measured.names)

    def of(self, version: int, day: str, phase: str) -> tuple[Compared, Usual | None]:
        """What a date is held against; None when too little was accepted before it."""
        before, most = self._before[day], self._declared.members_max
        upto = bisect_left(self._keys[phase], before)
        since = max(0, upto - most)
        keys = self._keys[phase][since:upto]
        ends = (keys[0], keys[-1]) if keys else ("", "")
        least = self._declared.members_min
        is_enough = len(keys) >= least
        why_not = "" if is_enough else f"{len(keys)} accepted before it, at least {least} needed"
        found = self._usual(phase, since, upto) if is_enough else None
        judged = int((found.known >= least).sum()) if found else 0
        compared = Compared(
            version, day, phase, before, self._at, most, len(keys), *ends, judged, why_not
        )
        return compared, found

    def _usual(self, phase: str, since: int, upto: int) -> Usual:
        key = (phase, since, upto)
        if key not in self._found:
            self._found[key] = usual(self._members[phase][since:upto], self._names)
        return self._found[key]


def _held(
    declared: Baseline,
    compared: Compared,
    found: Usual | None,
    partitions: Sequence[str],
    measured: tuple[tuple[str, ...], frozenset[str], Any],
) -> Judged:
    names, whole, values = measured
    if found is None:
        return Judged(compared, partitions, names, None, None)
    step = steps(names, whole, values, found.centre)
    each = of_each(found, values, step, declared.members_min)
    slate = of_slate(found, values, step, declared.members_min) if len(values) > 1 else None
    return Judged(compared, partitions, names, each, slate)


def _verdicts(declared: Baseline, judged: Judged) -> Iterator[Verdict]:
    """What is beyond a threshold; of each partition the farthest ones."""
    if judged.each is not None:
        limits = (declared.warns, declared.blocks)
        yield from _beyond(judged, judged.each, judged.partitions, limits)
    if judged.slate is not None:
        limits = (declared.slate_warns, declared.slate_blocks)
        yield from _beyond(judged, judged.slate, [judged.compared.day], limits)


def _beyond(
    judged: Judged, scored: Scored, partitions: Sequence[str], limits: tuple[float, float]
) -> Iterator[Verdict]:
    warns, blocks = limits
    far = np.abs(np.nan_to_num(scored.scores))
    for row, column in zip(*np.nonzero(far >= warns), strict=True):
        if (far[row] > far[row, column]).sum() >= VERDICTS_MAX:
            continue
        answer, threshold = ("block", blocks) if far[row, column] >= blocks else ("warn", warns)
        sides = (
            of[row, column] for of in (scored.values, scored.centre, scored.spread, scored.scores)
        )
        said = (partitions[row], judged.names[column], answer)
        yield Verdict._make((judged.compared.version, *said, *map(float, sides), threshold))


def _findings(table: Table, judged: Judged, verdicts: Sequence[Verdict]) -> Iterator[Finding]:
    """As findings of the version; what is said of a slate is said of each of its partitions."""
    day, of = judged.compared.day, judged.compared
    for one in verdicts:
        is_slate = judged.slate is not None and one.partition == day
        severity = "warn" if table.is_source else one.answer
        check = f"as usual, {one.statistic}" + (f", all of {day}" if is_slate else "")
        found = f"{one.value:.4g}, {abs(one.score):.1f} spreads off"
        needed = (
            f"{one.centre:.4g} within {one.threshold:g} spreads of {one.spread:.3g} expected, by"
            f" {of.members} accepted partitions from {of.first} to {of.last}"
        )
        for partition in judged.partitions if is_slate else (one.partition,):
            yield Finding(partition, check, severity, "failed", found, needed)
