"""Refusals as problem+json (RFC 9457): one stable type for each, whatever its words."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from boxout.errors import (
    BoxoutError,
    DefinitionError,
    NotReady,
    SourceUnavailable,
    StoreUnavailable,
    Withheld,
)

MEDIA: Final = "application/problem+json"
TYPE: Final = "urn:boxout:problem:"

STATUS: Final[Mapping[type[BoxoutError], tuple[str, int, int | None]]] = {
    DefinitionError: ("definition-error", 400, None),
    NotReady: ("not-ready", 409, 60),
    Withheld: ("withheld", 422, None),
    SourceUnavailable: ("source-unavailable", 503, 60),
    StoreUnavailable: ("store-unavailable", 503, 5),
}
"""Of each refusal: the end of its type, the HTTP status, and when to ask again."""

NAMED: Final = {
    400: "bad-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    408: "too-slow",
    409: "conflict",
    413: "too-large",
    421: "wrong-host",
    422: "invalid-request",
    429: "too-many-requests",
}


class Problem(Exception):
    """A refusal that is HTTP's own: who asks, how, or for what is not there."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.detail, self.headers = status, detail, dict(headers or {})
        super().__init__(detail)


def refused(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A refusal of HTTP's own as its document."""
    return _document(NAMED.get(status, "error"), status, detail, headers or {})


def refused_by(error: BoxoutError) -> JSONResponse:
    """A refusal of the engine as its document; the type is that of the error."""
    kind = next((one for one in STATUS if isinstance(error, one)), None)
    if kind is None:
        return _document("bug", 500, str(error), {})
    name, status, again_s = STATUS[kind]
    headers = {"Retry-After": str(again_s)} if again_s else {}
    return _document(name, status, str(error), headers, next_step=error.next_step)


def _document(
    name: str, status: int, detail: str, headers: Mapping[str, str], **more: Any
) -> JSONResponse:
    title = name.replace("-", " ")
    detail = detail.encode("utf-8", "replace").decode()
    told = {"type": f"{TYPE}{name}", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(told, status, dict(headers), media_type=MEDIA)


def listen_for(app: FastAPI) -> None:
    """Every refusal of the application is answered as a problem."""

    @app.exception_handler(BoxoutError)
    async def on_refusal(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, BoxoutError)
        return refused_by(error)

    @app.exception_handler(Problem)
    async def on_problem(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return refused(error.status, error.detail, error.headers)

    @app.exception_handler(HTTPException)
    async def on_http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return refused(error.status_code, str(error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    async def on_validation(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        told = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:10]
        )
        return refused(422, told or "the request is not as described")
