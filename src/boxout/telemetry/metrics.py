"""Numbers for Prometheus: counters of what happened, times of the stores, and how things stand.

Labels are units, methods, kinds and outcomes, of which a pipeline has a fixed number; no partition
and no run is one.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from boxout.deferred import deferred
from boxout.ledger import Claim, Ledger, Published
from boxout.model.partitions import AFTER
from boxout.telemetry.installed import need
from boxout.telemetry.observed import Call, Ended, became

prometheus = deferred("prometheus_client")
core = deferred("prometheus_client.core")

BUCKETS_S: Final = (0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300)


class Metrics:
    """An observer that counts; one for all engines of a process, in a registry of its own."""

    def __init__(self, ledger: Ledger | None = None) -> None:
        need("prometheus_client")
        self.registry = prometheus.CollectorRegistry()
        self._store_s = self._made(
            "Histogram", "boxout_store_seconds", "Time of a call of a store.", "store", "method"
        )
        self._failed = self._made(
            "Counter", "boxout_store_errors", "Calls of a store that raised.", "store", "error"
        )
        self._runs = self._made("Counter", "boxout_runs", "Runs that began.")
        self._attempts = self._made(
            "Counter", "boxout_attempts", "Attempts that got a lease.", "unit"
        )
        self._became = self._made(
            "Counter", "boxout_partitions", "Partitions that asked to publish.", "unit", "outcome"
        )
        self._publications = self._made("Counter", "boxout_publications", "Publications.", "kind")
        self._events = self._made(
            "Counter", "boxout_events", "Events, one for every reason of a partition.", "kind"
        )
        self._units: dict[int, str] = {}
        if ledger is not None:
            self.registry.register(Standing(ledger))

    def _made(self, kind: str, name: str, told: str, *labels: str) -> Any:
        more = {"buckets": BUCKETS_S} if kind == "Histogram" else {}
        return getattr(prometheus, kind)(name, told, labels, registry=self.registry, **more)

    def begins(self, call: Call) -> object:
        """Nothing is counted before it is over."""
        return call.method

    def ends(self, call: Call, begun: object, ended: Ended) -> None:
        """Count the call, and what it did."""
        self._store_s.labels(call.store, begun).observe(ended.took_s)
        if ended.error is not None:
            self._failed.labels(call.store, type(ended.error).__name__).inc()
        elif call.store == "ledger":
            self._count(call.method, call.given, ended.result)

    def _count(self, method: str, given: Mapping[str, Any], result: Any) -> None:
        match method, result:
            case "begin_run", _:
                self._runs.inc()
            case "claim", Claim() as claim if claim.held:
                self._attempts.labels(given["unit"]).inc()
                self._units[claim.attempt] = given["unit"]
            case "publish", Published() as published:
                self._published(given, published)
            case "turn_back" | "waive" | "unwaive", int():
                self._publications.labels("rollback" if method == "turn_back" else method).inc()
            case "record_events", _:
                for one in given["events"]:
                    self._events.labels(one.kind).inc()
            case "release", _:
                self._units.pop(given["attempt"], None)
            case _:
                pass

    def _published(self, given: Mapping[str, Any], published: Published) -> None:
        unit = self._units.get(given["attempt"], "")
        for outcome, of in became(published).items():
            self._became.labels(unit, outcome).inc(len(of))
        if published.publication is not None:
            kind = "normal" if given.get("forced") is None else "forced"
            self._publications.labels(kind).inc()


class Standing:
    """How things stand in a ledger at the moment of asking."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def collect(self) -> Iterable[Any]:
        """Prometheus asks for it."""
        gauge = core.GaugeMetricFamily
        now = datetime.fromisoformat(self._ledger.now())
        yield gauge("boxout_publication", "The latest publication.", self._ledger.head())
        work = self._ledger.work("", AFTER)
        waits = gauge("boxout_work_waiting", "Partitions that wait.", labels=["unit"])
        over = gauge(
            "boxout_work_ended", "Partitions given up, until acknowledged.", labels=["unit"]
        )
        for unit in sorted({one.unit for one in work}):
            mine = [one for one in work if one.unit == unit]
            waits.add_metric([unit], sum(one.ended is None for one in mine))
            over.add_metric([unit], sum(one.ended is not None for one in mine))
        yield waits
        yield over
        asked = [datetime.fromisoformat(one.asked_at) for one in work if one.ended is None]
        oldest_s = max(((now - one).total_seconds() for one in asked), default=0)
        yield gauge(
            "boxout_work_oldest_seconds", "Since the oldest that waits was asked for.", oldest_s
        )

    def describe(self) -> Iterable[Any]:
        """Nothing is asked of the ledger before the first scrape."""
        return ()


def metrics_text(metrics: Metrics) -> bytes:
    """Everything in the text format of Prometheus."""
    return prometheus.generate_latest(metrics.registry)
