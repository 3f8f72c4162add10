"""Channels that remember what they took."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from boxout.errors import ChannelUnavailable
from boxout.ledger import MemoryLedger
from boxout.notify import Senders
from ledger.acts import Time
from notify.posting import Served, serving


@dataclass
class Taken:
    """What a channel took; it takes nothing while `is_down`, and nothing more once it is `full`."""

    messages: list[Any] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)
    is_down: bool = False
    full: int = 1000

    def senders(self) -> Senders:
        return Senders(
            lambda _, message: self._take(self.messages, message),
            lambda _, event: self._take(self.events, event),
        )

    def _take(self, of: list[Any], one: Any) -> None:
        if self.is_down or len(of) >= self.full:
            raise ChannelUnavailable("channel team: is down")
        of.append(one)


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def ledger(time: Time) -> MemoryLedger:
    return MemoryLedger(time)


@pytest.fixture
def served() -> Iterator[Served]:
    with serving() as server:
        yield server
