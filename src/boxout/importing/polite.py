"""Asking a source without being a burden: a pause between requests, and a longer one when it is busy."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from boxout.model import Ask, Importer, Request, Unanswered

TRIES_MAX: Final = 5
JITTER: Final = 0.5
"""A pause is up to this share longer, so that requests do not come in step."""

BACK_OFF_S: Final = 5.0
"""The first wait after no answer; each one after it is twice as long."""

WAIT_S_MAX: Final = 300.0
"""Who asks to be left alone for longer is asked again by another command, later."""


@dataclass(slots=True)
class Polite:
    """The way to a source that keeps the rate; `tick` counts seconds, `draw` is from 0 to 1.

    `tell` is told of each wait after no answer.
    """

    importer: Importer
    ask: Ask
    tick: Callable[[], float]
    sleep: Callable[[float], object]
    draw: Callable[[], float]
    tell: Callable[[str], None]
    requests: int = field(default=0, init=False)
    _not_before: float | None = field(default=None, init=False)

    def answer(self, request: Request) -> bytes:
        """A whole answer; Unanswered when there was none after all tries."""
        for further in reversed(range(TRIES_MAX)):
            try:
                return self._once(request)
            except Unanswered as error:
                if not (further and error.is_passing and error.wait_s <= WAIT_S_MAX):
                    raise
                wait_s = max(error.wait_s, BACK_OFF_S * 2 ** (TRIES_MAX - 1 - further))
                self.tell(f"{request.file}: {error}; asked again in {wait_s:.0f} s")
                self._pause(wait_s)
        raise AssertionError("the last try answers or raises")

    def _once(self, request: Request) -> bytes:
        if self._not_before is not None:
            self.sleep(max(0.0, self._not_before - self.tick()))
        self._pause(self.importer.pause_s)
        self.requests += 1
        answer = self.ask(request)
        fault = self.importer.fault(request, answer)
        if fault is not None:
            raise Unanswered(f"the answer is not whole: {fault}", is_passing=True, is_of_one=True)
        return answer

    def _pause(self, seconds: float) -> None:
        """Nothing is asked for so long from now, and a little longer."""
        self._not_before = self.tick() + seconds * (1 + JITTER * self.draw())
