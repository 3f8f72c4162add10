"""The ledger's clock of a simulated world, and the hearts that go by real time."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from boxout.ledger import Ledger
from boxout.threads import BEATS_PER_LEASE

LEASE_S: Final = 900
BEAT_S: Final = LEASE_S / BEATS_PER_LEASE
DAWN: Final = datetime(2026, 2, 4, 6, tzinfo=UTC)


@dataclass(slots=True)
class Time:
    """The ledger's clock, which may jump, and the seconds that really pass."""

    at: datetime = DAWN
    latest: datetime = DAWN
    passed_s: float = 0

    def __call__(self) -> datetime:
        return self.at

    def pass_s(self, seconds: float) -> None:
        """What every clock sees."""
        self.passed_s += seconds
        self.jump_s(seconds)

    def jump_s(self, seconds: float) -> None:
        """Somebody sets the ledger's clock, forwards or backwards; nobody else notices."""
        self.at += timedelta(seconds=seconds)
        self.latest = max(self.latest, self.at)

    def settle_s(self, seconds: float) -> None:
        """So long after everything that was ever stamped."""
        self.at = self.latest
        self.pass_s(seconds)


@dataclass(slots=True)
class Heart:
    """Renews the leases of a worker's attempts, beside it, as a thread does in a process."""

    ledger: Ledger
    time: Time
    due: dict[int, float] = field(default_factory=dict)
    is_still: bool = False

    @contextmanager
    def alive(self, attempt: int, _lease_s: float) -> Generator[None]:
        """Beat for an attempt from now on."""
        self.due[attempt] = self.time.passed_s + BEAT_S
        try:
            yield
        finally:
            del self.due[attempt]

    def beat(self) -> None:
        """Renew what is due; a heart goes by the time that passes, not by the ledger's clock."""
        for attempt, due in self.due.items() if not self.is_still else ():
            if due <= self.time.passed_s:
                self.ledger.heartbeat(attempt, LEASE_S)
                self.due[attempt] = self.time.passed_s + BEAT_S
