"""Windows over a calendar that counts by seasons."""

from dataclasses import replace

import pytest

from boxout.model.outcomes import Waiting
from boxout.run import make_plan
from incidents.scene import reasons

DAYS = [f"2026-02-{day:02}" for day in range(1, 8)]
OPENING = DAYS[3]


def by_season(small, opening):
    calendar = replace(
        small.engine.pipeline.calendar,
        begins=lambda day: opening if day >= opening else "2025-01-01",
    )
    pipeline = replace(small.engine.pipeline, calendar=calendar)
    small.engine = replace(small.engine, pipeline=pipeline)


@pytest.fixture
def two_seasons(small):
    """A game a day; the second season opens on the fourth day."""
    by_season(small, OPENING)
    small.days(*DAYS)
    small.box({f"{day}/AB": 100 + n for n, day in enumerate(DAYS)})
    small.lines(*DAYS[3:])
    small.run(OPENING, DAYS[-1])
    return small


def stale(small):
    return make_plan(small.engine, OPENING, DAYS[-1], {"form"}).of("form", "run")


def test_no_window_looks_back_into_the_season_before(two_seasons):
    rows = two_seasons.rows("SELECT games FROM form ORDER BY day")
    assert [row["games"] for row in rows] == [0, 1, 2, 2]
    assert stale(two_seasons) == []


def test_a_correction_of_the_season_before_makes_nothing_stale(two_seasons):
    two_seasons.box({f"{DAYS[2]}/AB": 300})
    two_seasons.run(DAYS[2], DAYS[2])
    two_seasons.slate(DAYS[2], AB="final", CD="final")
    assert stale(two_seasons) == []
    assert two_seasons.rows("SELECT games FROM form WHERE day = '" + OPENING + "'") == [
        {"games": 0}
    ]


def test_a_correction_of_the_opening_reaches_the_dates_after_it(two_seasons):
    two_seasons.box({f"{OPENING}/AB": 300})
    two_seasons.run(OPENING, OPENING)
    assert stale(two_seasons) == DAYS[4:6]


def test_a_season_of_which_the_first_days_are_not_known_is_waited_for(small):
    by_season(small, DAYS[0])
    small.days(*DAYS[1:])
    small.box({f"{day}/AB": 100 for day in DAYS[1:]})
    small.lines(*DAYS[1:])
    became = small.run(DAYS[0], DAYS[-1]).outcomes
    assert isinstance(became["form", DAYS[2]], Waiting)
    assert f"slate: no rows for {DAYS[0]} have arrived" in reasons(became["form", DAYS[2]])
    assert small.rows("SELECT count(*) AS n FROM form WHERE day > '" + DAYS[2] + "'") == [{"n": 4}]
