"""Clock, ids and randomness are arguments, so that a seeded simulation can own them."""

import ast

import pytest

from tidy.source import dotted, judge, origins, sources

SEAMS = {
    "boxout/project.py": "gives the engine the real stores, clock and ids",
    "boxout/distant.py": "gives a warehouse in BigQuery its clock, ids and waits",
    "boxout/opening.py": "waits for a file that another process holds",
    "boxout/cli/importing.py": "keeps the rate of `boxout import`: clock, sleep and jitter",
    "boxout/cli/notifying.py": "sleeps between two looks of `boxout notify --watch`",
    "boxout/service/desk.py": "times the calls of the stores, for `/metrics`",
    "boxout/cli/mending.py": "sleeps between two looks of `boxout repair --watch`",
}
"""The files where the real clock and the real ids come in."""

UNPREDICTABLE = (
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "ibis.now",
    "ibis.random",
    "ibis.today",
    "ibis.uuid",
    "os.urandom",
    "random.",
    "secrets.",
    "sqlalchemy.func.now",
    "sqlalchemy.func.current_timestamp",
    "time.monotonic",
    "time.perf_counter",
    "time.sleep",
    "time.time",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid7",
)
SEEDED = ("random.Random",)


def unpredictable(tree: ast.Module, path: str) -> list[str]:
    """References to a clock, an id source or a random source, under whatever name."""
    known = origins(tree)
    found = {
        (node.lineno, name)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
        and _is_unpredictable(name := dotted(node, known))
    }
    return [
        f"{path}:{line}: {name} comes in as an argument; only the seam reads it"
        for line, name in sorted(found)
    ]


def _is_unpredictable(name: str) -> bool:
    return name.startswith(UNPREDICTABLE) and name not in SEEDED


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import UTC, datetime\nx = datetime.now(UTC)",
        "import datetime as dt\nx = dt.datetime.now()",
        "from datetime import date\nx = date.today()",
        "import time\nx = time.time()",
        "from time import monotonic as tick\nx = tick()",
        "import time\ntime.sleep(1)",
        "import uuid\nx = field(default_factory=uuid.uuid4)",
        "from uuid import uuid4\nx = uuid4()",
        "import random\nx = random.random()",
        "from random import choice\nx = choice([1])",
        "import sqlalchemy as sa\nx = sa.func.now()",
        "from sqlalchemy import func\nx = func.now()",
        "import ibis\nx = ibis.now()",
    ],
)
def test_reading_the_world_is_refused(text: str) -> None:
    assert len(unpredictable(ast.parse(text), "boxout/f.py")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "import random\ndef f(seed: int): return random.Random(seed)",
        "from datetime import datetime\nx = datetime.fromisoformat('2026-02-03')",
        "def f(clock): return clock.now()",
        "from uuid import UUID\nx = UUID(int=1)",
    ],
)
def test_what_comes_in_as_an_argument_is_fine(text: str) -> None:
    assert unpredictable(ast.parse(text), "boxout/f.py") == []


def test_only_the_seam_reads_the_world() -> None:
    assert judge(unpredictable, sources(), SEAMS) == []
