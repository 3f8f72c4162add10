"""Traces, metrics and log lines for those who collect them, seen at the two stores."""

from boxout.telemetry.installed import is_installed
from boxout.telemetry.lines import Lines, json_lines
from boxout.telemetry.metrics import Metrics, metrics_text
from boxout.telemetry.observed import Call, Ended, Observer, observed
from boxout.telemetry.openlineage import as_line, poster, run_events
from boxout.telemetry.traces import traced

__all__ = [
    "Call",
    "Ended",
    "Lines",
    "Metrics",
    "Observer",
    "as_line",
    "is_installed",
    "json_lines",
    "metrics_text",
    "observed",
    "poster",
    "run_events",
    "traced",
]
