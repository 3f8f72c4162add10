"""What is wrong with the baselines of a pipeline as written."""

from collections.abc import Iterator
from types import SimpleNamespace

from boxout.graph.order import near
from boxout.model import Baseline, Pipeline, Profile, Table

_COUNTED = {"int64", "float64", "boolean"}


def baseline_faults(pipeline: Pipeline) -> Iterator[str]:
    """Tables and columns that are not there, and thresholds in the wrong order."""
    declared = pipeline.baseline
    if declared is None:
        return
    tables = {t.name: t for t in (*pipeline.sources, *(p.target for p in pipeline.processors))}
    yield from _limits(declared)
    for name, profile in declared.tables.items():
        if name in tables:
            yield from _profile_faults(tables[name], profile)
        else:
            yield f"baseline: {name} is no table of the pipeline{near(name, tables)}"


def _limits(declared: Baseline) -> Iterator[str]:
    if not 0 < declared.warns <= declared.blocks:
        yield f"baseline: warns at {declared.warns:g} and blocks at {declared.blocks:g}; 0 < warns <= blocks expected"
    if not 0 < declared.slate_warns <= declared.slate_blocks:
        yield (
            f"baseline: a slate warns at {declared.slate_warns:g} and blocks at"
            f" {declared.slate_blocks:g}; 0 < slate_warns <= slate_blocks expected"
        )
    if not 2 <= declared.members_min <= declared.members_max:
        yield (
            f"baseline: members_min {declared.members_min} and members_max"
            f" {declared.members_max}; 2 <= members_min <= members_max expected"
        )


def _profile_faults(table: Table, profile: Profile) -> Iterator[str]:
    names = table.column_names
    for name in sorted(profile.comes_late | profile.far_out | profile.leaves_out):
        if name not in names:
            yield f"baseline of {table}: column {name} is not declared{near(name, names)}"
    numbers = {c.name for c in table.columns if c.dtype in _COUNTED} - profile.leaves_out
    if profile.exposure is not None and profile.exposure not in numbers:
        yield f"baseline of {table}: exposure {profile.exposure} is no column of numbers{near(profile.exposure, numbers)}"
    ones = SimpleNamespace(**dict.fromkeys(numbers, 1.0))
    for one in profile.statistics:
        try:
            one.of(ones)
        except AttributeError as error:
            slip = near(str(error.name), numbers)
            yield f"baseline of {table}: {one.name!r} reads {error.name}, which is no column of numbers{slip}"
        except ArithmeticError:
            continue
