"""What is wrong with a pipeline as written: every fault, none hiding another."""

from collections import Counter
from collections.abc import Iterable, Iterator

from boxout.graph.baseline_faults import baseline_faults
from boxout.graph.cycles import cycle_faults
from boxout.graph.order import near
from boxout.graph.trials import check_faults, trial_faults
from boxout.model import Directory, Pipeline, Processor, Reader, RowCheck, Table
from boxout.model.inputs import AS_OF


def definition_faults(pipeline: Pipeline) -> list[str]:
    """Every fault that can be seen without running anything, each once."""
    found = (
        *(fault for one in pipeline.processors for fault in one.faults),
        *(fault for table in _provided(pipeline) for fault in table_faults(table)),
        *_two_definitions(pipeline),
        *_writers(pipeline),
        *_source_faults(pipeline),
        *_input_faults(pipeline),
        *_unit_faults(pipeline),
        *cycle_faults(pipeline.processors),
        *_cross_check_faults(pipeline),
        *(f for one in pipeline.cross_checks for f in trial_faults(one, f"check {one.name!r}")),
        *_calendar_faults(pipeline),
        *_directory_faults(pipeline),
        *baseline_faults(pipeline),
    )
    return list(dict.fromkeys(found))


def table_faults(table: Table) -> Iterator[str]:
    """What is wrong with one table."""
    names = table.column_names
    yield from _repeated(names, f"{table}: column {{}} is declared")
    yield from _repeated(table.key, f"{table}: key column {{}} is named")
    if not table.key:
        yield f"{table}: has no key"
    yield from check_faults(table)
    limit = table.rejects
    if limit is not None and not (0 < limit.share_max < 1 and limit.count_min >= 1):
        yield (
            f"{table}: reject_share_max {limit.share_max:g} with reject_count_min"
            f" {limit.count_min}; a share between 0 and 1, and a count of at least 1 expected"
        )
    for name in dict.fromkeys(table.key):
        if name not in names:
            yield f"{table}: key column {name} is not declared{near(name, names)}"
    for column in table.columns:
        if column.formula is not None and not column.formula_text.strip():
            yield f"{table}: the formula of {column.name} says nothing; a docstring expected"
    yield from _shown_faults(table)
    yield from _scheme_faults(table)


def _shown_faults(table: Table) -> Iterator[str]:
    names = table.column_names
    for check in table.checks:
        for name in check.shown if isinstance(check, RowCheck) else ():
            if name not in names:
                slip = near(name, names)
                yield f"{table}: check {check.name!r} shows {name}, which is not declared{slip}"


def _scheme_faults(table: Table) -> Iterator[str]:
    scheme = table.scheme
    names = table.column_names
    if scheme.column not in names:
        yield (
            f"{table}: column {scheme.column} of scheme {scheme.name!r} is not declared"
            f"{near(scheme.column, names)}"
        )
    elif table.key and not table.is_source and scheme.column not in table.key:
        # A source may be keyed otherwise: its files say which partition a row is in.
        yield f"{table}: column {scheme.column} of scheme {scheme.name!r} is not in its key"


def _provided(pipeline: Pipeline) -> tuple[Table, ...]:
    return (*pipeline.sources, *(one.target for one in pipeline.processors))


def _mentioned(pipeline: Pipeline) -> Iterator[Table]:
    yield from _provided(pipeline)
    yield pipeline.calendar.table
    yield from (reader.table for reader in pipeline.readers)
    for one in pipeline.processors:
        for given in one.inputs.values():
            yield from given.tables


def _two_definitions(pipeline: Pipeline) -> Iterator[str]:
    first: dict[str, Table] = {}
    for table in _mentioned(pipeline):
        if first.setdefault(table.name, table) != table:
            yield f"{table}: two different tables have this name"


def _writers(pipeline: Pipeline) -> Iterator[str]:
    writers: dict[str, list[str]] = {}
    sources = {table.name for table in pipeline.sources}
    for one in pipeline.processors:
        writers.setdefault(one.target.name, []).append(one.name)
        if one.target.is_source or one.target.name in sources:
            yield f"{one.target}: is a source, landed from outside, and {one.name} writes it"
    for table, names in writers.items():
        if len(names) > 1:
            count = "two" if len(names) == 2 else len(names)
            yield f"{table}: {count} writers, {' and '.join(names)}; one expected"


def _source_faults(pipeline: Pipeline) -> Iterator[str]:
    written = {one.target.name for one in pipeline.processors}
    yield from _repeated((table.name for table in pipeline.sources), "{} is listed as a source")
    for table in pipeline.sources:
        if not table.is_source and table.name not in written:
            yield f"{table}: is a derived table and no processor writes it"
    names = {table.name for table in pipeline.sources}
    for reader in pipeline.readers:
        if reader.table.name not in names:
            yield (
                f"reader {reader.name}: {reader.table} is not a source of the pipeline"
                f"{near(reader.table.name, names)}"
            )
        yield from _reader_faults(reader, names)


def _reader_faults(reader: Reader, sources: set[str]) -> Iterator[str]:
    if reader.looks_up and reader.looks_up.name not in sources:
        yield f"reader {reader.name}: looks up {reader.looks_up}, which is not a source"
    for reason in sorted((reader.harmless | reader.foreign) - set(reader.rejects)):
        yield (
            f"reader {reader.name}: {reason!r} is said to be harmless and is not among its rejects"
            f"{near(reason, reader.rejects)}"
        )


def _input_faults(pipeline: Pipeline) -> Iterator[str]:
    known = {table.name for table in _provided(pipeline)}
    for one in pipeline.processors:
        for parameter, given in one.inputs.items():
            for table in given.tables:
                if table.name not in known:
                    yield _unknown_input(one, parameter, table) + near(table.name, known)
                if given.window_days is not None and AS_OF in table.column_names:
                    yield (
                        f"{one.name}: window {parameter!r} reads {table}, which has a column {AS_OF};"
                        " the rows of a window carry one of that name"
                    )


def _unknown_input(one: Processor, parameter: str, table: Table) -> str:
    missing = (
        "which is not among the sources"
        if table.is_source
        else "a derived table that no processor writes"
    )
    return f"{one.name}: input {parameter!r} reads {table}, {missing}"


def _unit_faults(pipeline: Pipeline) -> Iterator[str]:
    groups: dict[str, Processor] = {}
    lone = {one.target.name: one for one in pipeline.processors if one.group is None}
    for one in pipeline.processors:
        if one.group is None:
            continue
        if not one.group.strip():
            yield f"{one.name}: its group has no name"
        first = groups.setdefault(one.group, one)
        mine, its = one.target.scheme, first.target.scheme
        if mine != its:
            yield (
                f"group {one.group!r}: {one.target} is cut by {mine.name} ({mine.column}) and"
                f" {first.target} by {its.name} ({its.column}); one scheme per group"
            )
    for name in groups:
        if name in lone:
            yield f"group {name!r}: has the name of a table that is published alone"


def _cross_check_faults(pipeline: Pipeline) -> Iterator[str]:
    members: dict[str, list[str]] = {}
    for one in pipeline.processors:
        if one.group is not None:
            members.setdefault(one.group, []).append(one.target.name)
    for check in pipeline.cross_checks:
        inside = members.get(check.group)
        if inside is None:
            yield f"{check.name}: no group is named {check.group!r}{near(check.group, members)}"
            continue
        for table in dict.fromkeys(check.tables.values()):
            if table not in inside:
                yield (
                    f"{check.name}: {table} is not in group {check.group!r}{near(table, inside)}"
                )


def _calendar_faults(pipeline: Pipeline) -> Iterator[str]:
    calendar = pipeline.calendar
    names = {table.name for table in pipeline.sources}
    if calendar.table.name not in names:
        slip = near(calendar.table.name, names)
        yield f"calendar: {calendar.table} is not a source of the pipeline{slip}"
    columns = calendar.table.column_names
    named = (calendar.scheme.column, calendar.state, calendar.identity, calendar.phase)
    for column in dict.fromkeys(named):
        if column is not None and column not in columns:
            slip = near(column, columns)
            yield f"calendar: {calendar.table} has no column {column}{slip}"


def _directory_faults(pipeline: Pipeline) -> Iterator[str]:
    """A directory that reads what nobody lands, or a reader that has no such column."""
    names = {table.name for table in _provided(pipeline)}
    first: dict[str, Directory] = {}
    for reader in pipeline.readers:
        if reader.resolves is None:
            continue
        one = reader.resolves.directory
        if one.column not in reader.table.column_names:
            slip = near(one.column, reader.table.column_names)
            yield f"reader {reader.name}: {reader.table} has no column {one.column}{slip}"
        if first.setdefault(one.name, one) != one:
            yield f"directory {one.name}: two different directories have this name"
    for one in first.values():
        yield from _directory_table_faults(one, names)


def _directory_table_faults(one: Directory, names: set[str]) -> Iterator[str]:
    if not one.tables:
        yield f"directory {one.name}: names no table, so nobody could ever be known"
    for table in one.tables:
        if table.name not in names:
            yield f"directory {one.name}: nothing lands or writes {table}{near(table.name, names)}"
        for column in (one.column, one.group, one.identity):
            if column not in table.column_names:
                slip = near(column, table.column_names)
                yield f"directory {one.name}: {table} has no column {column}{slip}"


def _repeated(names: Iterable[str], says: str) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{says.format(name)} {'twice' if times == 2 else f'{times} times'}"
