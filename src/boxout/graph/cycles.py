"""Cycles, between tables and between the units they are published in."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from boxout.graph.order import cycles, reads_of
from boxout.model import Processor


def cycle_faults(processors: Sequence[Processor]) -> Iterator[str]:
    """Each cycle as a path, from what is read to what reads it.

    Tables without a cycle can still be tied into one by their groups: a group is published
    as one, so nothing can come after one member and before another.
    """
    unit_of = {one.target.name: one.unit for one in processors}
    explained: list[set[str]] = []
    for path in cycles(table_reads(processors)):
        explained.append({unit_of[name] for name in path})
        yield f"cycle: {' -> '.join(path)}"
    for path in cycles(unit_reads(processors)):
        if set(path) not in explained:
            ties = "; ".join(_tie(processors, *pair) for pair in pairwise(path))
            yield f"cycle between units, each published as one: {' -> '.join(path)} ({ties})"


def table_reads(processors: Sequence[Processor]) -> dict[str, list[str]]:
    """What each derived table is computed from, sources left out."""
    reads: dict[str, list[str]] = {one.target.name: [] for one in processors}
    for one in processors:
        reads[one.target.name] += [name for name in reads_of(one) if name in reads]
    return reads


def unit_reads(processors: Sequence[Processor]) -> dict[str, list[str]]:
    """What each unit needs before it, itself left out."""
    unit_of = {one.target.name: one.unit for one in processors}
    reads: dict[str, list[str]] = {one.unit: [] for one in processors}
    for one in processors:
        needed = (unit_of[name] for name in reads_of(one) if name in unit_of)
        reads[one.unit] += [unit for unit in needed if unit != one.unit]
    return reads


def _tie(processors: Sequence[Processor], read: str, reader: str) -> str:
    unit_of = {one.target.name: one.unit for one in processors}
    return next(
        f"{one.target} reads {name}"
        for one in processors
        if one.unit == reader
        for name in reads_of(one)
        if unit_of.get(name) == read
    )
