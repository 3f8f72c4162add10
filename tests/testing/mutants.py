"""The engine with one tooth pulled at a time: the simulation must find every one of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any
from unittest.mock import patch

import greenlet

from boxout.ledger import Finding, MemoryLedger, Published, memory_turning
from boxout.ledger.memory_publishing import Judged, Kept
from boxout.run import compute, rollback
from boxout.run.engine import Engine
from boxout.run.gate import Door, Ready
from boxout.run.snapshot import Snapshot
from boxout.warehouse import MemoryWarehouse

ASK, SNAPSHOT, PROJECT = Door.ask, Engine.snapshot, MemoryWarehouse.project
PUBLISH, COLLECT, JUDGE = MemoryLedger.publish, memory_turning.needed_by_nobody, compute.judge
HEARTBEAT = MemoryLedger.heartbeat
FIRST_LOOK: dict[int, Snapshot] = {}


def fails_open(self: Door, partition: str) -> Ready:
    """Where the gate would make a processor wait, it reads whatever is there."""
    answer = ASK(self, partition)
    if isinstance(answer, Ready):
        return answer
    pins: dict[str, Sequence[tuple[str, int]]] = {}
    for name, given in self.one.inputs.items():
        table = given.feeds[0].table
        keys = self._keys(given, table, partition)
        there = [(key, self.snapshot.pointer(table.name, key)) for key in keys]
        staged = [(key, self.snapshot.staged.get((table.name, key))) for key in keys]
        pins[f"{name}__0"] = [(key, v) for key, v in staged if v] or [
            (key, pointer.version) for key, pointer in there if pointer and pointer.version
        ]
    return Ready(pins)


def asks_once(
    self: Engine, first: str, last: str, at: int | None = None, of: Any = None
) -> Snapshot:
    """The first look at the world serves for ever, and passes for the latest."""
    if id(self) not in FIRST_LOOK:
        FIRST_LOOK[id(self)] = SNAPSHOT(self, "2026-01-01", "2026-12-31", at)
    kept = FIRST_LOOK[id(self)]
    return replace(
        kept, number=self.ledger.head(), staged={}, readable={}, _stale={}, _since={}, _lapsed={}
    )


@contextmanager
def looking_once() -> Iterator[None]:
    FIRST_LOOK.clear()
    with patch.object(Engine, "snapshot", asks_once):
        yield


def projects_in_two(
    self: MemoryWarehouse, moves: Sequence[Any], upto: int, mark: int, **said: Any
) -> bool:
    """Two statements where one is needed: a reader may come in between."""
    half = len(moves) // 2
    with self._lock:
        before = self._pointers.projected
        is_there = PROJECT(self, moves[:half], upto, mark, **said)
    here = greenlet.getcurrent()
    if here.parent is not None:
        here.parent.switch("warehouse.project, half")
    if is_there:
        self._pointers.projected = before
        PROJECT(self, moves[half:], upto, mark)
    return is_there


def publishes_one_by_one(
    self: MemoryLedger, attempt: int, versions: Sequence[int], **said: Any
) -> Published:
    """Every table of a group by itself."""
    became = [PUBLISH(self, attempt, (version,), **said) for version in versions]
    return became[-1] if became else PUBLISH(self, attempt, (), **said)


def judges_nothing(*asked: Any) -> tuple[list[Any], list[Finding]]:
    """The checks are not evaluated."""
    return [], []


@contextmanager
def unchecked() -> Iterator[None]:
    with patch.object(compute, "judge", judges_nothing), patch.object(Kept, "is_evaluated", yes):
        yield


def collects_what_is_public(kept: Any, before: int, older_than: str) -> set[int]:
    """Everything old goes, whoever points at it."""
    old = {n for n, v in kept.versions.items() if v.created_at < older_than}
    return old - kept.collected


def collects_from_the_living(kept: Any, before: int, older_than: str) -> set[int]:
    """Nobody asks whether the attempt still holds a lease."""
    leases, kept.leases = kept.leases, {}
    found = COLLECT(kept, before, older_than)
    kept.leases = leases
    return found


def takes_back_what_was_lost(self: MemoryLedger, attempt: int, lease_s: float) -> None:
    """A heartbeat renews every lease that the attempt ever had, whoever holds it now."""
    unit = self._kept.unit(attempt)
    written = [n for n, v in self._kept.versions.items() if v.attempt == attempt]
    once = {partition for n in written for partition in self._kept.census.get(n, {})}
    until = self.now(lease_s)
    self._kept.leases |= {(unit, partition): (attempt, until) for partition in once}
    HEARTBEAT(self, attempt, lease_s)


def knows_no_code(self: Engine, first: str, last: str, **asked: Any) -> Snapshot:
    """Whatever was computed by other code passes for fresh."""
    return replace(SNAPSHOT(self, first, last, **asked), fingerprints=None)


def no(*_: Any, **__: Any) -> bool:
    return False


def yes(*_: Any, **__: Any) -> bool:
    return True


def nothing(*_: Any, **__: Any) -> None:
    return None


def none_of(_: object) -> tuple[()]:
    return ()


Mutant = Callable[[], AbstractContextManager[Any]]
MUTANTS: dict[str, tuple[Mutant, str]] = {
    "the fence is off": (partial(patch.object, Judged, "is_held", yes), "I3"),
    "the read set is not asked about": (partial(patch.object, Judged, "is_moved", no), "I1"),
    "the gate is asked once up front": (looking_once, "I1"),
    "the gate fails open": (partial(patch.object, Door, "ask", fails_open), "I1"),
    "the public views move in two statements": (
        partial(patch.object, MemoryWarehouse, "project", projects_in_two),
        "I2",
    ),
    "a group is published table by table": (
        partial(patch.object, MemoryLedger, "publish", publishes_one_by_one),
        "I2",
    ),
    "findings do not withhold": (partial(patch.object, Judged, "_withheld", nothing), "I5"),
    "checks that were never evaluated count": (unchecked, "I5"),
    "what came from a bad version stays": (
        partial(patch.object, rollback.Planner, "_descends", nothing),
        "I4",
    ),
    "withdrawn rows may come back": (partial(patch.object, Judged, "_is_buried", no), "I4"),
    "the collector asks no pointer": (
        partial(patch.object, memory_turning, "needed_by_nobody", collects_what_is_public),
        "I7",
    ),
    "the collector asks no lease": (
        partial(patch.object, memory_turning, "needed_by_nobody", collects_from_the_living),
        "I7",
    ),
    "a heartbeat takes back a lease that was lost": (
        partial(patch.object, MemoryLedger, "heartbeat", takes_back_what_was_lost),
        "I3",
    ),
    "what reads no window is fresh whatever moved": (
        partial(patch.object, Snapshot, "_rests", yes),
        "I6",
    ),
    "what other code computed is not stale": (
        partial(patch.object, Engine, "snapshot", knows_no_code),
        "I6",
    ),
    "a rollback is not told": (partial(patch.object, memory_turning, "moved_back", none_of), "I7"),
    "what moved is not stale": (partial(patch.object, Snapshot, "_moved", nothing), "I6"),
}
"""By name: the mutation, and the invariant that it breaks first."""
