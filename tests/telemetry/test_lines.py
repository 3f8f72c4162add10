"""Log lines as JSON, with run, publication, partition and fence."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from boxout.run import run
from boxout.telemetry import Call, Ended, Lines, json_lines, observed
from boxout_nba.simulator import team_rows
from conftest import DAY, World


@pytest.fixture
def stream() -> StringIO:
    return StringIO()


@pytest.fixture
def log(stream: StringIO) -> Iterator[logging.Logger]:
    made = logging.getLogger("boxout.telemetry.test")
    handler = json_lines(stream)
    made.addHandler(handler)
    made.setLevel(logging.INFO)
    yield made
    made.removeHandler(handler)


def lines(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_night_is_told_with_run_publication_partition_and_fence(
    world: World, stream: StringIO, log: logging.Logger
) -> None:
    world.schedule()
    world.gamebook(world.games[:3])
    world.team_box(world.games[:3])
    engine = observed(world.engine, [Lines(log)], lambda: 0.0)
    done = run(engine, DAY, DAY, set(engine.graph.processors))
    claimed, out = lines(stream)
    assert (claimed["message"], claimed["partitions"]) == ("claimed", 4)
    assert (out["message"], out["run"], out["unit"]) == ("published", done.run, "game totals")
    assert out["publication"] == world.engine.ledger.head()
    assert out["fence"] == claimed["fence"]
    assert len(out["partition"]) == out["partitions"] == 3


def test_what_was_withheld_names_its_cause(
    world: World, stream: StringIO, log: logging.Logger
) -> None:
    world.schedule()
    world.gamebook()
    rows = world.rows(team_rows, None, None)
    rows[0]["blk"] += 1
    world.land("team_boxscore", rows)
    engine = observed(world.engine, [Lines(log)], lambda: 0.0)
    run(engine, DAY, DAY, set(engine.graph.processors))
    told = [one for one in lines(stream) if one["level"] == "warning"]
    assert {one["cause"] for one in told} == {"sum of players' blk"}
    assert all(one["partition"] == [world.games[0].game_id] for one in told)


def test_a_store_that_breaks_is_an_error(stream: StringIO, log: logging.Logger) -> None:
    call = Call("ledger", "head", {})
    Lines(log).ends(call, "head", Ended(None, RuntimeError("no room"), 0))
    (one,) = lines(stream)
    assert (one["level"], one["message"]) == ("error", "ledger.head broke: no room")


def test_a_record_of_anybody_is_one_line_in_utc(stream: StringIO, log: logging.Logger) -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        log.exception("it broke")
    (one,) = lines(stream)
    assert one["time"].endswith("Z")
    assert "ValueError: two\nlines" in one["exception"]


def test_an_observer_that_breaks_stands_in_nobodys_way(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def begins(self, call: Call) -> object:
            raise RuntimeError("the collector is full")

        def ends(self, call: Call, begun: object, ended: Ended) -> None:
            raise RuntimeError("the collector is full")

    assert observed(world.engine, [Broken()], lambda: 0.0).ledger.head() == 0
    assert "Not observed; the run goes on." in caplog.text
