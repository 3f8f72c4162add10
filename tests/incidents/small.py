"""A small pipeline with what the NBA one does not have yet: an optional input, and a window.

`totals` sums a game's box score and, when they arrive, its shots; `form` sums the totals of the
two days before a date. A game whose `overtimes` is no number breaks its processor.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import cache, partial
from itertools import count as counting
from pathlib import Path
from typing import Any

from boxout import (
    Calendar,
    Pipeline,
    Reader,
    Rows,
    Scheme,
    Table,
    at_least,
    complete,
    count,
    derived,
    every_row,
    optional,
    processor,
    source,
    text,
    window,
)
from boxout.compiled import compile_all
from boxout.graph import build
from boxout.ledger import SqliteLedger
from boxout.project import Project
from boxout.run import Engine, Landed, Policy, land, run
from boxout.run.runner import RunResult
from boxout.threads import side_by_side
from boxout.warehouse import DuckdbWarehouse
from boxout_nba.simulator import write_csv
from incidents.scene import Clock

GAME, DATE = Scheme("game", "game"), Scheme("date", "day")
SLATE = source(
    "slate",
    one_row_per="game",
    scheme=DATE,
    key=("game",),
    columns=(text("day", "its date"), text("game", "its key"), text("state", "final or not")),
    checks=(every_row("game is of its day", lambda t: t.game.substr(0, 10) == t.day),),
)
LINES = source(
    "lines",
    one_row_per="date",
    scheme=DATE,
    key=("day",),
    columns=(text("day", "its date"), count("line", "what is expected")),
    checks=(every_row("line is positive", lambda t: t.line > 0),),
)
BOX = source(
    "box",
    one_row_per="game",
    scheme=GAME,
    key=("game",),
    columns=(
        text("game", "its key"),
        count("points", "both teams'"),
        text("overtimes", "as published"),
    ),
    checks=(complete(at_least(1, "points", lambda t: t.points.sum())),),
)
SHOTS = source(
    "shots",
    one_row_per="shot",
    scheme=GAME,
    key=("game", "nth"),
    columns=(text("game", "its key"), count("nth", "its place"), count("value", "its points")),
    checks=(complete(at_least(1, "shots", lambda t: t.count())),),
)
TOTALS = derived(
    "totals",
    one_row_per="game",
    scheme=GAME,
    key=("game",),
    columns=(
        text("game", "its key"),
        count("points", "both teams'"),
        count("overtimes", "extra periods"),
        count("threes", "made from far", null="the shots have not arrived"),
    ),
    checks=(every_row("fewer than 500", lambda t: t.points < 500),),
)
FORM = derived(
    "form",
    one_row_per="date",
    scheme=DATE,
    key=("day",),
    columns=(text("day", "its date"), count("games", "in two days"), count("points", "in them")),
    checks=(every_row("not negative", lambda t: t.games >= 0),),
)


@processor(TOTALS, box=BOX, shots=optional(SHOTS))
def totals(box: Rows, shots: Rows) -> Rows:
    """One row per game, with its threes when the shots are there."""
    far = shots.group_by("game").aggregate(threes=(shots.value == 3).sum())
    rows = box.left_join(far, "game")
    return rows.select("game", "points", "threes", overtimes=rows.overtimes.cast("int64"))


@processor(FORM, lines=LINES, before=window(TOTALS, days=2))
def form(lines: Rows, before: Rows) -> Rows:
    """One row per date: the games of the two days before, and their points."""
    return _summed(lines, before)


OUTLOOK, TREND = (
    derived(
        name,
        one_row_per="date",
        scheme=DATE,
        key=("day",),
        columns=(text("day", "its date"), count("games", "seen"), count("points", "in them")),
        checks=(every_row("not negative", lambda t: t.games >= 0),),
    )
    for name in ("outlook", "trend")
)


@processor(OUTLOOK, lines=LINES, before=optional(window(TOTALS, days=2)))
def outlook(lines: Rows, before: Rows) -> Rows:
    """One row per date: what is there of the two days before."""
    return _summed(lines, before)


@processor(TREND, lines=LINES, before=window(FORM, days=2))
def trend(lines: Rows, before: Rows) -> Rows:
    """One row per date: the forms of the two days before."""
    return _summed(lines, before)


def _summed(lines: Rows, before: Rows) -> Rows:
    sums = before.group_by("as_of").aggregate(games=before.count(), points=before.points.sum())
    rows = lines.left_join(sums, lines.day == sums.as_of)
    return rows.select("day", games=rows.games.coalesce(0), points=rows.points.coalesce(0))


def _reader(table: Table) -> Reader:
    names = table.column_names
    return Reader(table.name, table, names, lambda raw: raw.select("_line", *names), {})


SMALL = Pipeline(
    name="small",
    processors=(totals, form),
    cross_checks=(),
    calendar=Calendar(
        SLATE, GAME, "state", frozenset({"final"}), frozenset({"postponed", "cancelled"})
    ),
    sources=(SLATE, LINES, BOX, SHOTS),
    readers=tuple(map(_reader, (SLATE, LINES, BOX, SHOTS))),
)


WIDE = replace(SMALL, name="wide", processors=(totals, form, outlook, trend))
"""The same, and tables that look back at what may be absent, and at dates."""


@cache
def compiled(name: str = "small"):
    pipeline = {one.name: one for one in (SMALL, WIDE)}[name]
    graph = build(pipeline)
    return graph, compile_all(pipeline, graph.tables, "duckdb"), pipeline


class Small:
    """A small pipeline on a ledger file and a DuckDB file, under a clock of ours."""

    def __init__(self, folder: Path, name: str = "small", **policy: Any) -> None:
        graph, made, pipeline = compiled(name)
        self.folder, self.clock, self.runs = folder, Clock(), counting(1)
        paths = folder / "ledger.sqlite", folder / "warehouse.duckdb"
        self.project = Project(folder, pipeline, graph, *paths)
        self.engine = Engine(
            pipeline=pipeline,
            graph=graph,
            compiled=made,
            ledger=SqliteLedger.open(paths[0], clock=self.clock),
            warehouse=DuckdbWarehouse.open(paths[1], graph.tables.values()),
            new_run=lambda: f"run {next(self.runs)}",
            draw=lambda: 0.5,
            side_by_side=partial(side_by_side, 2),
            alive=lambda _attempt, _lease_s: nullcontext(),
            limit=lambda _version, _timeout_s: nullcontext(),
            code="first",
            policy=Policy(**policy),
        )

    def close(self) -> None:
        self.engine.warehouse.close()
        self.engine.ledger.close()

    def land(
        self,
        table: Table,
        rows: list[dict[str, object]],
        covers: tuple[str, str] | None = None,
        reader: Reader | None = None,
    ) -> Landed:
        reader = reader or next(one for one in SMALL.readers if one.table == table)
        path = write_csv(rows, self.folder / f"{table.name}.csv")
        return land(self.engine, path, reader, covers=covers)

    def slate(self, day: str, **states: str) -> Landed:
        """The games of a date, by their teams (`AB="final"`)."""
        rows = [{"day": day, "game": f"{day}/{k}", "state": v} for k, v in states.items()]
        return self.land(SLATE, rows)

    def days(self, *days: str) -> Landed:
        """These dates, each with one final game."""
        return self.land(SLATE, [{"day": d, "game": f"{d}/AB", "state": "final"} for d in days])

    def box(self, points: Mapping[str, int], overtimes: str = "0") -> Landed:
        rows = [{"game": g, "points": n, "overtimes": overtimes} for g, n in points.items()]
        return self.land(BOX, rows)

    def lines(self, *days: str) -> Landed:
        return self.land(LINES, [{"day": day, "line": 220} for day in days])

    def shots(self, game: str, *values: int) -> Landed:
        return self.land(
            SHOTS, [{"game": game, "nth": n, "value": v} for n, v in enumerate(values)]
        )

    def run(self, first: str, last: str | None = None, **asked: Any) -> RunResult:
        tables = set(self.engine.graph.processors)
        return run(self.engine, first, last or first, tables, **asked)

    def with_policy(self, **policy: Any) -> Engine:
        self.engine = replace(self.engine, policy=Policy(**policy))
        return self.engine

    def unit(self, name: str):
        return next(one for one in self.engine.graph.units if one.name == name)

    def rows(self, sql: str) -> list[dict[str, object]]:
        return self.engine.warehouse.query(sql)
