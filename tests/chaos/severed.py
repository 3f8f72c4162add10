"""The line to the ledger's server breaks at a statement, and somebody tries again.

    python -m chaos.severed CUTS SEED [all]

prints one JSON document: how many lines were cut and where, what whoever was at work was told, and
what did not hold after it was tried again. With `all` every statement of a correction is cut, at all
three moments.
"""

import json
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from boxout.errors import StoreUnavailable
from boxout.model.outcomes import Failed
from chaos.cuts import MOMENTS, PLAIN, Cut, Line, line_to
from chaos.processes import memory
from chaos.servers import DATABASE, Server, serving, url_of
from chaos.shared import AFTER, at_work, copied, correct, made, wrong

COMMIT = "COMMIT"
NEEDED = "cannot be used now"


@dataclass(slots=True)
class Seen:
    """What happened so far."""

    cuts: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def through(line: Line, database: str) -> str:
    """The address of a database at the other end of a line."""
    return f"postgresql://{DATABASE}@127.0.0.1:{line.port}/{database}?{PLAIN}"


def rehearsed(server: Server, base: tuple[Path, str]) -> list[str]:
    """Every statement of a correction when nothing breaks."""
    folder, name = copied(server, base, "rehearsed")
    with line_to(server.port) as line, at_work(folder, through(line, name)) as small:
        opened = len(line.said)
        correct(small)
        return line.said[opened:]


def drawn(said: Sequence[str], count: int, seed: int) -> list[Cut]:
    """Those where the publication ends, then others, half of them where some transaction ends."""
    every = [Cut(at, moment) for at, moment in product(range(len(said)), MOMENTS)]
    first = [Cut(publishing(said), moment) for moment in MOMENTS]
    ends = [one for one in every if said[one.at] == COMMIT and one not in first]
    rng = Random(seed)
    some = first + rng.sample(ends, min(len(ends), count // 2))
    others = [one for one in every if one not in some]
    return [*some, *rng.sample(others, min(len(others), max(count - len(some), 0)))][:count]


def publishing(said: Sequence[str]) -> int:
    """The statement that makes the corrected totals public, which come after their source."""
    _, begun, *_ = (at for at, one in enumerate(said) if "INSERT INTO publication (" in one)
    return said.index(COMMIT, begun)


def tried(server: Server, base: tuple[Path, str], cut: Cut, seen: Seen) -> None:
    """One correction that breaks off, and the same again."""
    folder, name = copied(server, base, f"cut{cut.at}{cut.moment}")
    where = f"{cut.moment} statement {cut.at}"
    with line_to(server.port) as line:
        seen.told[_broken_off(folder, through(line, name), line, cut)] += 1
    if not line.is_cut:
        seen.faults.append(f"{where}: nothing was cut")
        return
    said = line.said[line.cut.at] if line.cut else ""
    seen.cuts[f"{cut.moment} {'COMMIT' if said == COMMIT else 'another statement'}"] += 1
    with at_work(folder, url_of(server, database=name)) as small:
        correct(small)
        seen.faults += [f"{where} ({said[:40]!r}): {one}" for one in wrong(small, AFTER)]
    server.ask(f"DROP DATABASE {name} WITH (FORCE)")


def _broken_off(folder: Path, url: str, line: Line, cut: Cut) -> str:
    """What whoever was at work is told."""
    with at_work(folder, url) as small:
        line.cut = Cut(len(line.said) + cut.at, cut.moment)
        try:
            outcomes = correct(small).outcomes.values()
        except StoreUnavailable as error:
            return "refused" if NEEDED in str(error) else f"badly told: {error}"
        failed = [one for one in outcomes if isinstance(one, Failed)]
        if any(not one.is_retryable or NEEDED not in one.error for one in failed):
            return f"badly told: {failed}"
        return "failed for now" if failed else "went through"


def severed(count: int | None, seed: int) -> dict[str, Any]:
    """So many cuts, or every one that there is; what was found."""
    logging.disable(logging.CRITICAL)
    seen, began = Seen(), time.perf_counter()
    with serving() as server, tempfile.TemporaryDirectory(dir=memory()) as folder:
        base = made(server, Path(folder) / "base")
        said = rehearsed(server, base)
        for cut in drawn(said, count or 3 * len(said), seed):
            tried(server, base, cut, seen)
    return {
        "cuts": seen.cuts.total(),
        "statements of a correction": len(said),
        "where": dict(sorted(seen.cuts.items())),
        "told": dict(sorted(seen.told.items())),
        "faults": seen.faults + [one for one in seen.told if one.startswith("badly")],
        "seconds": round(time.perf_counter() - began, 1),
    }


if __name__ == "__main__":
    asked = None if sys.argv[3:] else int(sys.argv[1])
    sys.stdout.write(json.dumps(severed(asked, int(sys.argv[2]))))
