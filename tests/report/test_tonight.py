"""A date as people follow it: what is public of each game, and what holds up the others."""

import pytest

from boxout.report import look
from boxout.report.standing import DAYS_MAX, standing
from boxout.report.tonight import tonight

D1, D2 = "2026-02-01", "2026-02-02"


@pytest.fixture
def night(small):
    """Of three games one is public, one withheld, and of one nothing has arrived."""
    small.slate(D1, AB="final", CD="final", EF="final", GH="scheduled")
    small.box({f"{D1}/AB": 200, f"{D1}/CD": 900})
    small.lines(D1)
    small.run(D1)
    small.days(D2)
    return small


def seen(world, day: str):
    engine = world.engine
    found = look(engine.ledger, engine.pipeline, engine.graph, engine.fingerprints, day, day)
    return tonight(found, day)


def test_every_game_has_its_way_and_what_holds_it_up_is_said_once(night):
    ways = {one.partition[11:]: one for one in seen(night, D1).ways}
    assert list(ways) == ["AB", "CD", "EF", "GH"]
    assert [one.is_public for one in ways.values()] == [True, False, False, False]
    assert ways["AB"].because == ()
    assert [(one.state, one.tables) for one in ways["CD"].because] == [("withheld", ("totals",))]
    (waits,) = ways["EF"].because
    assert (waits.state, waits.tables, waits.reasons) == (
        "waiting", ("totals",), ("box: has not arrived",)
    )  # fmt: skip
    assert ways["EF"].look_at


def test_what_is_not_expected_yet_is_held_up_by_nothing(night):
    (way,) = (one for one in seen(night, D1).ways if one.partition.endswith("GH"))
    assert (way.said, way.is_expected, way.because, way.is_public) == (
        "scheduled", False, (), False
    )  # fmt: skip


def test_a_date_knows_those_beside_it_and_what_is_cut_by_date(night):
    found = seen(night, D1)
    assert (found.date, found.before, found.after) == (D1, "", D2)
    assert (found.tables, found.date_tables) == (
        ("box", "shots", "totals"), ("slate", "lines", "form")
    )  # fmt: skip
    assert found.whole.states["slate"] == "fresh"
    assert found.published[0].publication == found.publication


def test_nothing_is_called_usual_where_nothing_is_held_against_a_baseline(night):
    found = standing(night.engine, D1, D1)
    assert (found.judged, found.told, bool(found.why_not)) == (0, (), True)
    assert DAYS_MAX == 31
