"""BigQuery as an emulator of the tests' own: a process in an environment of its own.

It looks for an extension of DuckDB in the home folder; there it is put from its package, so that
nothing is fetched.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
PROJECT = "demo-project"
PUT = """
import pathlib, duckdb, duckdb_extension_spatial
folder = pathlib.Path(duckdb_extension_spatial.__file__).parent
(file,) = folder.rglob("*.duckdb_extension")
duckdb.execute(f"INSTALL '{file}'")
"""
WAIT_S_MAX = 60


def environment() -> Path:
    """Where the emulator is installed: `make test-bigquery` says so."""
    return Path(os.environ.get("BOXOUT_BQEMULATOR", ROOT / ".venv-bqemulator"))


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """An emulator in memory; its address."""
    programs, port = environment() / "bin", _free_port()
    said = {**os.environ, "HOME": str(home)}
    subprocess.run([programs / "python", "-c", PUT], env=said, check=True)
    command = [programs / "bqemulator", "start", "--rest-port", str(port), "--grpc-port", "0"]
    log = home / "emulator.log"
    with log.open("w") as file:
        process = subprocess.Popen(
            [*command, "--project", PROJECT, "--log-level", "error"],
            env=said,
            stdout=file,
            stderr=file,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _answers(f"{address}/bigquery/v2/projects/{PROJECT}/datasets", process, log)
            yield address
        finally:
            process.terminate()
            process.wait(30)


def _answers(address: str, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + WAIT_S_MAX
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()[-2000:]
        try:
            with urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the emulator does not answer: {log.read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
