"""The shortest schedule that still shows the same broken promise."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from boxout.graph import build
from boxout.model import Pipeline
from boxout.testing.example import EXAMPLE
from boxout.testing.scenario import Scenario
from boxout.testing.simulate import Verdict, play
from boxout.testing.symbols import symbols

Kept = TypeVar("Kept")


def shrink(verdict: Verdict, pipeline: Pipeline = EXAMPLE) -> Verdict:
    """Leave out acts and faults as long as the first anomaly's name still comes up.

    The verdict itself when it has no anomaly.
    """
    if not verdict.anomalies:
        return verdict
    name, graph = verdict.anomalies[0].name, build(pipeline)
    made = symbols(pipeline, graph)
    shortest = verdict

    def fails(scenario: Scenario) -> bool:
        nonlocal shortest
        played = play(scenario, pipeline, graph, made)
        is_same = any(one.name == name for one in played.anomalies)
        if is_same:
            shortest = played
        return is_same

    scenario = verdict.scenario
    for _ in range(3):
        before = scenario
        faults = without(scenario.faults, partial(_changed, fails, scenario, "faults"))
        scenario = replace(scenario, faults=faults)
        acts = without(scenario.acts, partial(_changed, fails, scenario, "acts"))
        scenario = replace(scenario, acts=acts)
        if scenario == before:
            break
    return shortest


def _changed(
    fails: Callable[[Scenario], bool], scenario: Scenario, part: str, some: tuple[object, ...]
) -> bool:
    return fails(replace(scenario, **{part: some}))


def without(things: Sequence[Kept], still: Callable[[tuple[Kept, ...]], bool]) -> tuple[Kept, ...]:
    """What is left when everything is taken away that `still` can do without, large parts first."""
    kept = tuple(things)
    size = max(len(kept) // 2, 1)
    while size:
        at = 0
        while at < len(kept):
            some = kept[:at] + kept[at + size :]
            if still(some):
                kept = some
            else:
                at += size
        size //= 2
    return kept
