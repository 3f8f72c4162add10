"""How many partitions one attempt takes on."""

from dataclasses import replace

from boxout.graph import Unit
from boxout.model import processor, window
from boxout.run.chunks import chunks
from boxout.run.engine import Policy
from incidents.small import FORM, LINES, SMALL, TOTALS, form, totals

DAYS = [f"2026-02-{day:02}" for day in range(1, 8)]
CALENDAR = SMALL.calendar
POLICY = Policy(partitions_max=5, windowed_dates_max=3)


def test_what_looks_back_is_cut_into_smaller_attempts():
    found = chunks(Unit("form", (form,)), DAYS, POLICY, CALENDAR)
    assert found == [DAYS[:3], DAYS[3:6], DAYS[6:]]


def test_what_does_not_look_back_is_cut_as_large_as_may_be():
    assert chunks(Unit("totals", (totals,)), DAYS, POLICY, CALENDAR) == [DAYS[:5], DAYS[5:]]


def test_what_looks_back_at_its_own_unit_goes_date_by_date():
    first = processor(TOTALS.group("own"))(lambda: None)
    second = processor(FORM.group("own"), lines=LINES, before=window(TOTALS, days=2))
    unit = Unit("own", (first, second(lambda lines, before: lines)))
    games = [f"{day}/{game}" for day in DAYS[:2] for game in ("AB", "CD")]
    assert chunks(unit, games, POLICY, CALENDAR) == [games[:2], games[2:]]


def test_windows_of_one_attempt_reach_back_to_the_same_season():
    by_half = replace(CALENDAR, begins=lambda day: DAYS[2] if day >= DAYS[2] else DAYS[0])
    assert chunks(Unit("form", (form,)), DAYS, POLICY, by_half) == [DAYS[:2], DAYS[2:5], DAYS[5:]]
