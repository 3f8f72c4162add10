"""`/metrics`: what Prometheus scrapes."""

from fastapi import APIRouter, Response

from boxout.service.desk import Desk
from boxout.service.problems import Problem
from boxout.telemetry import metrics_text


def measures(desk: Desk) -> APIRouter:
    """Everything that is counted, in the text format."""
    router = APIRouter(tags=["health"])

    @router.get("/metrics")
    def metrics() -> Response:
        """Counters since the start, times of the stores, and how the work stands now."""
        if desk.metrics is None:
            raise Problem(404, "Nothing is counted here. Install: pip install 'boxout[telemetry]'")
        return Response(metrics_text(desk.metrics), media_type="text/plain; version=0.0.4")

    return router
