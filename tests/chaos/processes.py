"""A process of its own for each act: forked from a parent that has imported everything.

The parent opens no store, so that a child costs milliseconds and shares nothing but the files.
"""

import os
import pickle
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

PATIENCE_S = 60
MEMORY = Path("/dev/shm")
"""A killed process leaves the same bytes here as on any disk; only a power cut would tell."""


def memory() -> Path | None:
    """A place where a commit does not wait for a disk, if there is one."""
    return MEMORY if MEMORY.is_dir() else None


def scratch() -> "tempfile.TemporaryDirectory[str]":
    """A folder in it."""
    return tempfile.TemporaryDirectory(dir=memory())


class Ended(NamedTuple):
    """How a child ended: what it gave back, or its traceback, or neither when it was killed."""

    answer: Any
    error: str | None
    is_killed: bool
    took_s: float


class Child:
    """One forked process and the pipe through which it answers."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self._began = time.perf_counter()
        self._reader, writer = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._reader)
            _live(act, writer)
        os.close(writer)

    def kill(self) -> None:
        """What a power button does."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> Ended:
        """Until it is over; a child that never ends is killed and said to be stuck."""
        signal.signal(signal.SIGALRM, lambda *_: self.kill())
        signal.alarm(PATIENCE_S)
        with os.fdopen(self._reader, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(self.pid, 0)
        is_stuck = signal.alarm(0) == 0
        took_s = time.perf_counter() - self._began
        if is_stuck:
            return Ended(None, f"still running after {PATIENCE_S} s", False, took_s)
        if os.WIFSIGNALED(status):
            return Ended(None, None, True, took_s)
        answer, error = pickle.loads(said)
        return Ended(answer, error, False, took_s)


def _live(act: Callable[[], Any], writer: int) -> None:
    code = 1
    try:
        said = (act(), None)
        code = 0
    except BaseException:  # noqa: BLE001  # the parent shows it
        said = (None, traceback.format_exc())
    with os.fdopen(writer, "wb") as pipe:
        pickle.dump(said, pipe)
    os._exit(code)


def apart(act: Callable[[], Any]) -> Any:
    """What an act gives back in a process of its own; its error is ours."""
    ended = Child(act).wait()
    if ended.error is not None or ended.is_killed:
        raise RuntimeError(ended.error or "killed")
    return ended.answer
