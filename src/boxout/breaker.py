"""A store that is down is left alone for a while: asking it again and again helps nobody."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

from boxout.errors import StoreUnavailable

FAILURES_MAX: Final = 5
REST_S: Final = 30.0


class Breaker:
    """A ledger or a warehouse around another.

    After `failures_max` calls in a row that found the store unavailable, every call is refused
    at once for `rest_s`; then one call is let through, and its outcome decides.
    """

    def __init__(
        self,
        port: object,
        clock: Callable[[], datetime],
        *,
        failures_max: int = FAILURES_MAX,
        rest_s: float = REST_S,
    ) -> None:
        self._port = port
        self._clock = clock
        self._failures_max = failures_max
        self._rest = timedelta(seconds=rest_s)
        self._failures = 0
        self._closed_at: datetime | None = None
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        return self._guarded(found) if callable(found) else found

    def _guarded(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            self._refuse()
            try:
                result = method(*args, **named)
            except StoreUnavailable:
                self._count(failed=1)
                raise
            self._count(failed=0)
            return result

        return call

    def _refuse(self) -> None:
        with self._lock:
            now, closed_at = self._clock(), self._closed_at
            # A clock that was set back ends the rest: nobody knows how long it has lasted.
            if closed_at is None or not closed_at - self._rest <= now < closed_at:
                return
            raise StoreUnavailable(
                f"Not asked: the store failed {self._failures} times in a row and is left alone"
                f" until {closed_at:%H:%M:%S} UTC. Nothing was written."
            )

    def _count(self, *, failed: int) -> None:
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            is_down = self._failures >= self._failures_max
            self._closed_at = self._clock() + self._rest if is_down else None
