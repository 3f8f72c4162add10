"""Untouched nights of the real seasons: how many are warned of, how many held back.

Seasons are landed and published in order. Then every night is judged by what was accepted before
it, exactly as on the morning after it: a baseline ends before the date, so publishing everything
first does not change it. A night counts once, however many statistics of however many tables warn.

    python benchmarks/bench_false_alarms.py [seasons...]
"""

import sys
import tempfile
from collections import Counter, defaultdict
from itertools import groupby
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from bench_check_cost import dates, landed
from truth import ALL

from boxout.ledger import Profiled
from boxout.model.outcomes import WithheldOutcome
from boxout.model.partitions import date_of
from boxout.project import init, open_project
from boxout.run import Engine, run
from boxout.run.profiles import Measured
from boxout.run.watch import judge, unpacked

NIGHTS_PER_WARNING = 50
TOLD_MAX = 60


class Alarm(NamedTuple):
    """A statistic of an untouched night that is beyond a threshold."""

    season: str
    day: str
    table: str
    partition: str
    statistic: str
    score: float
    is_blocking: bool


def public(engine: Engine, table: str, season: str) -> list[Profiled]:
    first, last = dates(season)
    pointers = engine.ledger.pointers([table], first, last, engine.ledger.head())
    shown = {(p.version, p.partition) for p in pointers if p.version}
    kept = engine.ledger.profiles({version for version, _ in shown}, first, last).kept
    return sorted((p for p in kept if (p.version, p.partition) in shown), key=lambda p: p.partition)


def alarms(engine: Engine, season: str, judged: set[str], not_judged: Counter[str]) -> list[Alarm]:
    """What would be told of each night of a season; `judged` are the nights with a baseline."""
    declared = engine.pipeline.baseline
    assert declared is not None
    found: list[Alarm] = []
    for name in declared.tables:
        table = engine.graph.tables[name]
        for day, profiles in groupby(
            public(engine, name, season), key=lambda p: date_of(p.partition)
        ):
            of = list(profiles)
            measured = Measured([p.partition for p in of], of[0].names, unpacked(of, of[0].names))
            for one in judge(engine, table, 0, measured, {p.partition: p.phase for p in of}):
                if one.each is None:
                    not_judged[f"{name}: {one.compared.phase}"] += 1
                    continue
                judged.add(day)
                each = (one.each, one.partitions, declared.warns, declared.blocks)
                slate = (one.slate, [day], declared.slate_warns, declared.slate_blocks)
                for scored, partitions, warns, blocks in (each, slate):
                    for row, statistic, score in far(scored, warns, one.names):
                        alarm = (season, day, name, partitions[row], statistic, score)
                        found.append(Alarm(*alarm, is_blocking=abs(score) >= blocks))
    return found


def far(scored, warns: float, names: tuple[str, ...]):
    if scored is None:
        return
    for row, scores in enumerate(scored.scores.tolist()):
        for name, score in zip(names, scores, strict=True):
            if abs(score) >= warns:
                yield row, name, score


def held_in_backfill(outcomes) -> Counter[str]:
    """Partitions of a whole season that its anomaly verdicts alone held back when it was published."""
    found: Counter[str] = Counter()
    for (unit, _), outcome in outcomes.items():
        if isinstance(outcome, WithheldOutcome):
            reasons = [reason.subject for reason in outcome.reasons]
            if all(one.startswith("as usual") for one in reasons):
                first = outcome.reasons[0]
                found[f"{unit}: {first.subject}, {first.found}, {first.needed}"] += 1
    return found


def main() -> int:
    seasons = sys.argv[1:] or list(ALL)
    began = perf_counter()
    found: list[Alarm] = []
    judged: dict[str, set[str]] = defaultdict(set)
    not_judged: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="boxout-alarms-") as folder:
        init(Path(folder), "nba")
        engine = open_project(Path(folder)).engine()
        for season in seasons:
            landed(engine, season)
            result = run(engine, *dates(season), set(engine.graph.processors))
            print(
                f"{season}: held back while it was published whole: {dict(held_in_backfill(result.outcomes))}",
                flush=True,
            )
            found += alarms(engine, season, judged[season], not_judged)
    return show(seasons, found, judged, not_judged, perf_counter() - began)


def show(seasons, found: list[Alarm], judged, not_judged, took: float) -> int:
    print("\nseason     nights judged  warned  held back  one warning in")
    for season in [*seasons, "all"]:
        mine = [one for one in found if season in {one.season, "all"}]
        nights = sum(len(of) for s, of in judged.items() if season in {s, "all"})
        warned = len({(one.season, one.day) for one in mine})
        held = len({(one.season, one.day) for one in mine if one.is_blocking})
        rate = f"{nights / warned:.0f} nights" if warned else "-"
        print(f"{season:10} {nights:13} {warned:7} {held:10}  {rate}")
    print(f"\nnot judged for want of accepted partitions, table-nights: {dict(not_judged)}")
    nights = sorted({(one.season, one.day) for one in found})
    for season, day in nights[:TOLD_MAX]:
        mine = sorted(
            (a for a in found if a.day == day and a.season == season), key=lambda a: -abs(a.score)
        )
        worst = "; ".join(f"{a.table} {a.partition} {a.statistic} {a.score:.1f}" for a in mine[:2])
        print(
            f"  {'HELD BACK' if mine[0].is_blocking else 'warned'} {day}: {worst} ({len(mine)} in all)"
        )
    print(f"{took:.0f} s")
    total = sum(map(len, judged.values()))
    is_fine = len(nights) * NIGHTS_PER_WARNING <= total and not any(a.is_blocking for a in found)
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main())
