"""Traces: what a run did, step by step, under the trace of whoever asked for it."""

from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from boxout.errors import DefinitionError
from boxout.run import run
from boxout.telemetry import installed, traced
from conftest import DAY, World

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Traced:
    """What was exported, by name and by span."""

    def __init__(self) -> None:
        self.kept = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(self.kept))
        self.tracer = provider.get_tracer("test")

    def named(self, name: str) -> list[ReadableSpan]:
        return [one for one in self.kept.get_finished_spans() if one.name == name]

    def above(self, one: ReadableSpan) -> str:
        by_id = {s.context.span_id: s.name for s in self.kept.get_finished_spans()}
        return by_id.get(one.parent.span_id, "the caller") if one.parent else "nobody"


@pytest.fixture
def spans() -> Traced:
    return Traced()


def ran(world: World, spans: Traced, traceparent: str | None = PARENT) -> None:
    world.schedule()
    world.gamebook()
    world.team_box()
    with traced(world.engine, traceparent, spans.tracer) as engine:
        run(engine, DAY, DAY, set(engine.graph.processors))


def test_a_run_is_a_span_with_its_steps_below_the_attempt(world: World, spans: Traced) -> None:
    ran(world, spans)
    (whole,) = spans.named("run")
    (attempt,) = spans.named("attempt game totals")
    assert spans.above(attempt) == "run"
    assert spans.above(whole) == "the caller"
    for step in ("gate", "compute", "audit", "publish"):
        assert spans.named(step), step
        assert {spans.above(one) for one in spans.named(step)} == {"attempt game totals"}
    assert {one.attributes["boxout.table"] for one in spans.named("compute")} == set(
        world.engine.graph.processors
    )


def test_the_steps_come_one_after_the_other(world: World, spans: Traced) -> None:
    ran(world, spans)
    (gate,), (out,) = spans.named("gate"), spans.named("publish")
    first = min(one.start_time for one in spans.named("compute"))
    audited = min(one.start_time for one in spans.named("audit"))
    assert gate.end_time <= first <= audited <= out.start_time


def test_the_trace_is_the_callers(world: World, spans: Traced) -> None:
    ran(world, spans)
    ids = {f"{one.context.trace_id:032x}" for one in spans.kept.get_finished_spans()}
    assert ids == {PARENT.split("-")[1]}


@pytest.mark.parametrize("traceparent", [None, "", "nonsense", "00-0-0-00"])
def test_without_a_caller_a_trace_begins_with_the_run(
    world: World, spans: Traced, traceparent: str | None
) -> None:
    ran(world, spans, traceparent)
    assert spans.above(spans.named("run")[0]) == "nobody"


def test_a_publication_says_what_became_of_its_partitions(world: World, spans: Traced) -> None:
    ran(world, spans)
    (out,) = spans.named("publish")
    assert out.attributes["boxout.published"] == 4
    assert out.attributes["boxout.publication"] == world.engine.ledger.head()


def test_a_step_that_breaks_is_an_error(
    world: World, spans: Traced, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr("boxout.warehouse.DuckdbWarehouse.append", breaks)
    ran(world, spans)
    assert {one.status.description for one in spans.named("compute")} == {"RuntimeError"}
    assert spans.named("run")[0].status.is_unset


def test_what_breaks_off_is_ended_as_an_error(world: World, spans: Traced) -> None:
    def broken_off() -> None:
        with traced(world.engine, PARENT, spans.tracer) as engine:
            engine.ledger.begin_run("r", "all")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert spans.named("run")[0].status.description == "broke off"


def test_without_the_extra_the_command_to_install_it_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "find_spec", lambda _: None)
    with pytest.raises(DefinitionError, match=r"pip install 'boxout\[telemetry\]'"):
        traced(world.engine).__enter__()
