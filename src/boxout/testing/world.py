"""The stores and the engines of one simulated world."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random
from typing import Any, TypeAlias

from boxout.errors import StoreUnavailable
from boxout.graph import Graph
from boxout.ledger import Ledger, MemoryLedger
from boxout.ledger.port import Clock
from boxout.model import Pipeline
from boxout.run import Engine, Policy
from boxout.testing.checker import Checker
from boxout.testing.clock import LEASE_S, Heart, Time
from boxout.testing.hub import Watched
from boxout.testing.scenario import NEW_CODE, Scenario
from boxout.testing.symbols import Symbols, changed
from boxout.warehouse import MemoryWarehouse

Opened: TypeAlias = Callable[[Clock], Ledger]
"""An empty ledger that goes by this clock."""


@dataclass(slots=True)
class World:
    """The stores, the clock and the workers of one schedule."""

    pipeline: Pipeline
    graph: Graph
    made: Symbols
    scenario: Scenario
    opened: Opened = MemoryLedger
    time: Time = field(default_factory=Time)
    trace: list[tuple[str, str]] = field(default_factory=list)
    cuts: list[tuple[int, dict[Any, Any]]] = field(default_factory=list)
    newest: Symbols = field(init=False)
    ledger: Ledger = field(init=False)
    warehouse: MemoryWarehouse = field(init=False)
    checker: Checker = field(init=False)
    random: Random = field(init=False)
    runs: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        # Rows are symbols here: there is no number in them that could lie far from others.
        self.pipeline = replace(self.pipeline, baseline=None)
        table = self.scenario.changed
        self.newest = changed(self.made, self.pipeline, self.graph, table) if table else self.made
        self.ledger = self.opened(self.time)
        self.warehouse = MemoryWarehouse(self.newest.programs, is_typed=False)
        self.checker = Checker(self.pipeline, self.graph, self.ledger, self.warehouse)
        self.random = Random(self.scenario.order)

    def engine(self, heart: Heart | None = None, code: str = NEW_CODE) -> Engine:
        """An engine on the stores; each call of one with a heart is a stop."""
        ledger: Any = self.ledger
        warehouse: Any = self.warehouse
        if heart is not None:
            ledger = Watched(ledger, "ledger", _broken)
            warehouse = Watched(warehouse, "warehouse", _broken)
        return Engine(
            pipeline=self.pipeline,
            graph=self.graph,
            compiled=(self.newest if code == NEW_CODE else self.made).compiled,
            ledger=ledger,
            warehouse=warehouse,
            new_run=lambda: f"run {next(self.runs)}",
            draw=self.random.random,
            side_by_side=lambda tries: [one() for one in tries],
            alive=heart.alive if heart else lambda _attempt, _lease_s: nullcontext(),
            limit=lambda _version, _timeout_s: nullcontext(),
            policy=Policy(lease_s=LEASE_S, first_look_s=0.05, look_s_max=5),
        )


def _broken(call: str) -> Exception:
    return StoreUnavailable(f"{call} broke")
