"""`/metrics`: what a running service did, for Prometheus."""

from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from boxout.run import run
from boxout.service import build
from cli.night import DAY
from service.posted import client_of


def test_what_the_service_does_is_counted(landed, at_work):
    client = at_work(landed)
    engine = client.desk.engine
    run(engine, DAY, DAY, set(engine.graph.processors))
    told = client.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = {
        one.name: one.value
        for family in text_string_to_metric_families(told.text)
        for one in family.samples
    }
    assert found["boxout_runs_total"] >= 1
    assert found["boxout_publication"] == engine.ledger.head()
    assert found["boxout_store_seconds_sum"] > 0
    assert DAY not in told.text


def test_without_the_extra_nothing_is_counted_and_that_is_said(landed, at_work):
    desk = replace(at_work(landed).desk, metrics=None)
    told = client_of(build(desk)).get("/metrics")
    assert told.status_code == 404
    assert "boxout[telemetry]" in told.json()["detail"]
