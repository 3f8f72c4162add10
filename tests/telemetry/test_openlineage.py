"""OpenLineage: one beginning and one end of every run, with what was read, written and judged."""

import json
from typing import Any
from uuid import UUID

import pytest

from boxout.errors import ChannelUnavailable
from boxout.graph import Graph, build
from boxout.ledger import CheckCount, Event, MemoryLedger
from boxout.telemetry import as_line, poster, run_events
from boxout_nba import GAMES
from ledger.acts import ONE, TWO, Time, claim, public, read, rollback, schedule, write
from notify.posting import serving

SOURCE, TEAM = "team_boxscore", "team_offense_game_summary"
NAMESPACE = "boxout/test"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return build(GAMES)


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger(Time())


def events(ledger: MemoryLedger, graph: Graph) -> list[dict[str, Any]]:
    return [json.loads(as_line(made)) for _, made in run_events(ledger, graph, NAMESPACE)]


def kinds(ledger: MemoryLedger, graph: Graph) -> list[tuple[str, str]]:
    return [(one["eventType"], one["job"]["name"]) for one in events(ledger, graph)]


def compute(ledger: MemoryLedger, *partitions: str, counts: tuple[CheckCount, ...]) -> None:
    attempt = claim(ledger, *partitions, unit="game totals", run="night")
    snapshot = ledger.head()
    version = write(
        ledger, attempt, *partitions, table=TEAM, reads=[read(SOURCE, snapshot)], counts=counts
    )
    ledger.publish(attempt, [version])


def night(ledger: MemoryLedger) -> None:
    public(ledger, ONE, TWO, table=SOURCE)
    ledger.begin_run("night", "2026-02-03")
    compute(ledger, ONE, TWO, counts=(CheckCount("minutes", "block", 2, 0, 0),
                                      CheckCount("pace", "warn", 1, 1, 0)))  # fmt: skip
    ledger.end_run("night", "2 asked, 0 not public")


def test_nothing_happened_and_nothing_is_told(ledger: MemoryLedger, graph: Graph) -> None:
    assert events(ledger, graph) == []


def test_a_run_begins_and_ends_once(ledger: MemoryLedger, graph: Graph) -> None:
    night(ledger)
    assert kinds(ledger, graph) == [
        ("START", f"land {SOURCE}"),
        ("COMPLETE", f"land {SOURCE}"),
        ("START", "run"),
        ("COMPLETE", "run"),
    ]


def test_both_ends_of_a_run_have_its_id_and_another_run_has_another(
    ledger: MemoryLedger, graph: Graph
) -> None:
    night(ledger)
    ids = [one["run"]["runId"] for one in events(ledger, graph)]
    assert (ids[0], ids[2]) == (ids[1], ids[3])
    assert ids[0] != ids[2]
    assert [UUID(one).version for one in ids] == [5, 5, 5, 5]


def test_the_same_outbox_gives_the_same_events(ledger: MemoryLedger, graph: Graph) -> None:
    night(ledger)
    assert events(ledger, graph) == events(ledger, graph)


def test_a_run_names_what_it_wrote_and_read_with_versions(
    ledger: MemoryLedger, graph: Graph
) -> None:
    night(ledger)
    done = events(ledger, graph)[-1]
    ((out,), (given,)) = done["outputs"], done["inputs"]
    assert (out["name"], given["name"]) == (TEAM, SOURCE)
    assert out["facets"]["version"]["datasetVersion"] == "2"
    assert given["facets"]["version"]["datasetVersion"] == "publication 1"
    fields = {one["name"]: one["type"] for one in out["facets"]["schema"]["fields"]}
    assert fields == {one.name: one.dtype for one in graph.tables[TEAM].columns}


def test_every_column_says_what_it_is_made_of_or_that_it_is_not_known(
    ledger: MemoryLedger, graph: Graph
) -> None:
    night(ledger)
    facet = events(ledger, graph)[-1]["outputs"][0]["facets"]["columnLineage"]
    assert set(facet["fields"]) == set(graph.tables[TEAM].column_names)
    for of in facet["fields"].values():
        assert of["inputFields"] or of["transformationDescription"].startswith("unknown")
    made_of = {(one["name"], one["field"]) for one in facet["fields"]["pts"]["inputFields"]}
    assert (SOURCE, "pts") in made_of
    assert facet["dataset"]


def test_every_check_is_an_assertion(ledger: MemoryLedger, graph: Graph) -> None:
    night(ledger)
    told = events(ledger, graph)[-1]["outputs"][0]["facets"]["dataQualityAssertions"]
    assert [(o["assertion"], o["success"], o["severity"]) for o in told["assertions"]] == [
        ("minutes", True, "error"),
        ("pace", False, "warn"),
    ]


def test_a_check_that_judged_nothing_did_not_succeed(ledger: MemoryLedger, graph: Graph) -> None:
    ledger.begin_run("night", "all")
    empty = CheckCount("pace", "warn", 0, 0, 0)
    compute(ledger, ONE, counts=(CheckCount("minutes", "block", 1, 0, 0), empty))
    ledger.end_run("night", "")
    told = events(ledger, graph)[-1]["outputs"][0]["facets"]["dataQualityAssertions"]
    assert [one["success"] for one in told["assertions"]] == [True, False]


def test_a_table_that_came_in_two_chunks_is_one_output(ledger: MemoryLedger, graph: Graph) -> None:
    ledger.begin_run("night", "all")
    for partition, failed in ((ONE, 0), (TWO, 1)):
        pace = CheckCount("pace", "warn", 1 - failed, failed, 0)
        compute(ledger, partition, counts=(CheckCount("minutes", "block", 1, 0, 0), pace))
    ledger.end_run("night", "")
    (out,) = events(ledger, graph)[-1]["outputs"]
    assert out["facets"]["version"]["datasetVersion"] == "2"
    told = out["facets"]["dataQualityAssertions"]["assertions"]
    assert [one["success"] for one in told] == [True, False]


def test_a_run_that_published_nothing_and_withheld_something_failed(
    ledger: MemoryLedger, graph: Graph
) -> None:
    ledger.begin_run("night", "all")
    ledger.record_events([Event(ledger.now(), "night", TEAM, ONE, "withheld", "minutes", "0", "1")])
    ledger.end_run("night", "1 asked, 1 not public")
    done = events(ledger, graph)[-1]
    assert done["eventType"] == "FAIL"
    assert done["run"]["facets"]["errorMessage"]["message"] == "withheld: minutes"
    assert done["outputs"] == []


def test_a_run_with_nothing_to_do_completed(ledger: MemoryLedger, graph: Graph) -> None:
    ledger.begin_run("night", "all")
    ledger.end_run("night", "0 asked")
    assert kinds(ledger, graph)[-1] == ("COMPLETE", "run")


def test_a_run_whose_process_died_is_aborted_with_what_it_published(
    ledger: MemoryLedger, graph: Graph
) -> None:
    ledger.begin_run("night", "all")
    compute(ledger, ONE, counts=(CheckCount("minutes", "block", 1, 0, 0),))
    ledger.end_leases()
    ledger.end_run("night", "too late")
    done = events(ledger, graph)
    assert [one["eventType"] for one in done] == ["START", "ABORT"]
    assert [one["name"] for one in done[-1]["outputs"]] == [TEAM]


def test_a_landing_that_was_withheld_failed_once(ledger: MemoryLedger, graph: Graph) -> None:
    now = ledger.now()
    for check in ("minutes", "points"):
        ledger.record_events([Event(now, "landing", SOURCE, ONE, "withheld", check, "0", "1")])
    assert kinds(ledger, graph) == [("START", f"land {SOURCE}"), ("FAIL", f"land {SOURCE}")]


def test_a_landing_of_which_some_was_withheld_ends_once(ledger: MemoryLedger, graph: Graph) -> None:
    attempt = claim(ledger, ONE, unit=SOURCE, run="landing")
    ledger.publish(attempt, [write(ledger, attempt, ONE, table=SOURCE)])
    now = ledger.now()
    ledger.record_events([Event(now, "landing", SOURCE, TWO, "withheld", "minutes", "0", "1")])
    assert [kind for kind, _ in kinds(ledger, graph)] == ["START", "COMPLETE"]


def test_what_is_no_run_is_not_told(ledger: MemoryLedger, graph: Graph) -> None:
    schedule(ledger, "a", (ONE, "final", True))
    before = events(ledger, graph)
    ledger.turn_back(rollback(("schedule", ONE, None)), run="back", at=ledger.head())
    ledger.waive(ONE, "cancelled", "ann")
    assert events(ledger, graph) == before


def test_an_event_is_taken_by_a_collector(ledger: MemoryLedger, graph: Graph) -> None:
    night(ledger)
    with serving() as server:
        post = poster(f"http://{server.url}", "k3y")
        for _, made in run_events(ledger, graph, NAMESPACE):
            post(made)
        assert [said for _, said in server.posted] == events(ledger, graph)
        assert server.posted[0][0]["Authorization"] == "Bearer k3y"


def test_a_collector_that_takes_nothing_is_named(ledger: MemoryLedger, graph: Graph) -> None:
    night(ledger)
    (_, made), *_ = run_events(ledger, graph, NAMESPACE)
    with serving() as server:
        server.answer = 503
        with pytest.raises(ChannelUnavailable, match="openlineage: answered 503"):
            poster(f"http://{server.url}")(made)
    with pytest.raises(ChannelUnavailable, match="openlineage: cannot be reached"):
        poster("http://127.0.0.1:9")(made)
