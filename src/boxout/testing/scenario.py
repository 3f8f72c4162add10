"""What happens in one simulated stretch of days: drawn from a seed, and a plain value after that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from boxout.graph import Graph
from boxout.model import Pipeline

FIRST_DAY = date(2026, 2, 3)
TEAMS = "ABCDEFGH"
NEW_CODE = "with new code"
CHANGED_SHARE, BEHIND_SHARE = 0.35, 0.15
"""How often the code changes, and how often somebody still runs the old one after that."""


class Act(NamedTuple):
    """One thing that somebody does: a verb, and what it is about.

    Verbs: land (table, partition, name, quality), run, turn, read, rollback, waive, unwaive,
    force, collect, recheck. `code` tells whether whoever does it runs the pipeline's new code.
    """

    verb: str
    table: str = ""
    partition: str = ""
    name: str = ""
    quality: str = ""
    code: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in self if part)


class Fault(NamedTuple):
    """What befalls the worker that makes the call with this number.

    It is killed, its call breaks, it stands still for longer than a lease (pause) or only goes on
    slowly while its heart beats (slow) or does not (silent); or the ledger's clock jumps (ahead,
    back).
    """

    at_call: int
    kind: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """Acts in the order in which workers take them, faults by call, and the order of the workers.

    `changed` is the table whose code is another in the acts with new code, and at the end.
    `order` seeds which worker goes on at each stop; it is the only chance left.
    """

    acts: tuple[Act, ...]
    faults: tuple[Fault, ...]
    workers: int
    order: int
    changed: str = ""

    def __str__(self) -> str:
        acts = "\n".join(f"  {n:2} {act}" for n, act in enumerate(self.acts, 1))
        faults = ", ".join(f"{f.kind} at call {f.at_call}" for f in self.faults) or "none"
        code = f", new code of {self.changed}" if self.changed else ""
        return f"{self.workers} workers, order {self.order}{code}\n{acts}\n  faults: {faults}"


QUALITIES = ("whole",) * 6 + ("part", "odd")
VERBS = ("run",) * 6 + ("turn", "turn", "read", "read", "read", "rollback", "waive", "force",
                        "collect", "recheck")  # fmt: skip
FAULTS = ("kill", "kill", "break before", "break after", "pause", "pause", "slow", "silent",
          "ahead", "back")  # fmt: skip


SEASON_DAYS = 2
"""How many days a season is old when a scenario begins."""


def in_one_season(pipeline: Pipeline) -> Pipeline:
    """The pipeline with a season that opens shortly before the days of a scenario, if it has any."""
    if pipeline.calendar.begins is None:
        return pipeline
    opening = (FIRST_DAY - timedelta(SEASON_DAYS)).isoformat()
    return replace(pipeline, calendar=replace(pipeline.calendar, begins=lambda _: opening))


def draw(seed: int, pipeline: Pipeline, graph: Graph) -> Scenario:
    """The scenario of a seed; the same for the same seed and pipeline, always."""
    rng = Random(seed)
    days = [(FIRST_DAY + timedelta(n)).isoformat() for n in range(rng.choice((1, 2, 3)))]
    games = [
        f"{day}/{TEAMS[2 * n]}@{TEAMS[2 * n + 1]}"
        for day in days
        for n in range(rng.choice((1, 2)))
    ]
    back = SEASON_DAYS if pipeline.calendar.begins else graph.days_back
    before = [(FIRST_DAY - timedelta(n + 1)).isoformat() for n in range(back)]
    quiet = [Act("land", pipeline.calendar.table.name, day, "quiet") for day in before]
    known = quiet[: rng.randint(0, len(quiet))]
    arrivals = known + _arrivals(rng, pipeline, days, games) + quiet[len(known) :]
    arrivals = (
        arrivals if rng.random() < 0.5 else arrivals[: len(arrivals) - len(quiet) + len(known)]
    )
    others = [_other(rng, games) for _ in range(rng.randint(4, 9))]
    waived = [act._replace(verb="unwaive") for act in others if act.verb == "waive"]
    acts = _shuffled(rng, arrivals, others + [act for act in waived if rng.random() < 0.5])
    table = rng.choice(list(graph.processors)) if rng.random() < CHANGED_SHARE else ""
    acts = _deployed(rng, acts) if table else acts
    count = rng.choice((0, 0, 1, 2, 3, 4))
    faults = sorted(Fault(rng.randrange(10, 250), rng.choice(FAULTS)) for _ in range(count))
    workers, order = rng.choice((1, 2, 3, 4)), rng.randrange(2**32)
    return Scenario(tuple(acts), tuple(faults), workers, order, table)


def _deployed(rng: Random, acts: list[Act]) -> list[Act]:
    """From some moment on whoever starts has the new code, but for a few that are behind."""
    at = rng.randrange(len(acts))
    return [
        act._replace(code=NEW_CODE) if n >= at and rng.random() >= BEHIND_SHARE else act
        for n, act in enumerate(acts)
    ]


def _arrivals(
    rng: Random, pipeline: Pipeline, days: Sequence[str], games: Sequence[str]
) -> list[Act]:
    calendar = pipeline.calendar
    found: list[Act] = []
    for table in pipeline.sources:
        is_by_game = table.scheme.name == calendar.scheme.name
        for partition in games if is_by_game else days:
            for nth in range(1 if rng.random() < 0.7 else 2):
                if table.name != calendar.table.name and rng.random() < 0.12:
                    continue
                quality = (
                    _states(rng, games, partition)
                    if table == calendar.table
                    else rng.choice(QUALITIES)
                )
                found.append(Act("land", table.name, partition, f"{table.name}{nth}", quality))
    doubled = [act for act in found if rng.random() < 0.1]
    return found + doubled


def _states(rng: Random, games: Sequence[str], day: str) -> str:
    states = ("final",) * 8 + ("live", "postponed")
    mine = [game for game in games if game.startswith(day)]
    return ",".join(f"{game}={rng.choice(states)}" for game in mine)


def _other(rng: Random, games: Sequence[str]) -> Act:
    verb = rng.choice(VERBS)
    game = rng.choice(games)
    match verb:
        case "rollback":
            return Act(verb, name=str(rng.randint(1, 12)))
        case "waive":
            return Act(verb, partition=game) if rng.random() < 0.3 else Act("run")
        case "force":
            return Act(verb, partition=game) if rng.random() < 0.5 else Act("run")
        case _:
            return Act(verb)


def _shuffled(rng: Random, arrivals: list[Act], others: list[Act]) -> list[Act]:
    """Arrivals nearly in order, as messages come; everything else anywhere among them."""
    keyed = [(n + rng.uniform(0, len(arrivals) / 2), act) for n, act in enumerate(arrivals)]
    keyed += [(rng.uniform(0, 1.5 * len(arrivals)), act) for act in others]
    return [act for _, act in sorted(keyed, key=lambda one: one[0])]
