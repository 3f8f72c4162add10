"""Trying again, a bounded number of times, what a busy or broken server could not do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from boxout.errors import StoreUnavailable

T = TypeVar("T")

REASONS: Final = frozenset({
    "backendError", "internalError", "jobBackendError", "jobInternalError", "jobRateLimitExceeded",
    "quotaExceeded", "rateLimitExceeded", "tableUnavailable",
})  # fmt: skip
"""Reasons of BigQuery that may be gone a moment later."""

CODES: Final = frozenset({408, 429, 500, 502, 503, 504})
CONFLICT: Final = "Could not serialize access"
"""Two statements changed one table at the same time: one of them is done, the other asked again."""


@dataclass(frozen=True, slots=True)
class Tries:
    """How often, and how long to wait between: twice as long each time, and never in step."""

    sleep: Callable[[float], None]
    draw: Callable[[], float]
    tries_max: int = 6
    first_s: float = 1.0
    longest_s: float = 32.0

    def of(self, call: Callable[[int], T]) -> T:
        """What `call` gives, which is told how many tries went before it.

        Any error but a passing one is raised as it is; StoreUnavailable when the last try failed.
        """
        for nth in range(self.tries_max - 1):
            try:
                return call(nth)
            except Exception as error:
                if not is_passing(error):
                    raise
            self.sleep(min(self.first_s * 2**nth, self.longest_s) * (0.5 + self.draw() / 2))
        try:
            return call(self.tries_max - 1)
        except Exception as error:
            if not is_passing(error):
                raise
            raise StoreUnavailable(
                f"BigQuery did not do it in {self.tries_max} tries: {first_line(error)} What was"
                " asked for may yet be done; asked again, it is not done twice."
            ) from error


def is_passing(error: BaseException) -> bool:
    """Whether the same may work a moment later."""
    if isinstance(error, OSError):  # a connection that was refused, broke, or took too long
        return True
    code: Any = getattr(error, "code", None)
    return (
        bool(getattr(error, "retryable", False))
        or bool(REASONS & reasons(error))
        or (isinstance(code, int) and int(code) in CODES)
        or CONFLICT in str(error)
    )


def reasons(error: BaseException) -> set[str]:
    """The words with which BigQuery gives the reason of an error."""
    told: Any = getattr(error, "errors", None) or ()
    return {one["reason"] for one in told if isinstance(one, dict) and "reason" in one}


def first_line(error: BaseException) -> str:
    """An error in one line that ends with a full stop."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".") + "."
