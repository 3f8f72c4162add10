"""The policy of a project, as its file says it."""

import re
from collections.abc import Collection
from dataclasses import fields
from typing import Any, Final

from boxout.graph.order import near
from boxout.run import Policy
from boxout.warehouse.bigquery import Source

_TABLE: Final = re.compile(r"[a-z][a-z0-9.:-]*\.[A-Za-z0-9_]+\.[A-Za-z0-9_-]+")


def policy_of(said: object) -> tuple[Policy, list[str]]:
    """The policy and every fault in what the file says; what it does not say stays as it is."""
    if not isinstance(said, dict):
        return Policy(), ["policy is not a table: write [policy] and its lines below it"]
    kinds: dict[str, Any] = {one.name: one.type for one in fields(Policy)}
    faults: list[str] = []
    given: dict[str, Any] = {}
    for name, value in said.items():
        if name not in kinds:
            faults.append(f"policy.{name} means nothing{near(str(name), kinds)}")
        elif not _suits(value, kinds[name]):
            faults.append(f"policy.{name} is {value!r}, {_wanted(kinds[name])} expected")
        else:
            given[name] = value
    return Policy(**given), faults


def sources_of(
    said: object, readers: Collection[str], project: str
) -> tuple[list[Source], list[str]]:
    """The tables that others write in place, by the reader that lands each; and every fault.

    `project` is that of the warehouse in BigQuery, empty when it is a file.
    """
    if not isinstance(said, dict):
        return [], ["sources is not a table: write [sources] and its lines below it"]
    if said and not project:
        return [], ["sources are tables in BigQuery, beside a warehouse there; this one is a file"]
    faults: list[str] = []
    found: list[Source] = []
    for reader, given in said.items():
        one = {"table": given} if isinstance(given, str) else given
        name = one.get("table") if isinstance(one, dict) else None
        table = name if isinstance(name, str) and name.count(".") == 2 else f"{project}.{name}"
        if reader not in readers:
            faults.append(f"sources.{reader}: no such reader{near(reader, readers)}")
        elif not isinstance(name, str) or not _TABLE.fullmatch(table):
            faults.append(
                f"sources.{reader} is {given!r}; DATASET.TABLE, or a table of it, expected"
            )
        elif one.keys() - {"table", "by"} or one.get("by", "modified") not in {
            "modified",
            "content",
        }:
            faults.append(
                f'sources.{reader} is {given!r}; table and by = "modified" or "content" expected'
            )
        else:
            found.append(Source(reader, table, is_by_content=one.get("by") == "content"))
    return found, faults


def _suits(value: object, kind: type) -> bool:
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    is_number = isinstance(value, int | float) if kind is float else isinstance(value, int)
    return is_number and isinstance(value, int | float) and value > 0


def _wanted(kind: type) -> str:
    if kind is bool:
        return "true or false"
    return "a number above 0" if kind is float else "a whole number above 0"
