"""What comes in is made durable before it is acknowledged; many at once in one transaction."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, Full, Queue
from threading import Thread
from typing import NamedTuple

from boxout.errors import BoxoutError, StoreUnavailable
from boxout.ledger import Event, Ledger, Message, Received

LOG = logging.getLogger("boxout")

AT_ONCE = 500
WAITING_MAX = 10_000


class Letter(NamedTuple):
    """A message, and where its sender waits for it to be kept."""

    message: Message
    loop: asyncio.AbstractEventLoop
    kept: "asyncio.Future[Received]"


@dataclass(slots=True)
class Mailbox:
    """One thread that writes; `told` is called after every transaction.

    A disk that is asked once for a hundred messages answers a hundred senders: that is what makes
    thousands a second durable.
    """

    ledger: Ledger
    told: Callable[[], None]
    _letters: Queue[Letter | None] = field(default_factory=lambda: Queue(WAITING_MAX))
    _thread: Thread | None = None

    def open(self) -> None:
        """Begin to keep."""
        self._thread = Thread(target=self._write, name="mailbox", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Keep what is there, then end."""
        self._letters.put(None)
        if self._thread is not None:
            self._thread.join()

    async def keep(self, message: Message) -> Received:
        """The message, once it is durable; StoreUnavailable when it could not be kept."""
        loop = asyncio.get_running_loop()
        letter = Letter(message, loop, loop.create_future())
        try:
            self._letters.put_nowait(letter)
        except Full as error:
            raise StoreUnavailable(
                f"{WAITING_MAX} messages wait to be kept already. This one was not; send it again."
            ) from error
        return await letter.kept

    def _write(self) -> None:
        while (first := self._letters.get()) is not None:
            letters, is_over = self._gathered(first)
            self._keep(letters)
            if is_over:
                return

    def _gathered(self, first: Letter) -> tuple[list[Letter], bool]:
        letters = [first]
        while len(letters) < AT_ONCE:
            try:
                one = self._letters.get_nowait()
            except Empty:
                break
            if one is None:
                return letters, True
            letters.append(one)
        return letters, False

    def _keep(self, letters: Sequence[Letter]) -> None:
        kept: Sequence[Received | Exception]
        try:
            kept = self.ledger.inbox.receive([one.message for one in letters])
            self._alert(kept)
        except BoxoutError as error:
            kept = [error] * len(letters)
        except Exception as error:  # every sender hears of it; the thread must go on
            LOG.exception("Messages could not be kept")
            kept = [error] * len(letters)
        for loop in {one.loop for one in letters}:
            mine = [(a.kept, b) for a, b in zip(letters, kept, strict=True) if a.loop is loop]
            loop.call_soon_threadsafe(_answer, mine)
        self.told()

    def _alert(self, kept: Sequence[Received]) -> None:
        """An event for each that was rejected, at its first delivery."""
        fresh = [one for one in kept if one.asked.rejected and one.deliveries == 1]
        if fresh:
            self.ledger.record_events([told_of(one, self.ledger.now()) for one in fresh])


def told_of(one: Received, at: str) -> Event:
    """The alert of a message that was rejected."""
    needed = "a message that names a table and a date, or a file"
    return Event(at, "", "", "", "rejected", f"message {one.number}", one.asked.rejected, needed)


def _answer(kept: Sequence[tuple["asyncio.Future[Received]", Received | Exception]]) -> None:
    for future, one in kept:
        if future.done():
            continue  # its sender went away
        if isinstance(one, Exception):
            future.set_exception(one)
        else:
            future.set_result(one)
