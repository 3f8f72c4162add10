"""The other end: the process that holds the warehouse does what others of its owner ask."""

import logging
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import AuthenticationError
from multiprocessing.connection import (
    Connection,
    Listener,
    answer_challenge,
    deliver_challenge,
)
from threading import Event, Thread
from typing import Any, Final

from boxout.model import Table
from boxout.relay.wire import receive, send, sendable
from boxout.warehouse import DuckdbWarehouse, Warehouse

LOG = logging.getLogger("boxout")

MAY_BE_CALLED: Final = frozenset(name for name in vars(Warehouse) if not name.startswith("_"))
LOOK_S: Final = 0.2


@dataclass(slots=True)
class Relay:
    """A thread for each connection, and so for each thread of whoever asks.

    `code` says which pipeline it is; `told` is called after everything that was done.
    """

    warehouse: DuckdbWarehouse
    tables: Mapping[str, Table]
    code: str
    key: str
    told: Callable[[], None] = lambda: None
    port: int = 0
    _listener: Listener | None = None
    _is_over: Event = field(default_factory=Event)
    _open: set["Connection[Any, Any]"] = field(default_factory=set)

    def open(self) -> None:
        """Begin to listen, on this machine only."""
        self._listener = Listener(("127.0.0.1", 0), backlog=64)
        address: Any = self._listener.address
        self.port = int(address[1])
        Thread(target=self._accept, name="relay", daemon=True).start()

    def close(self) -> None:
        """Hear nobody any more."""
        self._is_over.set()
        with suppress(OSError):  # who waits for a connection is woken by one
            socket.create_connection(("127.0.0.1", self.port), LOOK_S).close()
        if self._listener is not None:
            self._listener.close()
        for one in tuple(self._open):
            with suppress(OSError):
                _hang_up(one)

    def _accept(self) -> None:
        while not self._is_over.is_set() and self._listener is not None:
            try:
                connection = self._listener.accept()
            except OSError:
                continue  # closed, which the loop sees, or gone before it was heard
            if self._is_over.is_set():
                connection.close()
                return
            Thread(target=self._serve, args=(connection,), name="relayed", daemon=True).start()

    def _serve(self, connection: "Connection[Any, Any]") -> None:
        self._open.add(connection)
        try:
            if not self._is_friend(connection):
                return
            while not self._is_over.is_set():
                name, given, named = receive(connection, self.tables)
                send(connection, self._done(connection, name, given, named))
                self.told()
        except (EOFError, OSError):
            return  # whoever asked is gone
        except Exception:
            LOG.exception("A relayed call could not be understood")
        finally:
            self._open.discard(connection)
            with suppress(OSError):
                connection.close()

    def _is_friend(self, connection: "Connection[Any, Any]") -> bool:
        """Whether the other end has the key, and the same pipeline.

        Asked here and not where connections are accepted: who says nothing holds up nobody else.
        """
        key = bytes.fromhex(self.key)
        try:
            deliver_challenge(connection, key)
            answer_challenge(connection, key)
        except AuthenticationError:
            return False
        is_same = receive(connection, self.tables) == self.code
        send(connection, is_same)
        return is_same

    def _done(
        self, connection: "Connection[Any, Any]", name: str, given: list[Any], named: dict[str, Any]
    ) -> tuple[bool, Any]:
        try:
            if name == "ask":
                return True, self._asked(connection, *given)
            if name not in MAY_BE_CALLED:
                raise AttributeError(f"a warehouse has no {name}")
            return True, getattr(self.warehouse, name)(*given, **named)
        except Exception as error:  # noqa: BLE001 - raised again at the other end
            return False, sendable(error)

    def _asked(
        self, connection: "Connection[Any, Any]", sql: str, at: int | None
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Answer a person's SQL, and stop when he does not wait any more."""
        with self.warehouse.asking(self.tables.values(), at) as (cursor, run):
            is_done = Event()

            def watch() -> None:
                while not is_done.wait(LOOK_S):
                    if connection.closed or connection.poll():
                        cursor.interrupt()

            watching = Thread(target=watch, name="watch", daemon=True)
            watching.start()
            try:
                return run(sql)
            finally:
                is_done.set()
                watching.join()


def _hang_up(connection: "Connection[Any, Any]") -> None:
    """End it for both ends, also for the thread that waits for its next word."""
    with socket.socket(fileno=os.dup(connection.fileno())) as same:
        same.shutdown(socket.SHUT_RDWR)
