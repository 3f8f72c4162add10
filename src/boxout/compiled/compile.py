"""From Ibis expressions to SQL text whose table names are bound when it runs."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from boxout.compiled.dialects import sql_text
from boxout.compiled.expressions import unbound
from boxout.compiled.refusals import check_faults
from boxout.errors import DefinitionError
from boxout.model import (
    Check,
    CrossCheck,
    Input,
    Measure,
    PartitionCheck,
    Pipeline,
    Processor,
    RowCheck,
    Rows,
    Severity,
    Table,
    Trial,
    exactly,
    ibis,
)
from boxout.model.inputs import AS_OF

CONTENT = "_content"
"""The hash of a row, which the warehouse adds to the rows it audits."""

VERSION = "_version"
"""The version of a row, which it adds where it reads several."""

BY_POSITION: Final = frozenset({"bigquery"})
"""Dialects in which the columns of a union are told by their places, not by their names."""

_HOLDS: Final = "c{}_holds"
"""Whether a row keeps a check, beside the columns of the rows that are audited."""

_LEFT_OUT: Final = re.compile(r"""\b(EXCLUDE|EXCEPT) \(((?:["`][^"`]*["`](?:, )?)+)\)""")
"""The columns that `drop` leaves out: Ibis names them in the order of a set."""


class Feed(NamedTuple):
    """A table that an input reads: the name its rows are bound to, and how they are reshaped."""

    bound_to: str
    table: str
    sql: str


class CompiledProcessor(NamedTuple):
    """The SQL of one processor; `inputs` maps each parameter to its feeds."""

    sql: str
    inputs: Mapping[str, tuple[Feed, ...]]
    fingerprint: str


class CompiledCheck(NamedTuple):
    """A check by its place in the audit: two columns (failed, unknown), or one measure."""

    name: str
    severity: str
    low: float | None
    high: float | None
    needed: str
    is_measure: bool
    trial: Trial | None = None

    def severity_on(self, today: str) -> str:
        """What it does on a day (YYYY-MM-DD) when it does not pass."""
        is_tried = self.trial is not None and not self.trial.is_over(today)
        return Severity.OBSERVE if is_tried else self.severity


class CompiledAudit(NamedTuple):
    """One scan: per partition its rows, content and the columns of each check.

    `bindings` maps the names in the SQL to the tables whose version they stand for.
    """

    sql: str
    checks: tuple[CompiledCheck, ...]
    bindings: Mapping[str, str]


class Compiled(NamedTuple):
    """A pipeline ready to run, by table, and the cross checks by group.

    `contents` is the audit's count and content of the rows of many versions, without its checks.
    """

    processors: Mapping[str, CompiledProcessor]
    audits: Mapping[str, CompiledAudit]
    across: Mapping[str, tuple[CompiledAudit, ...]]
    calendar: str
    contents: Mapping[str, str]


def compile_all(pipeline: Pipeline, tables: Mapping[str, Table], dialect: str) -> Compiled:
    """Every processor, audit and cross check of a pipeline in one SQL dialect.

    DefinitionError, with every fault, when a check names what is not there or can never fail.
    """
    faults = list(check_faults(pipeline, tables))
    if faults:
        raise DefinitionError(faults)
    audits = {name: _audit(table, dialect) for name, table in tables.items()}
    across: dict[str, tuple[CompiledAudit, ...]] = {}
    for check in pipeline.cross_checks:
        across[check.group] = (*across.get(check.group, ()), _across(check, tables, dialect))
    processors = {
        one.target.name: _processor(one, _settled(one.target, audits, dialect), dialect)
        for one in pipeline.processors
    }
    contents = {name: _contents(table, dialect) for name, table in tables.items()}
    return Compiled(processors, audits, across, _calendar(pipeline, dialect), contents)


def _sql(expression: object, dialect: str) -> str:
    """The expression in words that are the same in every process: columns left out have no order."""
    return _LEFT_OUT.sub(_sorted, sql_text(expression, dialect))


def _sorted(found: re.Match[str]) -> str:
    names = sorted(name.strip() for name in found[2].split(","))
    return f"{found[1]} ({', '.join(names)})"


def _processor(one: Processor, audit: CompiledAudit, dialect: str) -> CompiledProcessor:
    inputs = {name: _feeds(name, given, dialect) for name, given in one.inputs.items()}
    rows = {name: input_rows(name, given) for name, given in one.inputs.items()}
    made = one.function(**rows)
    _refuse_mixed_windows(one, made)
    expression = made.select(*one.target.column_names)
    expression = expression.cast({c.name: c.dtype for c in one.target.columns})
    sql = _sql(expression, dialect)
    reads = repr([(given.need.value, given.window_days) for given in one.inputs.values()])
    return CompiledProcessor(sql, inputs, _fingerprint(sql, repr(inputs), reads, repr(audit)))


def _refuse_mixed_windows(one: Processor, made: Any) -> None:
    """Without `as_of` the windows of all dates of an attempt would be one."""
    windows = [name for name, given in one.inputs.items() if given.window_days is not None]
    named = [field.name for field in made.op().find(ibis.expr.operations.Field)] if windows else []
    if windows and AS_OF not in named:
        raise DefinitionError(
            f"{one.name}: does not use {AS_OF} of {', '.join(windows)}. The rows of a window are there"
            " once for every date that reads them; group or join by it."
        )


def input_rows(name: str, given: Input) -> Rows:
    """An input as its processor sees it, without rows."""
    extra = {"input_table": "string"} if given.is_any_of else {}
    return unbound(given.tables[0], name, extra | _as_of(given))


def _as_of(given: Input) -> dict[str, str]:
    return {} if given.window_days is None else {AS_OF: "string"}


def _feeds(name: str, given: Input, dialect: str) -> tuple[Feed, ...]:
    feeds: list[Feed] = []
    for number, feed in enumerate(given.feeds):
        bound_to = f"{name}__{number}"
        rows = unbound(feed.table, bound_to, _as_of(given))
        shaped = feed.derive(rows) if feed.derive else rows
        if not set(_as_of(given)).issubset(shaped.columns):
            raise DefinitionError(
                f"window {name!r} reads {feed.table} via a function that drops {AS_OF}; group by it"
            )
        wanted = (*given.tables[0].column_names, *_as_of(given))
        shaped = shaped.select(*_columns(shaped, given, wanted, dialect))
        if given.is_any_of:
            shaped = shaped.mutate(input_table=ibis.literal(feed.table.name))
        feeds.append(Feed(bound_to, feed.table.name, _sql(shaped, dialect)))
    return tuple(feeds)


def _columns(shaped: Rows, given: Input, wanted: Sequence[str], dialect: str) -> list[Any]:
    """The columns of a feed; where unions go by position, null stands for those that it lacks."""
    if dialect not in BY_POSITION:
        return [column for column in wanted if column in shaped.columns]
    first = unbound(given.tables[0], "first", _as_of(given))
    return [
        shaped[name].cast(first[name].type()).name(name)
        if name in shaped.columns
        else ibis.null(first[name].type()).name(name)
        for name in wanted
    ]


def together_sql(feeds: Sequence[Feed], dialect: str) -> str:
    """The rows of all feeds of an input."""
    union = " UNION ALL " if dialect in BY_POSITION else " UNION ALL BY NAME "
    return union.join(f"({feed.sql})" for feed in feeds)


def _audit(table: Table, dialect: str) -> CompiledAudit:
    others = [column for column in table.key if column != table.scheme.column]
    checks = (*_built_in(table, others), *table.checks)
    rows = _answered(unbound(table, "audited", {CONTENT: "uint64"}), checks)
    measures, kinds = _held(rows), list[CompiledCheck]()
    for check in checks:
        _add(check, rows, measures, kinds)
    partition = rows[table.scheme.column].name("partition")
    expression = rows.group_by(partition).aggregate(**measures)
    return CompiledAudit(_sql(expression, dialect), tuple(kinds), {"audited": table.name})


def _settled(table: Table, audits: Mapping[str, CompiledAudit], dialect: str) -> CompiledAudit:
    """The audit without the rules on trial: these make no row stale, when they come or go.

    A rule whose trial was taken off is one that the public rows were never held to, and does.
    """
    settled = tuple(check for check in table.checks if check.trial is None)
    if len(settled) == len(table.checks):
        return audits[table.name]
    return _audit(replace(table, checks=settled), dialect)


def _contents(table: Table, dialect: str) -> str:
    rows = unbound(table, "held", {CONTENT: "uint64", VERSION: "int64"})
    by = rows[VERSION].name("version"), rows[table.scheme.column].name("partition")
    return _sql(rows.group_by(*by).aggregate(**_held(rows)), dialect)


def _held(rows: Rows) -> dict[str, object]:
    """How many rows there are and what they are: the one fingerprint of rows."""
    return {"rows": rows.count(), "content": rows[CONTENT].sum().cast("string")}


def _built_in(table: Table, others: list[str]) -> list[Check]:
    unique = exactly(0, "duplicate keys", lambda rows: rows.count() - _distinct(rows, others))
    never_null = tuple(c.name for c in table.columns if c.null is None)
    if not never_null:
        return [unique]
    return [
        RowCheck("never null: " + ", ".join(never_null), _all_there(never_null), never_null),
        unique,
    ]


def _distinct(rows: Rows, others: list[str]) -> Measure:
    if not others:
        return ibis.literal(1)
    key = rows[others[0]].cast("string")
    for name in others[1:]:
        key = key + "|" + rows[name].cast("string")
    return key.nunique()


def _all_there(names: Sequence[str]):
    def predicate(rows: Rows):
        answer = rows[names[0]].notnull()
        for name in names[1:]:
            answer = answer & rows[name].notnull()
        return answer

    return predicate


def _answered(rows: Rows, checks: Sequence[Check]) -> Rows:
    """With the answer of every check of rows, so that what counts them says each check once."""
    return rows.mutate(
        **{
            _HOLDS.format(at): check.predicate(rows)
            for at, check in enumerate(checks)
            if isinstance(check, RowCheck)
        }
    )


def _add(check: Check, rows: Rows, measures: dict[str, object], kinds: list[CompiledCheck]) -> None:
    at = len(kinds)
    if isinstance(check, PartitionCheck):
        measures[f"c{at}_measure"] = check.measure(rows).cast("float64")
        low, high = check.bound.low, check.bound.high
        said = (check.severity, low, high, str(check.bound), True, check.trial)
        kinds.append(CompiledCheck(check.name, *said))
        return
    _count(rows, at, measures)
    said = (check.severity, None, None, "none expected", False, check.trial)
    kinds.append(CompiledCheck(check.name, *said))


def _count(rows: Rows, at: int, measures: dict[str, object]) -> None:
    holds = rows[_HOLDS.format(at)]
    measures[f"c{at}_failed"] = (~holds).sum().coalesce(0)
    measures[f"c{at}_unknown"] = holds.isnull().sum()


def _across(check: CrossCheck, tables: Mapping[str, Table], dialect: str) -> CompiledAudit:
    given = {name: unbound(tables[table], name) for name, table in check.tables.items()}
    compared = check.compare(**given)
    first = tables[next(iter(check.tables.values()))]
    holds = {_HOLDS.format(at): one for at, one in enumerate(compared.predicates.values())}
    rows = compared.rows.mutate(**holds)
    measures: dict[str, object] = {"rows": rows.count()}
    kinds: list[CompiledCheck] = []
    for name in compared.predicates:
        _count(rows, len(kinds), measures)
        said = (check.severity, None, None, compared.needed(name), False, check.trial)
        kinds.append(CompiledCheck(name, *said))
    expression = rows.group_by(rows[first.scheme.column].name("partition")).aggregate(**measures)
    return CompiledAudit(_sql(expression, dialect), tuple(kinds), dict(check.tables))


def _calendar(pipeline: Pipeline, dialect: str) -> str:
    calendar = pipeline.calendar
    rows = unbound(calendar.table, "audited")

    def given(column: str | None) -> Any:
        return rows[column].cast("string") if column else ibis.null("string")

    return _sql(
        rows.select(
            rows[calendar.scheme.column].name("partition"),
            rows[calendar.state].name("state"),
            rows[calendar.state].isin(sorted(calendar.expected_when)).name("is_expected"),
            given(calendar.identity).name("identity"),
            given(calendar.phase).name("phase"),
        ),
        dialect,
    )


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
