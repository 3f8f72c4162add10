"""The small pipeline with its ledger on a server, and what must hold of it after anything."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

from boxout.ledger import open_postgres
from boxout.ledger.records import Pointer
from boxout.run import catch_up
from boxout.run.audit import audit
from chaos.servers import Server, url_of
from incidents.small import Small

D1, D2 = "2026-02-01", "2026-02-02"
ONE, TWO = f"{D1}/AB", f"{D2}/AB"
BEFORE, AFTER = {ONE: 200, TWO: 210}, {ONE: 250, TWO: 210}
WAIT_S = 20


@contextmanager
def at_work(folder: Path, url: str) -> Iterator[Small]:
    """A process of its own: it ends the leases of those before it, as any that opens the file."""
    small = Small(folder)
    small.engine.ledger.close()
    ledger = open_postgres(url, wait_s=WAIT_S)
    small.engine = replace(small.engine, ledger=ledger, new_run=lambda: uuid.uuid4().hex[:12])
    try:
        ledger.end_leases()
        yield small
    finally:
        small.close()


def prepare(folder: Path, url: str) -> None:
    """Two games, public."""
    with at_work(folder, url) as small:
        small.days(D1, D2)
        small.box(BEFORE)
        small.lines(D2)
        small.run(D1, D2)


def correct(small: Small) -> Any:
    """A correction of one game arrives, and everything that comes from it is computed again."""
    small.box({ONE: AFTER[ONE]})
    return small.run(D1, D2)


def copied(server: Server, base: tuple[Path, str], name: str) -> tuple[Path, str]:
    """Another project in the state of one: its folder, and its database of this name.

    As files: a copy by the log does not log the next numbers of its sequences, and a server that
    crashes right after it gives them twice.
    """
    server.ask(f"CREATE DATABASE {name} TEMPLATE {base[1]} STRATEGY FILE_COPY")
    return Path(copytree(base[0], base[0].with_name(name))), name


def made(server: Server, folder: Path) -> tuple[Path, str]:
    """A project to copy: two games, public."""
    folder.mkdir()
    server.ask("CREATE DATABASE base")
    prepare(folder, url_of(server, database="base"))
    return folder, "base"


def wrong(small: Small, points: dict[str, int]) -> list[str]:
    """What does not hold: ledger against warehouse, what was published twice, the rows themselves."""
    catch_up(small.engine)
    found = [str(one) for one in audit(small.engine, D1, D2).faults]
    ledger = small.engine.ledger
    found += _twice(small, ledger.moves(0, ledger.head()))
    totals = {row["game"]: row["points"] for row in small.rows("FROM totals")}
    form = {row["day"]: row["points"] for row in small.rows("FROM form")}
    if totals != points or form != {D2: points[ONE]}:
        found.append(f"I6: totals {totals} and form {form}, where {points} arrived")
    return found


def _twice(small: Small, moves: list[Pointer]) -> list[str]:
    """The same rows published again in the place of themselves."""
    numbers = {one.version for one in moves if one.version is not None}
    rows = small.engine.ledger.censuses(numbers, "", "~")
    latest: dict[tuple[str, str], object] = {}
    found: list[str] = []
    for one in moves:
        held = rows.get((one.version or 0, one.partition))
        if held is not None and latest.get(one[:2]) == held:
            found.append(f"I3: {one.table} {one.partition} published twice")
        latest[one[:2]] = held
    return found
