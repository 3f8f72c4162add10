"""Checks that cannot be asked: what is wrong with each, before anything is compiled."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from boxout.compiled.expressions import unbound
from boxout.graph.order import near
from boxout.model import Check, CrossCheck, Pipeline, Reader, RowCheck, Table

_NO_COLUMN = re.compile(r"^'Table' object has no attribute '(.+)'|^Column '(.+)' is not found")


def check_faults(pipeline: Pipeline, tables: Mapping[str, Table]) -> Iterator[str]:
    """Every check that names a column which is not there, or that no row could ever fail."""
    for table in tables.values():
        for check in table.checks:
            yield from _of_table(table, check)
    for check in pipeline.cross_checks:
        yield from _across(check, tables)
    for reader in pipeline.readers:
        yield from _of_reader(reader)


def _of_table(table: Table, check: Check) -> Iterator[str]:
    who, rows = f"{table}: check {check.name!r}", unbound(table, "audited")
    asked = check.predicate if isinstance(check, RowCheck) else check.measure
    answer, fault = _asked(lambda: asked(rows), who, table.column_names)
    if fault:
        yield fault
    elif isinstance(check, RowCheck):
        yield from _of_no_row(answer, who)


def _across(check: CrossCheck, tables: Mapping[str, Table]) -> Iterator[str]:
    who = f"{check.name} of group {check.group!r}"
    given = {name: unbound(tables[table], name) for name, table in check.tables.items()}
    names = [column for table in check.tables.values() for column in tables[table].column_names]
    compared, fault = _asked(lambda: check.compare(**given), who, names)
    if fault:
        yield fault
        return
    if not compared.predicates:
        yield f"{who}: compares nothing; at least one predicate expected"
    for name, predicate in compared.predicates.items():
        yield from _of_no_row(predicate, f"{who}, {name!r}")


def _of_reader(reader: Reader) -> Iterator[str]:
    """Its reasons to set a row aside: one that cannot be asked would refuse every file."""
    rows = unbound(reader.table, "staged")
    for name, reject in reader.rejects.items():
        who = f"reader {reader.name}: reason {name!r}"
        answer, fault = _asked(lambda reject=reject: reject(rows), who, reader.table.column_names)
        if fault:
            yield fault
        else:
            yield from _of_no_row(answer, who)


def _asked(ask: Callable[[], Any], who: str, names: Any) -> tuple[Any, str]:
    """The expression, or what is wrong with it."""
    try:
        return ask(), ""
    except (AttributeError, TypeError) as error:
        found = _NO_COLUMN.match(str(error))
        if not found:
            return None, f"{who} cannot be asked: {error}"
        name = found[1] or found[2]
        return None, f"{who} names a column that is not declared, {name}{near(name, set(names))}"


def _of_no_row(answer: Any, who: str) -> Iterator[str]:
    if answer.op().shape.is_scalar():
        yield f"{who} has one answer for all rows; a predicate of the columns of a row expected"
