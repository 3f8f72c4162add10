"""Which columns an expression reads: for each of its own columns, for its joins, for its rows."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

from boxout.compiled.compile import input_rows
from boxout.compiled.expressions import unbound
from boxout.model import Input, Processor, Reader, ibis

Source: TypeAlias = tuple[str, str]
"""(table, column)."""

Sources: TypeAlias = frozenset[Source]


USES_TOLD_MAX: Final = 4


class Join(NamedTuple):
    """Two sides of a join, and every column that its conditions read."""

    how: str
    reads: Sources


class Lineage(NamedTuple):
    """What a processor reads: by column of its output, in its joins, and to choose its rows."""

    columns: Mapping[str, Sources]
    joins: tuple[Join, ...]
    rows: Sources

    @property
    def reads(self) -> Sources:
        """Every column that it reads, wherever."""
        return self.rows.union(*self.columns.values(), *(one.reads for one in self.joins))


def lineage(one: Processor) -> Lineage:
    """What a processor reads of its input tables, fallbacks and what reshapes them included."""
    made = one.function(**{name: input_rows(name, given) for name, given in one.inputs.items()})
    found = lineage_of(made, one.target.column_names)

    @cache
    def behind(parameter: str, column: str) -> Sources:
        return _of_input(one.inputs[parameter], column)

    def named(sources: Sources) -> Sources:
        return frozenset().union(*(behind(*source) for source in sources))

    columns = {name: named(of) for name, of in found.columns.items()}
    joins = tuple(Join(join.how, named(join.reads)) for join in found.joins)
    return Lineage(columns, joins, named(found.rows))


def reader_lineage(reader: Reader, names: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Which columns of a file with these columns each column of the reader's table is made of."""
    raw = ibis.table({**dict.fromkeys(names, "string"), "_line": "int64"}, name="raw")
    read = reader.read(raw, *(unbound(one, one.name) for one in (reader.looks_up,) if one))
    found = lineage_of(read, reader.table.column_names).columns
    return {name: frozenset(c for t, c in of if t == "raw") for name, of in found.items()}


def broken(lineages: Mapping[str, Lineage], table: str, column: str) -> list[str]:
    """What a column carries: of each processor its columns, joins and filters, and what reads those.

    By table, a line each; the tables that are computed from these only through others come last.
    """
    found = {name: _uses(of, (table, column)) for name, of in sorted(lineages.items())}
    told = [f"{name}: {', '.join(uses)}" for name, uses in found.items() if uses]
    reached = {name for name, uses in found.items() if uses}
    beyond: set[str] = set()
    while more := _reading(lineages, reached | beyond) - reached - beyond:
        beyond |= more
    return told + ([f"through these: {', '.join(sorted(beyond))}"] if beyond else [])


def _reading(lineages: Mapping[str, Lineage], tables: set[str]) -> set[str]:
    return {name for name, one in lineages.items() if tables & {table for table, _ in one.reads}}


def _uses(of: Lineage, source: Source) -> list[str]:
    columns = [name for name, sources in of.columns.items() if source in sources]
    more = f" and {len(columns) - USES_TOLD_MAX} more" if len(columns) > USES_TOLD_MAX else ""
    uses = [f"column{'s' * (len(columns) > 1)} {', '.join(columns[:USES_TOLD_MAX])}{more}"]
    others = {f"{t}.{c}" for join in of.joins if source in join.reads for t, c in join.reads}
    others.discard(".".join(source))
    joined = any(source in join.reads for join in of.joins)
    with_them = f" (with {', '.join(sorted(others)[:USES_TOLD_MAX])})" if others else ""
    return [
        *(uses if columns else []),
        *([f"a join{with_them}"] if joined else []),
        *(["which rows there are"] if source in of.rows else []),
    ]


def lineage_of(rows: Any, names: Iterable[str]) -> Lineage:
    """What an expression reads of the tables it is built on, by the names they are bound to."""
    walk = _Walk()
    top = rows.op()
    columns = {name: walk.column(top, name) for name in names}
    return Lineage(columns, tuple(walk.joins(top)), walk.rows(top))


def _of_input(given: Input, column: str) -> Sources:
    """A column of a parameter, as the columns of the tables that may stand behind it."""
    found: set[Source] = set()
    for feed in given.feeds:
        if feed.derive is None:
            found |= {(feed.table.name, column)} & {
                (feed.table.name, name) for name in feed.table.column_names
            }
            continue
        shaped = feed.derive(unbound(feed.table, feed.table.name, {"as_of": "string"}))
        if column in shaped.columns:
            of = lineage_of(shaped, [column])
            declared = {(feed.table.name, name) for name in feed.table.column_names}
            found |= of.reads & declared
    return frozenset(found)


class _Walk:
    """One look at an expression, in which nothing is looked at twice."""

    def __init__(self) -> None:
        self._columns: dict[tuple[Any, str], Sources] = {}

    def column(self, rel: Any, name: str) -> Sources:
        """The columns of unbound tables that a column of a relation is made of."""
        known = self._columns.get((rel, name))
        if known is None:
            known = self._columns[rel, name] = self._column(rel, name)
        return known

    def _column(self, rel: Any, name: str) -> Sources:
        ops = ibis.expr.operations
        match rel:
            case ops.UnboundTable():
                return frozenset({(rel.name, name)})
            case ops.Reference():
                return self.column(rel.parent, name)
            case ops.Set():
                return self.column(rel.left, name) | self.column(rel.right, name)
            case _:
                return self.value(rel.values[name])

    def value(self, node: Any) -> Sources:
        """The same of any expression; of a query inside it, every column."""
        ops = ibis.expr.operations
        match node:
            case ops.Field():
                return self.column(node.rel, node.name)
            case ops.CountStar():  # how many rows there are depends on no column of them
                return frozenset()
            case ops.Relation():
                return self._all(node)
            case _:
                return frozenset().union(*map(self.value, node.__children__))

    def _all(self, rel: Any) -> Sources:
        return self.rows(rel).union(*(self.column(rel, name) for name in rel.schema.names))

    def rows(self, rel: Any) -> Sources:
        """What decides which rows there are: filters, groups, what is told apart or joined by."""
        ops = ibis.expr.operations
        found: set[Source] = set()
        for one in rel.find(ops.Relation):
            match one:
                case ops.Filter():
                    found |= self._values(one.predicates)
                case ops.Aggregate():
                    found |= self._values(one.groups.values())
                case ops.Distinct():
                    found |= self._values(one.parent.fields.values())
                case _:
                    pass
        return frozenset(found)

    def joins(self, rel: Any) -> Iterable[Join]:
        """Every join below, with what its conditions read."""
        ops = ibis.expr.operations
        for chain in rel.find(ops.JoinChain):
            for link in chain.rest:
                yield Join(str(link.how), self._values(link.predicates))

    def _values(self, values: Iterable[Any]) -> Sources:
        return frozenset().union(*map(self.value, values))
