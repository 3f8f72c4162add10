"""What is public, statistic by statistic, beside what was accepted before it."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from boxout.ledger import Profiled
from boxout.model import Table
from boxout.model.partitions import AFTER, date_of
from boxout.run import Engine
from boxout.run.profiles import Measured
from boxout.run.usual import Scored
from boxout.run.watch import Judged, judge, unpacked


class Standing(NamedTuple):
    """A statistic of a partition, or of all partitions of a date, against its baseline.

    `column` is empty for a statistic of no one column. `answer` is as usual, warn, block, or not
    judged, when `why_not` says why and there are no numbers but the value. `threshold` is the
    score from which it is told. The members are the latest `members_max` that were accepted
    before `before` at publication `at`, in this phase.
    """

    table: str
    partition: str
    is_slate: bool
    column: str
    statistic: str
    value: float
    centre: float | None
    spread: float | None
    score: float | None
    threshold: float
    answer: str
    why_not: str
    phase: str
    before: str
    at: int
    members_max: int
    members: int


def verdicts(engine: Engine, table: str, first: str, last: str) -> list[Standing]:
    """Every statistic of what is public of a table from a first to a last date.

    Judged anew, against what is accepted by now; what was said before publication is kept with
    the version. Nothing for a table that the pipeline does not hold against a baseline.
    """
    declared = engine.pipeline.baseline
    if declared is None or table not in declared.tables:
        return []
    one = engine.graph.tables[table]
    found: list[Standing] = []
    for day, profiles in groupby(_public(engine, table, first, last), key=_day):
        of = list(profiles)
        measured = Measured([p.partition for p in of], of[0].names, unpacked(of, of[0].names))
        phases = {p.partition: p.phase for p in of}
        for judged in judge(engine, one, of[0].version, measured, phases):
            each = judged.each or _unscored(judged, measured)
            limits = (declared.warns, declared.blocks)
            found += _told(one, judged, each, judged.partitions, limits, is_slate=False)
            if judged.slate is not None:
                limits = (declared.slate_warns, declared.slate_blocks)
                found += _told(one, judged, judged.slate, [day], limits, is_slate=True)
    return found


def _unscored(judged: Judged, measured: Measured) -> Scored:
    """The values alone, of partitions without a baseline."""
    at = [measured.partitions.index(one) for one in judged.partitions]
    return Scored(measured.values[at], None, None, None)


def member_values(engine: Engine, standing: Standing) -> list[tuple[str, float]]:
    """The members that a statistic was held against, each with its value, in their order."""
    profiles = engine.ledger.accepted(
        standing.table,
        standing.phase,
        first=standing.before,
        before=standing.before,
        at=standing.at,
        members_max=standing.members_max,
    )
    name = f"{standing.column}: {standing.statistic}"
    values = unpacked(profiles, (name,))[:, 0].tolist()
    pairs = zip((one.partition for one in profiles), values, strict=True)
    return [(partition, value) for partition, value in pairs if value == value]  # noqa: PLR0124


def _public(engine: Engine, table: str, first: str, last: str) -> list[Profiled]:
    """The profiles of the public versions, in order of their partitions."""
    upto = last + AFTER
    pointers = engine.ledger.pointers([table], first, upto, engine.ledger.head())
    shown = {(one.version, one.partition) for one in pointers if one.version is not None}
    kept = engine.ledger.profiles({version for version, _ in shown if version}, first, upto).kept
    mine = (one for one in kept if (one.version, one.partition) in shown)
    return sorted(mine, key=lambda one: one.partition)


def _day(one: Profiled) -> str:
    return date_of(one.partition)


def _told(
    table: Table,
    judged: Judged,
    scored: Scored,
    partitions: Sequence[str],
    limits: tuple[float, float],
    *,
    is_slate: bool,
) -> Iterator[Standing]:
    of = judged.compared
    for row, partition in enumerate(partitions):
        for column, name in enumerate(judged.names):
            about, _, statistic = name.partition(": ")
            numbers = _numbers(scored, row, column)
            answer, why_not = _answer(numbers[2], limits, of.why_not)
            yield Standing(
                table.name, partition, is_slate, about, statistic, float(scored.values[row, column]),
                *numbers, limits[0], answer, why_not, of.phase, of.before, of.at, of.members_max,
                of.members,
            )  # fmt: skip


def _numbers(
    scored: Scored, row: int, column: int
) -> tuple[float | None, float | None, float | None]:
    """Centre, spread and score; None where nothing was judged."""
    if scored.scores is None or scored.scores[row, column] != scored.scores[row, column]:
        return None, None, None
    centre, spread, score = (
        float(of[row, column]) for of in (scored.centre, scored.spread, scored.scores)
    )
    return centre, spread, score


def _answer(score: float | None, limits: tuple[float, float], why_not: str) -> tuple[str, str]:
    if score is None:
        return "not judged", why_not or "not known here, or of too few members"
    warns, blocks = limits
    far = abs(score)
    return ("block" if far >= blocks else "warn" if far >= warns else "as usual"), ""
