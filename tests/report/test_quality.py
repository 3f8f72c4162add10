"""The quality of dates as one value: states, checks, arrivals, decisions."""

import pytest

from boxout.errors import DefinitionError
from boxout.ledger import Appearance, Pointer
from boxout.report import headline, report, season, seasons
from boxout.report.arrived import late
from boxout.report.asked import BACK, MENDED, STANDS
from boxout_nba.simulator import team_rows
from conftest import DAY
from incidents.small import SHOTS
from incidents.small import SMALL as PIPELINE

D1, D2 = "2026-02-01", "2026-02-02"
GAME = f"{D1}/AB"


@pytest.fixture
def day(small):
    """Two games of which one has too many points."""
    small.slate(D1, AB="final", CD="final")
    small.box({GAME: 200, f"{D1}/CD": 900})
    small.lines(D1)
    small.run(D1)
    return small


def table(found, name: str):
    return next(one for one in found.tables if one.table == name)


def test_a_date_of_which_nothing_is_known_says_so(small):
    found = report(small.engine, D1, D1)
    assert headline(found) == (
        "Nothing has arrived for these dates, and nothing is expected on them.",
    )
    assert (found.publication, found.held, found.not_passing) == (0, (), ())


def test_every_table_has_its_states_and_the_rows_that_readers_see(day):
    found = report(day.engine, D1, D1)
    totals = table(found, "totals")
    assert (totals.states, totals.partitions, totals.rows) == ({"fresh": 1, "withheld": 1}, 1, 1)
    assert table(found, "box").states == {"fresh": 2}
    assert found.days[D1]["totals"] == {"fresh": 1, "withheld": 1}


def test_what_is_held_back_has_its_reason(day):
    held = {(one.unit, one.kind): one for one in report(day.engine, D1, D1).held}
    one = held["totals", "withheld"]
    assert one.partitions == (f"{D1}/CD",)
    assert one.reasons == ("fewer than 500: failed, 1 of 1 rows fail, none expected",)
    assert held["shots", "missing"].reasons == (
        "shots: has not arrived, it is optional: nothing waits for it",
    )


def test_what_did_not_pass_is_told_with_rows_and_what_became_of_it(day):
    found = report(day.engine, D1, D1)
    (one,) = found.not_passing
    assert (one.table, one.checks, one.now) == ("totals", ("fewer than 500",), BACK)
    (example,) = found.examples
    assert [row["points"] for row in example.rows] == [900]


def test_what_was_put_right_is_told_as_put_right(day):
    day.box({f"{D1}/CD": 201})
    day.run(D1)
    found = report(day.engine, D1, D1)
    assert [one.now for one in found.not_passing] == [MENDED]
    assert [(one.table, one.partition, one.times) for one in found.corrected] == [
        ("box", f"{D1}/CD", 1)
    ]


def test_a_forced_publication_stands_with_its_reason_and_is_not_usual(day):
    day.run(D1, forced="seen on film")
    found = report(day.engine, D1, D1)
    assert [one.now for one in found.not_passing] == [STANDS, MENDED]
    (one,) = found.decisions
    assert (one.kind, one.reason, one.partitions) == ("forced", "seen on film", (f"{D1}/CD",))
    assert report(day.engine, D2, D2).spreads[0].usual.rows == 1


def test_what_arrives_while_the_game_runs_is_no_correction(small):
    small.days(D1)
    small.box({GAME: 0})
    small.box({GAME: 200})
    assert report(small.engine, D1, D1).corrected == ()


def test_the_checks_of_what_never_came_prove_nothing(day):
    faults = {one.table for one in report(day.engine, D1, D1).checks if one.fault}
    assert faults == {"shots"}


def test_the_headline_says_what_is_complete_what_is_public_and_what_passed(day):
    assert headline(report(day.engine, D1, D1)) == (
        "All 2 expected are complete.",
        "2 of 3 computed partitions are public and current; 1 withheld.",
        "15 checks were asked: 1 kept something back.",
    )


def test_rows_set_aside_are_counted_by_their_date(world):
    world.schedule()
    rows = [{**row, "team": "XYZ"} for row in world.rows(team_rows, None, None)[:1]]
    world.land("team_boxscore", [*rows, *world.rows(team_rows, None, None)[2:]])
    (one,) = report(world.engine, DAY, DAY).quarantine
    assert (one.table, one.rows, one.waiting) == ("team_boxscore", 1, 1)
    assert report(world.engine, D1, D1).quarantine == ()


def appeared(table: str, at: str, since: int) -> Appearance:
    return Appearance(Pointer(table, GAME, since, since, since, since), at, "normal", "", 1)


def test_a_source_is_late_by_the_first_of_its_partition(small):
    seen = [
        appeared("box", "2026-02-02T05:00:00.000+00:00", 1),
        appeared("shots", "2026-02-04T05:00:00.000+00:00", 2),
        appeared("slate", "2026-01-01T00:00:00.000+00:00", 3),
    ]
    (one,) = late(small.engine.graph, PIPELINE.calendar, seen)
    assert (one.table, one.partition, one.behind_h) == (SHOTS.name, GAME, 48)


def test_seasons_are_named_by_their_years(whole_world, small):
    whole_world.schedule()
    engine = whole_world.engine
    assert seasons(engine.ledger, engine.pipeline.calendar) == {
        "2025-26": ("2025-07-01", "2026-02-03")
    }
    assert season(engine.ledger, engine.pipeline.calendar, "2025-26")[1] == "2026-02-03"
    small.days(D1)
    assert seasons(small.engine.ledger, PIPELINE.calendar) == {"2026": ("2026-01-01", D1)}


def test_a_season_that_is_not_there_is_refused_with_those_that_are(small):
    small.days(D1)
    with pytest.raises(DefinitionError, match="--season 2019: no such season"):
        season(small.engine.ledger, PIPELINE.calendar, "2019")
