"""What changed between two declarations, and what each change would break.

Only what both sides say is compared: a warehouse knows the columns of its tables, their types and
what they are cut by, and neither their units nor their keys.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from boxout.compiled import broken
from boxout.graph.order import near
from boxout.report.declared import kept_lineages

Weight = Literal["breaking", "additive", "recomputed"]

NOT_IN_A_WAREHOUSE: Final = "units, nulls, keys, checks and what processors read"
"""What a warehouse does not say of its tables."""


class Change(NamedTuple):
    """One difference: of which table and column, what it is, and what it would break."""

    weight: Weight
    table: str
    column: str
    what: str
    breaks: tuple[str, ...] = ()

    def __str__(self) -> str:
        name = f"{self.table}.{self.column}" if self.column else self.table
        return f"{name}: {self.what}"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every change from what is deployed or committed to what the code declares."""
    found = [
        *_tables(before, after),
        *(one for name in _both(before, after, "tables") for one in _table(before, after, name)),
        *_readers(before, after),
        *_processors(before, after),
    ]
    lineages = kept_lineages(after) | kept_lineages(before)
    return [
        one._replace(breaks=tuple(broken(lineages, one.table, one.column)))
        if one.weight == "breaking" and one.column
        else one
        for one in found
    ]


def _both(before: Mapping[str, Any], after: Mapping[str, Any], what: str) -> list[str]:
    return [name for name in before.get(what, {}) if name in after.get(what, {})]


def _tables(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old, new = before["tables"], after["tables"]
    lineages = kept_lineages(before)
    for name in old.keys() - new.keys():
        reading = {
            other
            for other, one in lineages.items()
            if name in {table for table, _ in one.reads} and other in new
        }
        told = f"gone{near(name, new.keys() - old.keys())}"
        yield Change("breaking", name, "", told, tuple(sorted(reading)))
    for name in sorted(new.keys() - old.keys()):
        yield Change("additive", name, "", "new table")


def _table(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> Iterator[Change]:
    old, new = before["tables"][name], after["tables"][name]
    for what, told in (("partition", "is cut by"), ("key", "has the key")):
        if what in old and old[what] != new[what]:
            sides = f"{told} {_listed(old[what])} so far, {_listed(new[what])} as declared"
            yield Change("breaking", name, "", sides)
    yield from _columns(name, old["columns"], new["columns"], is_source=new["is_source"])
    if "checks" in old and old["checks"] != new["checks"]:
        pairs = {*old["checks"].items()} ^ {*new["checks"].items()}
        checks = ", ".join(sorted({check for check, _ in pairs}))
        yield Change("recomputed", name, "", f"checks changed: {checks}")


def _listed(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _columns(
    table: str, old: Mapping[str, Any], new: Mapping[str, Any], *, is_source: bool
) -> Iterator[Change]:
    added = new.keys() - old.keys()
    for name, one in old.items():
        if name not in new:
            yield Change("breaking", table, name, f"gone{near(name, added)}")
        else:
            yield from _column(table, name, one, new[name])
    for name in new:
        if name not in added:
            continue
        if is_source and new[name]["null"] is None:
            told = "new and never null, where the rows that were landed before have null"
            yield Change("breaking", table, name, told)
        else:
            yield Change("additive", table, name, f"new, {new[name]['type']}")


def _column(
    table: str, name: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    if old["type"] != new["type"]:
        yield Change("breaking", table, name, f"{old['type']} so far, {new['type']} as declared")
    if "unit" in old and old["unit"] != new["unit"]:
        sides = f"in {old['unit'] or 'no unit'} so far, in {new['unit'] or 'no unit'} as declared"
        yield Change("breaking", table, name, sides)
    if "null" in old and (old["null"] is None) != (new["null"] is None):
        is_freed = new["null"] is not None
        yield (
            Change("breaking", table, name, f"never null so far, now null may mean: {new['null']}")
            if is_freed
            else Change("recomputed", table, name, "may be null no more")
        )


def _readers(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old, new = before.get("readers", {}), after["readers"]
    for name in sorted(old.keys() - new.keys()):
        table = old[name]["table"]
        yield Change(
            "breaking", table, "", f"reader {name} is gone: its files can be landed no more"
        )
    for name in _both(before, after, "readers"):
        needs = [one for one in new[name]["needs"] if one not in old[name]["needs"]]
        if needs:
            told = f"reader {name} needs {', '.join(needs)}, which its files need not have so far"
            yield Change("breaking", new[name]["table"], "", told)
    if old:
        for name in sorted(new.keys() - old.keys()):
            yield Change("additive", new[name]["table"], "", f"new reader {name}")


def _processors(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in _both(before, after, "processors"):
        old, new = before["processors"][name], after["processors"][name]
        parts = [
            part
            for part in ("inputs", "group", "columns", "joins", "rows")
            if old[part] != new[part]
        ]
        if parts:
            yield Change("recomputed", name, "", f"its processor changed: {', '.join(parts)}")
