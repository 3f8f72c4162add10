"""The page of one table, from its declaration alone."""

from collections.abc import Iterable

from boxout.compiled import Compiled
from boxout.graph import Graph
from boxout.model import Column, Feed, Input, Need, Pipeline, Processor, Reader, Table
from boxout.report import checks_told
from boxout.report.checks_told import HEADS, said
from boxout.report.markdown import code, codes, grid, linked, page, plain, section


def table_page(table: Table, pipeline: Pipeline, graph: Graph, compiled: Compiled) -> str:
    """What a row is, where it comes from, its columns, formulas and checks, and who reads it."""
    one = graph.processors.get(table.name)
    group = (one.group if one else None) or ""
    identities = checks_told.across(group, pipeline, compiled)
    tied = [check for check in identities if table.name in check.tables]
    readers = [reader for reader in pipeline.readers if reader.table == table]
    return page(
        f"# {table.name}",
        _opening(table, graph, one),
        _calendar(table, pipeline),
        section("Computed from", *(_computed(one) if one else ())),
        section("Columns", grid(("column", "type", "unit", "meaning", "null means"),
                                map(_column, table.columns))),
        section("Formulas", _formulas(table.columns)),
        section("Checks", grid(HEADS, (c.cells for c in checks_told.of_table(table, compiled))),
                *_limit(table)),
        section("Across its group", grid(("identity", "together with", "otherwise"), (
            (c.name, codes(t for t in c.tables if t != table.name), c.if_not) for c in tied))),
        section("Landed by", _readers(readers)),
        section("Read by", ", ".join(map(linked, sorted(graph.children(table.name))))),
    )  # fmt: skip


def _opening(table: Table, graph: Graph, one: Processor | None) -> str:
    what = (
        f"One row per {table.one_row_per}. Partition: one {table.scheme.name}"
        f" ({code(table.scheme.column)}). Key: {codes(table.key)}."
    )
    if one is None:
        return f"{what} A source: landed from outside, and every arrival is a version."
    if one.group is None:
        return f"{what} Published by itself."
    others = sorted(
        other.target.name
        for other in graph.processors.values()
        if other.group == one.group and other is not one
    )
    return f"{what} Public together with {', '.join(map(linked, others))}, all or none."


def _calendar(table: Table, pipeline: Pipeline) -> str:
    calendar = pipeline.calendar
    if calendar.table != table:
        return ""
    never = codes(sorted(calendar.never_when))
    return (
        f"It is the calendar: a {calendar.scheme.name} is expected to be complete when"
        f" {code(calendar.state)} is {codes(sorted(calendar.expected_when), ' or ')}"
        + (f", and nobody waits for one that is {never}." if never else ".")
    )


def _computed(one: Processor) -> Iterable[str]:
    yield f"{said(one.function)} By {code(one.name)}.".strip()
    yield grid(
        ("input", "table", "partitions", "need"),
        (
            (code(name), _tables(given), _partitions(given, one.target), _need(given))
            for name, given in one.inputs.items()
        ),
    )


def _tables(given: Input) -> str:
    return ", or else ".join(map(_feed, given.feeds))


def _feed(feed: Feed) -> str:
    if feed.derive is None:
        return linked(feed.table.name)
    how = said(feed.derive).rstrip(".")
    return f"{linked(feed.table.name)} ({how})" if how else linked(feed.table.name)


def _partitions(given: Input, target: Table) -> str:
    if given.window_days is not None:
        return f"the {given.window_days} days before the date"
    mine, its = target.scheme.name, given.tables[0].scheme.name
    return f"same {mine}" if mine == its else f"same date, cut by {its}"


def _need(given: Input) -> str:
    if given.need is Need.OPTIONAL:
        return "optional: its late arrival makes the output stale"
    return "required: the first that is ready" if given.is_any_of else "required"


def _column(column: Column) -> tuple[str, ...]:
    name = code(column.name)
    return (
        name,
        column.dtype,
        column.unit or "",
        plain(column.doc),
        plain(column.null or "never null"),
    )


def _formulas(columns: Iterable[Column]) -> str:
    """Each formula once, with the columns that it is the formula of."""
    of: dict[str, list[str]] = {}
    for column in columns:
        if column.formula_text:
            of.setdefault(column.formula_text, []).append(column.name)
    return "\n".join(f"- {codes(names)}: {plain(text)}" for text, names in of.items())


def _limit(table: Table) -> Iterable[str]:
    """What is held back whole, when too much of it is rejected."""
    if table.rejects is None:
        return
    one, count = table.scheme.name, table.rejects.count_min
    share = f"more than {table.rejects.share_max:.0%}"
    if table.is_source:
        yield (
            f"A file is held back whole when {share} of its rows are set aside, or of its {one}s are"
            f" withheld by one rule, and these are at least {count}."
        )
    else:
        yield f"When one rule withholds {share} of the {one}s of a version, at least {count}, it withholds all."


def _readers(readers: Iterable[Reader]) -> str:
    heads = ("reader", "files", "columns that a file must have", "a row is set aside when")
    rows = (
        (
            code(one.name) + (f" {said(one.read)}" if said(one.read) else ""),
            codes(one.file_patterns) or "by name only",
            codes(one.needs),
            "; ".join(one.rejects) or "never",
        )
        for one in readers
    )
    return grid(heads, rows)
