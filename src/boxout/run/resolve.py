"""Values of files that name without an id: translated by aliases, looked up in a directory.

What is not known, or known of several, is set aside and waits; nothing is guessed.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from boxout.compiled import sql_text, unbound
from boxout.ledger.records import Alias
from boxout.model import Directory, Reader, Rows, ibis
from boxout.run.engine import Engine
from boxout.warehouse import Row, Warehouse

LOOKED_UP = {"_given": "string", "_groups": "string", "_known": "int64"}
"""What a staged row has beside its columns: its value as given, where it was looked for, and how
many of that value there are."""


def aliases_of(engine: Engine, reader: Reader) -> list[Alias]:
    """What people say that values of this reader's files mean, as it holds now."""
    if reader.resolves is None:
        return []
    said = engine.ledger.aliases(reader.resolves.directory.name)
    return [one for one in said if one.ended_at is None]


def known_values(directory: Directory) -> Rows:
    """Who is known: one row per value, group and identity, with the first and the last date."""
    named = [_named(directory, table.name) for table in directory.tables]
    every: Any = reduce(lambda one, other: one.union(other), named)
    every = every.filter(every.value.notnull() & every.who.notnull() & every.day.notnull())
    of = every.group_by("value", "in_group", "who")
    return of.aggregate(first=every.day.min(), last=every.day.max())


def _named(directory: Directory, name: str) -> Rows:
    table = next(one for one in directory.tables if one.name == name)
    rows = unbound(table, table.name)
    return rows.select(
        value=rows[directory.column],
        in_group=rows[directory.group],
        who=rows[directory.identity],
        day=_day(rows[table.scheme.column]),
    )


def known(warehouse: Warehouse, directory: Directory) -> list[Row]:
    """Who is known by what is public now: value, in_group, who, first and last date."""
    return warehouse.query(sql_text(known_values(directory), warehouse.dialect))


def looked_up(reader: Reader, typed: Rows, aliases: Sequence[Alias]) -> Rows:
    """The typed rows with their value as the directory has it, where one and only one is known."""
    one = reader.resolves
    if one is None:
        return typed
    column = one.directory.column
    rows = typed.mutate(
        _given=typed[column],
        _all=one.groups(typed),
        _day=_day(typed[reader.table.scheme.column]),
    )
    found = _first_found(_candidates(rows, aliases), one.directory)
    joined: Any = rows.left_join(found, rows["_line"] == found.of_line)
    is_one = joined.who_count == ibis.literal(1)
    value = ibis.ifelse(is_one, joined.found_value, joined["_given"])
    kept = [name for name in typed.columns if name != column]
    return joined.select(
        *kept,
        "_given",
        **{column: value},
        _groups=joined["_all"].join("/"),
        _known=joined.who_count.fill_null(0).cast("int64"),
    )


def _candidates(rows: Any, aliases: Sequence[Alias]) -> Any:
    """What each row may mean in each of its groups: first by what holds there, then everywhere.

    An alias that holds in one group means another value in that group; one that holds everywhere
    counts only where the value itself is not known.
    """
    apart = rows.select(
        "_given", "_day", of_line=rows["_line"], in_group=rows["_all"].unnest().cast("string")
    )
    here = [
        ((apart["_given"] == a.given) & (apart.in_group == a.group), ibis.literal(a.official))
        for a in aliases
        if a.group
    ]
    told = ibis.cases(*here, else_=apart["_given"]) if here else apart["_given"]
    first = apart.mutate(asked=told, rank=ibis.literal(0))
    general = {a.given: a.official for a in aliases if not a.group}
    if not general:
        return first
    others = apart.filter(apart["_given"].isin(list(general)))
    meant = others["_given"].substitute(general)
    return first.union(others.mutate(asked=meant, rank=ibis.literal(1)))


def _first_found(candidates: Any, directory: Directory) -> Any:
    """By line, how many the first way that finds any has found, and under which value."""
    names: Any = known_values(directory)
    around = ibis.interval(days=directory.days)
    on = [
        candidates.asked == names.value,
        candidates.in_group == names.in_group,
        candidates["_day"] >= names["first"] - around,
        candidates["_day"] <= names["last"] + around,
    ]
    met = candidates.join(names, on).select("of_line", "rank", "value", "who")
    by_rank = met.group_by("of_line", "rank").aggregate(
        who_count=met.who.nunique(), found_value=met.value.min()
    )
    nth = ibis.row_number().over(group_by=by_rank.of_line, order_by=by_rank["rank"])
    ranked = by_rank.mutate(nth=nth)
    return ranked.filter(ranked.nth == 0).select("of_line", "who_count", "found_value")


def why_unresolved(reader: Reader, staged: Rows) -> list[Any]:
    """The reasons to set a staged row aside, each null where it does not apply."""
    if reader.resolves is None:
        return []
    directory, count = reader.resolves.directory, staged["_known"]
    return [
        ibis.ifelse(count == ibis.literal(0), directory.unknown, ibis.null("string")),
        ibis.ifelse(count > ibis.literal(1), directory.ambiguous, ibis.null("string")),
    ]


def _day(partition: Any) -> Any:
    return partition.substr(0, 10).try_cast("date")
