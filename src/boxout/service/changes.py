"""Something moved: told from any thread to whoever listens on an event loop."""

from asyncio import AbstractEventLoop, Event, get_running_loop
from collections.abc import AsyncGenerator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """One who listens, and the loop that he listens on."""

    loop: AbstractEventLoop
    has_news: Event

    def tell(self) -> None:
        """There is news, from whatever thread."""
        with suppress(RuntimeError):  # the loop is gone, and the listener with it
            self.loop.call_soon_threadsafe(self.has_news.set)


@dataclass(slots=True)
class Changes:
    """A broadcast without a queue: who is slow is told once that something moved, not each time.

    What moved is asked of the ledger; `number` grows with every change.
    """

    number: int = 0
    is_over: bool = False
    _listeners: set[Listener] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def tell(self) -> None:
        """Something moved."""
        self.number = next(self._numbers)
        for one in tuple(self._listeners):
            one.tell()

    def close(self) -> None:
        """Nothing will move any more: everybody stops listening."""
        self.is_over = True
        for one in tuple(self._listeners):
            one.tell()

    async def each(self) -> AsyncGenerator[int]:
        """The number of the latest change, at once and then whenever there is a later one."""
        listener = Listener(get_running_loop(), Event())
        self._listeners.add(listener)
        try:
            while not self.is_over:
                listener.has_news.clear()
                yield self.number
                await listener.has_news.wait()
        finally:
            self._listeners.discard(listener)
