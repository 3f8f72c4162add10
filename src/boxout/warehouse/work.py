"""Which versions are being worked on, and which have been stopped."""

from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from threading import Condition

from boxout.warehouse.port import Interrupted

STOP_TRIES_MAX = 100
TRY_S = 0.05


class Work:
    """Work on versions, each piece in its own thread, which any other thread can stop."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._stopped: set[int] = set()
        self._at_work: list[tuple[frozenset[int], Callable[[], None]]] = []

    @contextmanager
    def on(
        self, versions: Collection[int], interrupt: Callable[[], None]
    ) -> Generator[None, None, None]:
        """Work that `interrupt` breaks off from outside; Interrupted when it is stopped already."""
        piece = (frozenset(versions), interrupt)
        with self._changed:
            self.refuse_stopped(piece[0])
            self._at_work.append(piece)
        try:
            yield
        finally:
            with self._changed:
                self._at_work.remove(piece)
                self._changed.notify_all()

    def refuse_stopped(self, versions: Collection[int]) -> None:
        """Raise Interrupted when one of these versions has been stopped."""
        stopped = sorted(self._stopped.intersection(versions))
        if stopped:
            raise Interrupted(f"version {stopped[0]} was stopped; no row of it is kept")

    def stop(self, version: int) -> bool:
        """Stop all work on a version, now and later; whether none is left.

        It interrupts again and again, because an interrupt between two statements is lost.
        """
        with self._changed:
            self._stopped.add(version)
            for _ in range(STOP_TRIES_MAX):
                left = [interrupt for of, interrupt in self._at_work if version in of]
                if not left:
                    return True
                for interrupt in left:
                    interrupt()
                self._changed.wait(TRY_S)
            return False
