"""Processors: plain functions whose parameters are their inputs."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from boxout.model.checks import Comparison, CrossCheck, Severity
from boxout.model.inputs import Declared, Input, required
from boxout.model.rows import Rows
from boxout.model.tables import Table, Target


@dataclass(frozen=True, slots=True)
class Processor:
    """A pure function from input tables to one output table."""

    name: str
    target: Table
    group: str | None
    inputs: Mapping[str, Input]
    function: Callable[..., Rows]
    faults: tuple[str, ...]

    def __call__(self, **rows: Rows) -> Rows:
        """The output as an expression over the given inputs."""
        return self.function(**rows)

    @property
    def unit(self) -> str:
        """What is claimed and published as one: the group, or this processor alone."""
        return self.group or self.target.name


def processor(
    target: Table | Target, **inputs: Declared
) -> Callable[[Callable[..., Rows]], Processor]:
    """Declare the function that computes a table; each keyword declares one parameter.

    A parameter without a declaration, or the reverse, is a fault of the pipeline.
    """
    aimed = target if isinstance(target, Target) else Target(target)

    def declare(function: Callable[..., Rows]) -> Processor:
        name = function.__name__
        return Processor(
            name=name,
            target=aimed.table,
            group=aimed.group,
            inputs={key: required(value) for key, value in inputs.items()},
            function=function,
            faults=parameter_faults(name, function, tuple(inputs)),
        )

    return declare


def across(
    group: str, *, severity: Severity = Severity.BLOCK, **tables: Table
) -> Callable[[Callable[..., Comparison]], CrossCheck]:
    """Declare a check over several tables of a group; each keyword declares one parameter."""

    def declare(compare: Callable[..., Comparison]) -> CrossCheck:
        named = {parameter: table.name for parameter, table in tables.items()}
        return CrossCheck(compare.__name__, group, named, compare, severity)

    return declare


def parameter_faults(
    name: str, function: Callable[..., object], declared: tuple[str, ...]
) -> tuple[str, ...]:
    """What differs between a function's parameters and their declarations."""
    parameters = tuple(inspect.signature(function).parameters)
    undeclared = [
        f"{name}: parameter {parameter!r} reads no declared input"
        for parameter in parameters
        if parameter not in declared
    ]
    unused = [
        f"{name}: input {key!r} is declared and {name}({', '.join(parameters)}) has no such parameter"
        for key in declared
        if key not in parameters
    ]
    return (*undeclared, *unused)
