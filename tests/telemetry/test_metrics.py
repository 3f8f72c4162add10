"""Metrics: counted at the stores, with a fixed number of labels."""

from collections.abc import Callable
from itertools import count

import pytest
from prometheus_client.parser import text_string_to_metric_families

from boxout.errors import StoreUnavailable
from boxout.run import run
from boxout.telemetry import Metrics, metrics_text, observed
from conftest import DAY, World

UNIT = {"unit": "game totals"}


def ticking() -> Callable[[], float]:
    """A clock that goes on by a quarter of a second at every look."""
    ticks = count()
    return lambda: next(ticks) / 4


class Measured:
    """A world whose stores are counted."""

    def __init__(self, world: World) -> None:
        self.metrics = Metrics(world.engine.ledger)
        self.engine = observed(world.engine, [self.metrics], ticking())

    def value(self, name: str, **labels: str) -> float | None:
        families = text_string_to_metric_families(metrics_text(self.metrics).decode())
        found = [s for f in families for s in f.samples if (s.name, s.labels) == (name, labels)]
        return found[0].value if found else None


@pytest.fixture
def measured(world: World) -> Measured:
    world.schedule()
    world.gamebook(world.games[:3])
    world.team_box(world.games[:3])
    return Measured(world)


def test_nothing_is_counted_before_anything_happened(measured: Measured) -> None:
    assert measured.value("boxout_runs_total") == 0
    assert measured.value("boxout_partitions_total", outcome="published", **UNIT) is None


def test_runs_attempts_partitions_and_publications_are_counted(measured: Measured) -> None:
    engine = measured.engine
    run(engine, DAY, DAY, set(engine.graph.processors))
    assert measured.value("boxout_runs_total") == 1
    assert measured.value("boxout_attempts_total", **UNIT) == 1
    assert measured.value("boxout_partitions_total", outcome="published", **UNIT) == 3
    assert measured.value("boxout_publications_total", kind="normal") == 1
    assert measured.value("boxout_events_total", kind="waiting") == 9


def test_how_things_stand_is_asked_at_the_moment_of_asking(measured: Measured) -> None:
    engine = measured.engine
    run(engine, DAY, DAY, set(engine.graph.processors))
    assert measured.value("boxout_publication") == engine.ledger.head()
    assert measured.value("boxout_work_waiting", **UNIT) == 1
    assert measured.value("boxout_work_ended", **UNIT) == 0
    engine.ledger.waive(f"{DAY}/{measured_game(measured)}", "cancelled", "ann")
    assert measured.value("boxout_work_waiting", **UNIT) == 0
    assert measured.value("boxout_publications_total", kind="waive") == 1


def measured_game(measured: Measured) -> str:
    (one,) = measured.engine.ledger.work("", "~")
    return one.partition[11:]


def test_the_stores_are_timed_in_seconds(measured: Measured) -> None:
    measured.engine.ledger.head()
    head = {"store": "ledger", "method": "head"}
    assert measured.value("boxout_store_seconds_count", **head) == 1
    assert measured.value("boxout_store_seconds_sum", **head) == 0.25


def test_a_store_that_raises_is_counted_by_its_error(
    measured: Measured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: object) -> int:
        raise StoreUnavailable("the disk is gone")

    monkeypatch.setattr("boxout.ledger.SqliteLedger.head", gone)
    with pytest.raises(StoreUnavailable):
        measured.engine.ledger.head()
    monkeypatch.undo()
    error = {"store": "ledger", "error": "StoreUnavailable"}
    assert measured.value("boxout_store_errors_total", **error) == 1


def test_no_label_is_a_partition_or_a_run(measured: Measured) -> None:
    engine = measured.engine
    done = run(engine, DAY, DAY, set(engine.graph.processors))
    text = metrics_text(measured.metrics).decode()
    assert DAY not in text
    assert done.run not in text


def test_every_metric_has_a_help_and_its_unit(measured: Measured) -> None:
    run(measured.engine, DAY, DAY, set(measured.engine.graph.processors))
    for one in text_string_to_metric_families(metrics_text(measured.metrics).decode()):
        assert one.documentation.endswith("."), one.name
        assert one.name.startswith("boxout_")
        is_timed = not one.name.endswith("_created")
        if is_timed and "ime of" in one.documentation:
            assert one.name.endswith("_seconds")
