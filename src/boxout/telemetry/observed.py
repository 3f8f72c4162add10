"""A ledger or a warehouse around another, whose every call is told to observers.

All that an attempt does it does through the two stores, so nothing in the engine needs to know.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from inspect import Signature, signature
from typing import Any, Final, NamedTuple, Protocol, cast

from boxout.ledger import Ledger, Published
from boxout.run import Engine
from boxout.warehouse import Warehouse

LOG = logging.getLogger("boxout")
PORTS: Final[Mapping[str, type]] = {"ledger": Ledger, "warehouse": Warehouse}


class Call(NamedTuple):
    """One call of a store, with its arguments by name."""

    store: str
    method: str
    given: Mapping[str, Any]


class Ended(NamedTuple):
    """How a call came out; `error` is None when it came out at all."""

    result: Any
    error: BaseException | None
    took_s: float


class Observer(Protocol):
    """Sees every call. What it raises is logged, and stands in nobody's way."""

    def begins(self, call: Call) -> object:
        """Before the call; what it gives comes back at the end."""
        ...

    def ends(self, call: Call, begun: object, ended: Ended) -> None:
        """After the call, in the same thread."""
        ...


def observed(engine: Engine, observers: Sequence[Observer], clock: Callable[[], float]) -> Engine:
    """The same engine, with observers at its stores; `clock` gives seconds, and never goes back."""
    ledger = Observed(engine.ledger, "ledger", observers, clock)
    warehouse = Observed(engine.warehouse, "warehouse", observers, clock)
    return replace(engine, ledger=cast("Ledger", ledger), warehouse=cast("Warehouse", warehouse))


class Observed:
    """A port around another."""

    def __init__(
        self, port: object, store: str, observers: Sequence[Observer], clock: Callable[[], float]
    ) -> None:
        self._port = port
        self._store = store
        self._observers = tuple(observers)
        self._clock = clock

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        shape = _shape(self._store, name)
        return found if shape is None else self._telling(found, name, shape)

    def _telling(self, method: Callable[..., Any], name: str, shape: Signature) -> Any:
        def call(*args: Any, **named: Any) -> Any:
            # The first parameter of the port's method is the port.
            given = shape.bind(None, *args, **named).arguments
            seen = Call(self._store, name, given)
            begun = [_quietly(one.begins, seen) for one in self._observers]
            began_s = self._clock()
            try:
                result = method(*args, **named)
            except BaseException as error:
                self._end(seen, begun, Ended(None, error, self._clock() - began_s))
                raise
            self._end(seen, begun, Ended(result, None, self._clock() - began_s))
            return result

        return call

    def _end(self, call: Call, begun: Sequence[object], ended: Ended) -> None:
        for one, own in zip(self._observers, begun, strict=True):
            _quietly(one.ends, call, own, ended)


def _quietly(tell: Callable[..., object], *told: object) -> object:
    try:
        return tell(*told)
    except Exception:  # whatever a collector of somebody else raises
        LOG.exception("Not observed; the run goes on.")
        return None


def became(published: Published) -> dict[str, Sequence[str]]:
    """The partitions of a publication by outcome, without those that stayed back unjudged.

    A ledger that withholds does not say whether a check failed or an input is still missing; the
    events that follow do.
    """
    told = ("published", "unchanged", "moved", "fenced", "withdrawn")
    return {name: of for name in told if (of := getattr(published, name))}


@cache
def _shape(store: str, name: str) -> Signature | None:
    """The parameters of a method of the port; None for whatever is no method of it."""
    found = getattr(PORTS[store], name, None)
    return signature(found) if callable(found) else None
