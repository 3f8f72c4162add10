"""The pages of the dashboard: each a fold over the ledger, asked anew at every change."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from boxout.asked import known
from boxout.ledger import Received
from boxout.model.partitions import AFTER, date_of
from boxout.pages import dag, heat
from boxout.report import seasons
from boxout.report.states import states
from boxout.report.tonight import tonight
from boxout.run.diff import diff
from boxout.run.prove import prove
from boxout.service.asks import day_named
from boxout.service.desk import Desk
from boxout.service.problems import Problem
from boxout.service.ui import partition, timeline
from boxout.service.ui.chrome import fragment, page, seen
from boxout.service.ui.live import listening

EVENTS_MAX = 200
MESSAGES_MAX = 100
RUNS_MAX = 60
SEASON_S = 5.0
"""A season is folded again no sooner: it takes a second, and in a busy night it moves all the time."""

Day = Annotated[str, Query(max_length=10)]
Name = Annotated[str, Path(max_length=200)]
Where = Annotated[str, Query(max_length=200)]
Number = Annotated[int, Query(ge=0, le=2**53)]


def routes(desk: Desk) -> APIRouter:
    """Everything that can be looked at."""
    router = APIRouter(include_in_schema=False)
    _of_dates(router, desk)
    _of_seasons(router, desk)
    _of_partitions(router, desk)
    _of_rows(router, desk)
    _of_runs(router, desk)
    _of_messages(router, desk)
    listening(router, desk)
    return router


def _of_dates(router: APIRouter, desk: Desk) -> None:
    @router.get("/")
    def root() -> RedirectResponse:
        return RedirectResponse("/ui/", 307)

    @router.get("/ui/")
    def slate(date: Day = "") -> HTMLResponse:
        def given() -> dict[str, Any]:
            day = _day(desk, date)
            found = tonight(seen(desk, day, day), day) if day else None
            given = {"found": found, "sources": _sources(desk), "now": desk.engine.ledger.now()}
            return given | {"path": f"/ui/?date={date}" if date else "/ui/"}

        return page(desk, "tonight.html", "/ui/", given)

    @router.get("/ui/graph")
    def graph(date: Day = "") -> HTMLResponse:
        def given() -> dict[str, Any]:
            day = _day(desk, date)
            counted: dict[str, dict[str, int]] = {}
            for cell in states(seen(desk, day, day), day, day) if day else ():
                of = counted.setdefault(cell.table, {})
                of[cell.state] = of.get(cell.state, 0) + 1
            return {"drawing": dag.drawing(desk.engine.graph, counted), "day": day,
                    "path": f"/ui/graph?date={date}" if date else "/ui/graph"}  # fmt: skip

        return page(desk, "graph.html", "/ui/graph", given)


def _of_seasons(router: APIRouter, desk: Desk) -> None:
    kept: dict[str, tuple[tuple[int, int], str, dict[str, Any]]] = {}

    @router.get("/ui/season")
    def season(name: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
        def given() -> dict[str, Any]:
            ledger = desk.engine.ledger
            moved = ledger.head(), desk.changes.number
            is_known = name in kept and (
                kept[name][0] == moved or kept[name][1] > ledger.now(-SEASON_S)
            )
            if not is_known:
                kept.clear()
                kept[name] = moved, ledger.now(), _season(desk, name)
            return kept[name][2] | {"path": f"/ui/season?name={name}" if name else "/ui/season"}

        return page(desk, "season.html", "/ui/season", given)


def _season(desk: Desk, name: str) -> dict[str, Any]:
    there = seasons(desk.engine.ledger, desk.project.pipeline.calendar)
    if not there:
        return {"seasons": (), "name": "", "sheets": (), "months": (), "strips": (), "span": ()}
    chosen = name or list(there)[-1]
    if chosen not in there:
        raise Problem(404, f"{chosen}: no such season; there are {', '.join(there)}.")
    first, last = there[chosen]
    days: dict[str, dict[str, dict[str, int]]] = {}
    for cell in states(seen(desk, first, last), first, last):
        of = days.setdefault(date_of(cell.partition), {}).setdefault(cell.table, {})
        of[cell.state] = of.get(cell.state, 0) + 1
    calendar = desk.project.pipeline.calendar.table.name
    played = sorted(day for day, of in days.items() if of.keys() - {calendar}) or sorted(days)
    every = heat.calendar(played[0], played[-1]) if played else []
    strips = heat.strips(days, desk.engine.graph.tables, every)
    return {
        "seasons": tuple(there), "name": chosen, "months": heat.months(every), "strips": strips,
        "sheets": heat.sheets(_computed(desk, days), every), "span": (every[0], every[-1]) if every else (),
    }  # fmt: skip


def _computed(desk: Desk, days: heat.Days) -> dict[str, Any]:
    """What is computed of each date; where nothing is, what has arrived."""
    sources = _sources(desk)
    mine = {day: {name: one for name, one in of.items() if name not in sources}
            for day, of in days.items()}  # fmt: skip
    return {day: of or days[day] for day, of in mine.items()}


def _of_partitions(router: APIRouter, desk: Desk) -> None:
    @router.get("/ui/table/{table}/{where:path}")
    def one(table: Name, where: Name) -> HTMLResponse:
        def given() -> dict[str, Any]:
            known(desk.project, desk.engine.ledger, table, where)
            return partition.told(desk, table, where)

        return page(desk, "partition.html", "", given)


def _of_rows(router: APIRouter, desk: Desk) -> None:
    @router.get("/ui/diff")
    def differences(table: Where, where: Where, before: Number, after: Number) -> HTMLResponse:
        def given() -> tuple[str, dict[str, Any]]:
            known(desk.project, desk.engine.ledger, table, where)
            found = list(diff(desk.engine, table, (where, where), before, after))
            return "diff.html", {"found": found, "before": before, "after": after}

        return fragment(given)

    @router.get("/ui/plots")
    def plots(table: Where, where: Where) -> HTMLResponse:
        def given() -> tuple[str, dict[str, Any]]:
            known(desk.project, desk.engine.ledger, table, where)
            return "plots.html", {
                "plots": partition.plots(desk, desk.engine.graph.tables[table], where),
                "standings": partition.standings(desk, table, where),
            }

        return fragment(given)

    @router.get("/ui/proof")
    def proof(table: Where, where: Where) -> HTMLResponse:
        def given() -> tuple[str, dict[str, Any]]:
            known(desk.project, desk.engine.ledger, table, where)
            return "proof.html", {"proof": prove(desk.engine, table, where)}

        return fragment(given)


def _of_runs(router: APIRouter, desk: Desk) -> None:
    @router.get("/ui/runs")
    def runs() -> HTMLResponse:
        return page(
            desk,
            "runs.html",
            "/ui/runs",
            lambda: {"runs": desk.inbox.runs(RUNS_MAX), "path": "/ui/runs"},
        )

    @router.get("/ui/runs/{run}")
    def one_run(run: Name) -> HTMLResponse:
        return page(
            desk,
            "run.html",
            "/ui/runs",
            lambda: timeline.told(desk, run) | {"path": f"/ui/runs/{run}"},
        )


def _of_messages(router: APIRouter, desk: Desk) -> None:
    @router.get("/ui/events")
    def events() -> HTMLResponse:
        return page(
            desk, "events.html", "/ui/events",
            lambda: {"events": desk.inbox.story(EVENTS_MAX).events, "path": "/ui/events"},
        )  # fmt: skip

    @router.get("/ui/inbox")
    def inbox(*, is_rejected: Annotated[bool, Query(alias="rejected")] = False) -> HTMLResponse:
        def given() -> dict[str, Any]:
            found: list[Received] = desk.inbox.messages(
                MESSAGES_MAX, is_rejected=True if is_rejected else None
            )
            path = "/ui/inbox?rejected=true" if is_rejected else "/ui/inbox"
            return {"messages": found, "is_rejected": is_rejected, "path": path}

        return page(desk, "inbox.html", "/ui/inbox", given)


def _day(desk: Desk, asked: str) -> str:
    """The date that is asked for; the latest up to today that the calendar has spoken of."""
    ledger, calendar = desk.engine.ledger, desk.project.pipeline.calendar
    now = ledger.now()
    if asked:
        return day_named(asked, calendar.zone, now)
    today, head = day_named("TODAY", calendar.zone, now), ledger.head()
    found = ledger.keys_before(calendar.table.name, today + AFTER, head, 1)
    found = found or ledger.keys_after(calendar.table.name, today, head, 1)
    return date_of(next(iter(found), ""))


def _sources(desk: Desk) -> frozenset[str]:
    return frozenset(one.name for one in desk.project.pipeline.sources)
