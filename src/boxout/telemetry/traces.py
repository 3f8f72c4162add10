"""Spans: a run, its attempts, and in each of them gate, compute, audit and publish."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from boxout.deferred import deferred
from boxout.ledger import Claim, Published
from boxout.run import Engine
from boxout.telemetry.installed import need
from boxout.telemetry.observed import Call, Ended, became, observed

trace = deferred("opentelemetry.trace")
tracecontext = deferred("opentelemetry.trace.propagation.tracecontext")

STEPS: Final = {
    ("warehouse", "append"): "compute",
    ("warehouse", "keep_staged"): "keep",
    ("warehouse", "audit"): "audit",
    ("ledger", "publish"): "publish",
    ("ledger", "turn_back"): "rollback",
    ("warehouse", "project"): "project",
}
"""The calls that are a span, and its name."""


@contextmanager
def traced(engine: Engine, traceparent: str | None = None, tracer: Any = None) -> Generator[Engine]:
    """The same engine, traced; what is not over at the end of the block ends there as an error.

    `traceparent` is the caller's, in the form of the W3C; one that is none begins a trace of its
    own. Spans go to OpenTelemetry's global provider, or to `tracer`.
    """
    need("opentelemetry", "opentelemetry.sdk")
    carrier = {"traceparent": traceparent} if traceparent else {}
    caller = tracecontext.TraceContextTextMapPropagator().extract(carrier)
    traces = Traces(tracer or trace.get_tracer("boxout"), caller)
    try:
        yield observed(engine, [traces], lambda: 0.0)
    finally:
        traces.end()


@dataclass(slots=True)
class Traces:
    """The spans that are open, by what they are of; threads may share it."""

    tracer: Any
    caller: Any
    runs: dict[str, Any] = field(default_factory=dict)
    attempts: dict[int, Any] = field(default_factory=dict)
    gates: dict[int, Any] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)

    def begins(self, call: Call) -> object:
        """A span for a step, under the attempt whose version it is of."""
        given = call.given
        match call.store, call.method:
            case "ledger", "begin_run":
                said = {"boxout.run": given["run"], "boxout.request": given["request"]}
                self.runs[given["run"]] = self._span("run", self.caller, said)
            case "ledger", "open_version" | "publish" | "release":
                self._through_the_gate(given["attempt"])
            case _:
                pass
        name = STEPS.get((call.store, call.method))
        return None if name is None else self._span(name, self._above(call), _said(call))

    def ends(self, call: Call, begun: Any, ended: Ended) -> None:
        """The end of the step, or of the attempt or run that the call ends."""
        if begun is not None:
            self._close(begun, ended)
        match call.store, call.method, ended.result:
            case "ledger", "claim", Claim() as claim if claim.held:
                self._claimed(call.given, claim)
            case "ledger", "open_version", int() as version:
                self.versions[version] = call.given["attempt"]
            case "ledger", "release", _:
                self._end_of(self.attempts, call.given["attempt"])
            case "ledger", "end_run", _:
                self._end_of(self.runs, call.given["run"])
            case _:
                pass

    def end(self) -> None:
        """Whatever is open broke off."""
        for of in (self.gates, self.attempts, self.runs):
            for span in of.values():
                span.set_status(trace.StatusCode.ERROR, "broke off")
                span.end()
            of.clear()

    def _claimed(self, given: Mapping[str, Any], claim: Claim) -> None:
        said = {
            "boxout.unit": given["unit"],
            "boxout.run": given["run"],
            "boxout.attempt": claim.attempt,
            "boxout.partitions": len(claim.held),
            "boxout.first": min(claim.held),
            "boxout.last": max(claim.held),
        }
        span = self._span(
            f"attempt {given['unit']}", self._under(self.runs.get(given["run"])), said
        )
        self.attempts[claim.attempt] = span
        self.gates[claim.attempt] = self._span("gate", self._under(span), {})

    def _through_the_gate(self, attempt: int) -> None:
        """The gate is whatever lies between the claim and the first version, or the end."""
        self._end_of(self.gates, attempt)

    def _above(self, call: Call) -> Any:
        attempt = call.given.get("attempt") or self.versions.get(_version(call) or 0)
        return self._under(
            self.attempts.get(attempt or 0) or self.runs.get(call.given.get("run", ""))
        )

    def _under(self, span: Any) -> Any:
        return self.caller if span is None else trace.set_span_in_context(span, self.caller)

    def _span(self, name: str, above: Any, said: Mapping[str, Any]) -> Any:
        return self.tracer.start_span(name, context=above, attributes=dict(said))

    def _close(self, span: Any, ended: Ended) -> None:
        if ended.error is not None:
            span.record_exception(ended.error)
            span.set_status(trace.StatusCode.ERROR, type(ended.error).__name__)
        if isinstance(ended.result, Published):
            counts = {f"boxout.{name}": len(of) for name, of in became(ended.result).items()}
            number = ended.result.publication
            named = {} if number is None else {"boxout.publication": number}
            span.set_attributes(counts | named)
        span.end()

    def _end_of(self, of: dict[Any, Any], key: Any) -> None:
        span = of.pop(key, None)
        if span is not None:
            span.end()


def _version(call: Call) -> int | None:
    """The version that a call of the warehouse is about."""
    if call.method == "audit":
        bound = call.given["bound"].values()
        return max((version for _, version in bound), default=None)
    return call.given.get("version")


def _said(call: Call) -> dict[str, Any]:
    said: dict[str, Any] = {}
    table, version = call.given.get("table"), _version(call)
    if table is not None:
        said["boxout.table"] = str(table)
    if version is not None:
        said["boxout.version"] = version
    return said
