"""Is it alive, can it work, and how is it: for whoever starts and watches the process."""

from typing import Any

from fastapi import APIRouter, Response

from boxout.errors import StoreUnavailable
from boxout.run import agreed
from boxout.service.desk import Desk


def routes(desk: Desk) -> APIRouter:
    """`/livez`, `/readyz` and `/healthz`."""
    router = APIRouter(tags=["health"])

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        """The process answers."""
        return {"status": "alive"}

    @router.get("/readyz")
    def readyz(response: Response) -> dict[str, Any]:
        """Messages can be kept and tables computed: both stores answer, and agree."""
        return _answered(desk, response)

    @router.get("/healthz")
    def healthz(response: Response) -> dict[str, Any]:
        """The same, with how far the stores are."""
        return _answered(desk, response) | {"changes": desk.changes.number}

    return router


def _answered(desk: Desk, response: Response) -> dict[str, Any]:
    try:
        shown = agreed(desk.engine)
        told = {"publication": desk.engine.ledger.head(), "shown": shown}
    except StoreUnavailable as error:
        response.status_code = 503
        return {"status": "unavailable", "reason": str(error)}
    return {"status": "ready", **told}
