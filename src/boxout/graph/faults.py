"""What is wrong with a pipeline as written: every fault, none hiding another."""

from collections import Counter
from collections.abc import Collection
from difflib import get_close_matches

from boxout.model import Pipeline, Table


def definition_faults(pipeline: Pipeline) -> list[str]:
    """Every fault that can be seen without running anything."""
    faults = [fault for one in pipeline.processors for fault in one.faults]
    for table in (*pipeline.sources, *(one.target for one in pipeline.processors)):
        faults += table_faults(table)
    return (
        faults
        + _writers(pipeline)
        + _unknown_inputs(pipeline)
        + _cross(pipeline)
        + _calendar(pipeline)
    )


def table_faults(table: Table) -> list[str]:
    """What is wrong with one table."""
    names = table.column_names
    faults = [
        f"{table}: column {n} is declared twice" for n, times in Counter(names).items() if times > 1
    ]
    if not table.key:
        faults.append(f"{table}: has no key")
    if not table.checks:
        faults.append(f"{table}: has no check")
    return faults + [
        f"{table}: column {column} is in its key or scheme and not declared{near(column, names)}"
        for column in dict.fromkeys((*table.key, table.scheme.column))
        if column not in names
    ]


def near(name: str, known: Collection[str]) -> str:
    """The likely slip, as the end of a sentence."""
    found = get_close_matches(name, list(known), n=1)
    return f". Did you mean {found[0]}?" if found else ""


def _writers(pipeline: Pipeline) -> list[str]:
    writers: dict[str, list[str]] = {}
    for one in pipeline.processors:
        writers.setdefault(one.target.name, []).append(one.name)
    sources = {table.name for table in pipeline.sources}
    faults = [f"{t}: two writers, {' and '.join(of)}" for t, of in writers.items() if len(of) > 1]
    return faults + [
        f"{t}: is a source and {of[0]} writes it" for t, of in writers.items() if t in sources
    ]


def _unknown_inputs(pipeline: Pipeline) -> list[str]:
    known = [t.name for t in pipeline.sources] + [one.target.name for one in pipeline.processors]
    return [
        f"{one.name}: input {name} reads {table}, which no source and no processor provides{near(table.name, known)}"
        for one in pipeline.processors
        for name, given in one.inputs.items()
        for table in given.tables
        if table.name not in known
    ]


def _cross(pipeline: Pipeline) -> list[str]:
    members: dict[str, set[str]] = {}
    for one in pipeline.processors:
        members.setdefault(one.group or "", set()).add(one.target.name)
    faults: list[str] = []
    for check in pipeline.cross_checks:
        if check.group not in members:
            faults.append(f"{check.name}: no group {check.group!r}{near(check.group, members)}")
            continue
        outside = set(check.tables.values()) - members[check.group]
        faults += [
            f"{check.name}: {table} is not in group {check.group!r}" for table in sorted(outside)
        ]
    return faults


def _calendar(pipeline: Pipeline) -> list[str]:
    table = pipeline.calendar.table
    if table not in pipeline.sources:
        return [f"calendar: {table} is not a source of the pipeline"]
    return []
