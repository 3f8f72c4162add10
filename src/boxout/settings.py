"""The policy of a project, as its file says it."""

from dataclasses import fields
from typing import Any

from boxout.graph.order import near
from boxout.run import Policy


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


def _suits(value: object, kind: type) -> bool:
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    is_number = isinstance(value, int | float) if kind is float else isinstance(value, int)
    return is_number and isinstance(value, int | float) and value > 0


def _wanted(kind: type) -> str:
    if kind is bool:
        return "true or false"
    return "a number above 0" if kind is float else "a whole number above 0"
