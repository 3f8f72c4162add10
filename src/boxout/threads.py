"""Work side by side, and leases that are kept while it goes on."""

import gc
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread, Timer
from typing import Any, Final

from boxout.errors import StoreUnavailable
from boxout.ledger import Ledger
from boxout.warehouse import Warehouse

BEATS_PER_LEASE: Final = 3


def side_by_side(workers: int, tries: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run all, so many at the same time; the results in order, the first error raised."""
    with uncollected():
        if len(tries) < 2:
            return [one() for one in tries]
        with ThreadPoolExecutor(min(workers, len(tries))) as pool:
            return list(pool.map(lambda one: one(), tries))


@contextmanager
def uncollected() -> Generator[None, None, None]:
    """Without the search for cycles of garbage: a run makes millions of values and no cycle.

    The search looks at all of them again and again; in a long backfill that is a fifth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def limited(warehouse: Warehouse, version: int, timeout_s: float) -> Generator[None, None, None]:
    """Stop what works on a version when the block takes longer; its work raises Interrupted."""
    timer = Timer(timeout_s, warehouse.stop, (version,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def beating(ledger: Ledger, attempt: int, lease_s: float) -> Generator[None, None, None]:
    """Prolong the leases of an attempt for as long as the block runs."""
    is_over = Event()

    def beat() -> None:
        while not is_over.wait(lease_s / BEATS_PER_LEASE):
            _beat(ledger, attempt, lease_s)

    thread = Thread(target=beat, name=f"heartbeat of attempt {attempt}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _beat(ledger: Ledger, attempt: int, lease_s: float) -> None:
    try:
        ledger.heartbeat(attempt, lease_s)
    except StoreUnavailable:
        return  # the next beat tries again; a lost lease is decided at publication
