"""What every page of the dashboard has: its frame, and an answer when something is refused."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from fastapi.responses import HTMLResponse

from boxout.errors import BoxoutError
from boxout.pages import rendered
from boxout.report import Seen, look
from boxout.service.desk import Desk
from boxout.service.problems import Problem, refused_by

GUARDED: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; img-src 'self' data:;"
    " style-src 'self' 'unsafe-inline'; connect-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Place(NamedTuple):
    """One of the places that every page leads to, and the key that goes there."""

    path: str
    name: str
    key: str


PLACES: Final = (
    Place("/ui/", "Tonight", "t"),
    Place("/ui/graph", "Graph", "g"),
    Place("/ui/season", "Season", "s"),
    Place("/ui/runs", "Runs", "r"),
    Place("/ui/events", "Events", "e"),
    Place("/ui/inbox", "Inbox", "i"),
)


def page(
    desk: Desk, template: str, here: str, given: Callable[[], Mapping[str, Any]]
) -> HTMLResponse:
    """A whole page; what is refused is told as one."""
    frame = {"places": PLACES, "here": here, "pipeline": desk.project.pipeline.name}
    return _answered(lambda: rendered(template, {**frame, **given()}), "refused.html", frame)


def fragment(given: Callable[[], tuple[str, Mapping[str, Any]]]) -> HTMLResponse:
    """A part of a page, by its template; what is refused is told in its place."""

    def made() -> str:
        template, values = given()
        return rendered(template, values)

    return _answered(made, "refusal.html", {})


def _answered(made: Callable[[], str], otherwise: str, frame: Mapping[str, Any]) -> HTMLResponse:
    try:
        return HTMLResponse(made(), headers=GUARDED)
    except BoxoutError as error:
        status, told = refused_by(error).status_code, (str(error), error.next_step)
    except Problem as problem:
        status, told = problem.status, (problem.detail, "")
    text = rendered(otherwise, {**frame, "message": told[0], "next_step": told[1]})
    return HTMLResponse(text, status, headers=GUARDED)


def seen(desk: Desk, first: str, last: str) -> Seen:
    """What the ledger knows of these dates."""
    engine = desk.engine
    return look(engine.ledger, engine.pipeline, engine.graph, engine.fingerprints, first, last)
