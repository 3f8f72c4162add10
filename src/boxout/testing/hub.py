"""Workers that run one at a time, and stop wherever they touch a ledger or a warehouse.

Nothing else of the engine can be seen by another process, so every interleaving that matters is
an order of these stops.
"""

from collections.abc import Callable
from typing import Any, Final

from boxout.deferred import deferred
from boxout.testing.clock import Heart

greenlet = deferred("greenlet")

Act = Callable[[], object]
"""What a worker does, to its end."""

CALL: Final = "call"
BREAK_BEFORE: Final = "break before"
BREAK_AFTER: Final = "break after"


class Worker:
    """One process: it runs until its next stop, and is told there how its call goes."""

    def __init__(self, name: str, act: Act, heart: Heart) -> None:
        self.name = name
        self.heart = heart
        self.asleep_until = 0
        self.is_slow = False
        self.at: str | None = None
        self.error: Exception | None = None
        self._let = greenlet.greenlet(self._run)
        self._act = act
        self._is_killed = False

    @property
    def is_over(self) -> bool:
        """Whether it has ended, broken or been killed."""
        return self._is_killed or self._let.dead

    def step(self, how: str = CALL) -> None:
        """Go on to the next stop; `how` is what becomes of the call that it stands before."""
        self.at = self._let.switch(how)

    def sleep(self, until: int, how: str) -> None:
        """Make no call before that many calls of all were made.

        A process that stands still (pause) has no heartbeat meanwhile; one that is slow has; a
        silent one never again.
        """
        self.asleep_until = until
        self.is_slow = how == "slow"
        self.heart.is_still |= how == "silent"

    def kill(self) -> None:
        """Never go on, and touch no store any more: what a process leaves that is killed."""
        self._is_killed = True
        self._let.is_killed = True
        self._let.throw(greenlet.GreenletExit)

    def _run(self, _how: str) -> None:
        try:
            self._act()
        except Exception as error:  # noqa: BLE001  # a simulation shows it, and goes on
            self.error = error


class Watched:
    """A port whose every call is a stop of the worker that makes it."""

    def __init__(self, port: object, name: str, broken: Callable[[str], Exception]) -> None:
        self._port = port
        self._name = name
        self._broken = broken

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not callable(found):
            return found
        call = self._stopping(found, f"{self._name}.{name}")
        self.__dict__[name] = call
        return call

    def _stopping(self, method: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            here = greenlet.getcurrent()
            if here.parent is None:
                return method(*args, **named)
            if getattr(here, "is_killed", False):
                raise greenlet.GreenletExit
            how = here.parent.switch(name)
            if how == BREAK_BEFORE:
                raise self._broken(name)
            result = method(*args, **named)
            if how == BREAK_AFTER:
                raise self._broken(name)
            return result

        return call
