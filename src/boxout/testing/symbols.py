"""Any pipeline in symbols: a row is the name of what it was computed from.

The protocol does not care what a processor computes. So that a simulation can tell exactly
which versions a public row came from, a source row holds the name of its arrival, and a derived
row a digest of the rows that its processor was given. Two rows are equal when they were computed
from equal rows by the same processor.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from boxout.compiled import Compiled, CompiledAudit, CompiledCheck, CompiledProcessor, Feed
from boxout.graph import Graph
from boxout.model import Pipeline, Processor
from boxout.model.inputs import AS_OF
from boxout.model.partitions import date_of, look_back

Row: TypeAlias = dict[str, Any]
Program: TypeAlias = Callable[[Mapping[str, list[Row]]], list[Row]]

WHOLE = CompiledCheck("is whole", "complete", None, None, "a whole arrival needed", False)
SOUND = CompiledCheck("is sound", "block", None, None, "sound inputs needed", False)
UNTOLD: dict[str, object] = {"identity": None, "phase": None}
AGREES = CompiledCheck("agrees with its group", "block", None, None, "none expected", False)


class Symbols(NamedTuple):
    """A compiled pipeline, and the programs that its SQL names."""

    compiled: Compiled
    programs: Mapping[str, Program]


def arrival(
    column: str, partition: str, name: str, *, is_whole: bool = True, is_sound: bool = True
) -> Row:
    """The one row of a source partition: which arrival it is, and what checks will find."""
    return {
        column: partition,
        "partition": partition,
        "value": name,
        "is_whole": is_whole,
        "is_sound": is_sound,
        "origins": (origin(partition, name),),
    }


def origin(partition: str, name: str) -> str:
    """An arrival, as every row that comes from it names it."""
    return f"{partition} {name}"


def symbols(pipeline: Pipeline, graph: Graph) -> Symbols:
    """The pipeline's graph, gates, windows and groups as they are, its rows as symbols."""
    programs: dict[str, Program] = {"calendar": partial(_calendar, pipeline)}
    processors: dict[str, CompiledProcessor] = {}
    audits: dict[str, CompiledAudit] = {}
    across: dict[str, tuple[CompiledAudit, ...]] = {}
    for name, table in graph.tables.items():
        check = WHOLE if table.is_source else SOUND
        fact = "is_whole" if table.is_source else "is_sound"
        programs[f"audit {name}"] = partial(_audit, table.scheme.column, fact)
        audits[name] = CompiledAudit(f"audit {name}", (check,), {"audited": name})
    for name, one in graph.processors.items():
        is_by_date = one.target.scheme.name != pipeline.calendar.scheme.name
        programs[name] = partial(derive, one, is_by_date, code_of(name))
        inputs = {parameter: _feeds(one, parameter) for parameter in one.inputs}
        programs |= {f.sql: partial(_bound, f.bound_to) for fs in inputs.values() for f in fs}
        programs |= {_union(fs): partial(_bound_all, fs) for fs in inputs.values()}
        processors[name] = CompiledProcessor(name, inputs, code_of(name))
    for check in pipeline.cross_checks:
        column = graph.tables[next(iter(check.tables.values()))].scheme.column
        programs[f"across {check.name}"] = partial(_across, column)
        audit = CompiledAudit(f"across {check.name}", (AGREES,), dict(check.tables))
        across[check.group] = (*across.get(check.group, ()), audit)
    contents = {name: f"contents {name}" for name in graph.tables}
    programs |= {
        contents[name]: partial(_contents, table.scheme.column)
        for name, table in graph.tables.items()
    }
    return Symbols(Compiled(processors, audits, across, "calendar", contents), programs)


def code_of(table: str) -> str:
    """The fingerprint of a table's code, until it changes."""
    return f"code of {table}"


def changed(made: Symbols, pipeline: Pipeline, graph: Graph, table: str) -> Symbols:
    """The same pipeline after a change of one processor, which computes something else from now on."""
    one, sql, code = graph.processors[table], f"{table}, changed", f"new code of {table}"
    is_by_date = one.target.scheme.name != pipeline.calendar.scheme.name
    processor = made.compiled.processors[table]._replace(sql=sql, fingerprint=code)
    processors = {**made.compiled.processors, table: processor}
    programs = {**made.programs, sql: partial(derive, one, is_by_date, code)}
    return Symbols(made.compiled._replace(processors=processors), programs)


def derive(
    one: Processor,
    is_by_date: bool,  # noqa: FBT001
    code: str,
    given: Mapping[str, Sequence[Row]],
) -> list[Row]:
    """One row per partition that the processor's first unwindowed input brings.

    Of a window it takes the rows that are there `as_of` the partition's date, whatever they are.
    """
    column = one.target.scheme.column
    return [
        {column: p, "partition": p, **derived(p, _read(one, given, p), code)}
        for p in _spine(one, given, is_by_date=is_by_date)
    ]


def derived(partition: str, read: Mapping[str, Sequence[Row]], code: str) -> Row:
    """What a processor's code makes of these rows, by parameter; no order of rows matters."""
    values = [(name, sorted(str(row["value"]) for row in rows)) for name, rows in read.items()]
    text = repr((code, partition, sorted(values)))
    rows = [row for of in read.values() for row in of]
    return {
        "value": hashlib.blake2b(text.encode(), digest_size=8).hexdigest(),
        "is_whole": True,
        "is_sound": all(row["is_sound"] for row in rows),
        "origins": tuple(sorted({origin for row in rows for origin in row["origins"]})),
    }


def is_read(days: int | None, partition: str, key: str) -> bool:
    """Whether an input with this window reads `key` for a partition."""
    if days is not None:
        first, last = look_back(partition, days)
        return first <= key <= last
    return key in {partition, date_of(partition)} or (
        partition == date_of(partition) and key.startswith(partition)
    )


def _spine(one: Processor, given: Mapping[str, Sequence[Row]], *, is_by_date: bool) -> list[str]:
    for name, declared in one.inputs.items():
        if declared.window_days is None:
            found = (str(row["partition"]) for row in given[name])
            return list(dict.fromkeys(date_of(p) if is_by_date else p for p in found))
    return []


def _read(
    one: Processor, given: Mapping[str, Sequence[Row]], partition: str
) -> dict[str, list[Row]]:
    return {
        name: [
            row
            for row in given[name]
            if (
                is_read(None, partition, row["partition"])
                if given_of.window_days is None
                else row[AS_OF] == date_of(partition)
            )
        ]
        for name, given_of in one.inputs.items()
    }


def _feeds(one: Processor, parameter: str) -> tuple[Feed, ...]:
    return tuple(
        Feed(f"{parameter}__{n}", feed.table.name, f"{one.target.name} {parameter}__{n}")
        for n, feed in enumerate(one.inputs[parameter].feeds)
    )


def _union(feeds: Iterable[Feed]) -> str:
    return " UNION ALL BY NAME ".join(f"({feed.sql})" for feed in feeds)


def _bound(name: str, bound: Mapping[str, list[Row]]) -> list[Row]:
    return bound[name]


def _bound_all(feeds: Sequence[Feed], bound: Mapping[str, list[Row]]) -> list[Row]:
    return [row for feed in feeds for row in bound[feed.bound_to]]


def _audit(column: str, fact: str, bound: Mapping[str, list[Row]]) -> list[Row]:
    return [
        {
            "partition": row[column],
            "rows": 1,
            "content": row["value"],
            "c0_failed": int(not row[fact]),
            "c0_unknown": 0,
        }
        for row in bound["audited"]
    ]


def _contents(column: str, bound: Mapping[str, list[Row]]) -> list[Row]:
    return [
        {
            "version": row["_version"],
            "partition": row[column],
            "rows": 1,
            "content": row["value"],
        }
        for row in bound["held"]
    ]


def _across(column: str, bound: Mapping[str, list[Row]]) -> list[Row]:
    """A partition agrees when every table of the group has it."""
    held = [{row[column] for row in rows} for rows in bound.values()]
    return [
        {"partition": p, "rows": 1, "c0_failed": sum(p not in of for of in held), "c0_unknown": 0}
        for p in sorted(set[str]().union(*held))
    ]


def _calendar(pipeline: Pipeline, bound: Mapping[str, list[Row]]) -> list[Row]:
    expected = pipeline.calendar.expected_when
    return [
        {"partition": game, "state": state, "is_expected": state in expected} | UNTOLD
        for row in bound["audited"]
        for game, state in row["games"]
    ]
