"""The server of a shared ledger ends in the middle of a correction, and comes back or is replaced.

    python -m chaos.takeover RESTARTS FAILOVERS SEED

prints one JSON document: how often, at which statements, and what did not hold when it was tried again.
"""

import json
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from boxout.errors import OtherHistory, StoreUnavailable
from chaos.cuts import MOMENTS, Cut, line_to
from chaos.processes import memory
from chaos.servers import ENDS, PATIENCE_S, Server, following, serving, url_of
from chaos.severed import rehearsed, through
from chaos.shared import AFTER, at_work, copied, correct, made, wrong

LASTING = ""
"""Settings of a server that waits for its disk, as servers do."""


@contextmanager
def project(server: Server) -> Iterator[tuple[Path, str]]:
    """Two games, public, with the ledger on this server: the folder and the database."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        yield made(server, Path(folder) / "base")


def broken_off(
    server: Server, base: tuple[Path, str], cut: Cut, at_cut: Callable[[], None], *more: Server
) -> str:
    """A correction, in the middle of which something happens to the server; what was told."""
    folder, name = base
    with line_to(server.port) as line:
        here = f"127.0.0.1:{line.port}"
        hosts = ",".join([here, *(f"127.0.0.1:{one.port}" for one in more)])
        with at_work(folder, through(line, name).replace(here, hosts)) as small:
            line.at_cut, line.cut = at_cut, Cut(len(line.said) + cut.at, cut.moment)
            told = "went through"
            try:
                correct(small)
            except OtherHistory:
                told = "another history"
            except StoreUnavailable:
                told = "refused"
        return told if line.is_over.wait(PATIENCE_S) else "nothing was cut"


def restarted(server: Server, base: tuple[Path, str], cut: Cut, how: str) -> list[str]:
    """What is wrong after the server ended like this at the cut, and was started again."""

    def restart() -> None:
        server.end(how)
        server.start()

    return _again(base, broken_off(server, base, cut, restart), url_of(server, database=base[1]))


def failed_over(cut: Cut) -> list[str]:
    """What is wrong after the primary was killed and a standby took over that acknowledges."""
    with following(is_synchronous=True) as (primary, standby), project(primary) as base:

        def fail_over() -> None:
            primary.kill()
            standby.promote()

        told = broken_off(primary, base, cut, fail_over, standby)
        return _again(base, told, url_of(primary, standby, database=base[1]))


def _again(base: tuple[Path, str], told: str, url: str) -> list[str]:
    with at_work(base[0], url) as small:
        correct(small)
        badly = [told] if told in {"another history", "nothing was cut"} else []
        return badly + wrong(small, AFTER)


def takeover(restarts: int, failovers: int, seed: int) -> dict[str, Any]:
    """So many of each, at statements and moments drawn from a seed."""
    logging.disable(logging.CRITICAL)
    rng, ended, faults, began = Random(seed), Counter[str](), list[str](), time.perf_counter()
    with serving(settings=LASTING) as server, project(server) as base:
        said = rehearsed(server, base)
        for number in range(restarts):
            cut, how = Cut(rng.randrange(len(said)), rng.choice(MOMENTS)), rng.choice(ENDS)
            one = copied(server, base, f"restart{number}")
            faults += [f"{how} {cut}: {told}" for told in restarted(server, one, cut, how)]
            ended[how] += 1
    for _ in range(failovers):
        cut = Cut(rng.randrange(len(said)), rng.choice(MOMENTS))
        faults += [f"failover {cut}: {told}" for told in failed_over(cut)]
        ended["failover"] += 1
    return {"ended": ended, "faults": faults, "seconds": round(time.perf_counter() - began, 1)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(takeover(*map(int, sys.argv[1:4]))))
