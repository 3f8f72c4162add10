import pytest

from boxout.ledger import Event
from boxout.pages import heat, words
from boxout.pages.words import moment_after, together


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "–"),
        (float("nan"), "–"),
        (0.0, "0"),
        (0.5833, "0.583"),
        (7.25, "7.25"),
        (54.54, "54.5"),
        (-114.2, "-114"),
        (1196.8, "1\N{NARROW NO-BREAK SPACE}197"),
    ],
)
def test_a_measured_number_has_three_places_that_matter(value, said):
    assert words.amount(value) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, "–"),
        (0, 9, "0 %"),
        (9, 9, "100 %"),
        (1, 10_000, "< 0.1 %"),
        (9_999, 10_000, "> 99.9 %"),
        (1, 3, "33.3 %"),
    ],
)
def test_a_share_that_is_there_is_never_nothing_and_never_all(part, whole, said):
    assert words.percent(part, whole) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2024-01-15", "2024-01-15", "15 January 2024"),
        ("2024-01-15", "2024-01-21", "15 to 21 January 2024"),
        ("2024-01-15", "2024-02-02", "15 January to 2 February 2024"),
        ("2023-12-31", "2024-01-02", "31 December 2023 to 2 January 2024"),
    ],
)
def test_dates_are_said_as_people_say_them(first, last, said):
    assert words.days(first, last) == said


def test_the_state_to_look_at_first_wins():
    assert words.worst({"fresh": 9, "waiting": 1, "withheld": 1}) == "withheld"
    assert words.worst({"fresh": 9, "missing": 0}) == "fresh"
    assert words.worst({}) == ""


def test_a_strip_draws_a_run_of_dates_as_one_and_says_how_many():
    days = heat.calendar("2024-01-30", "2024-02-03")
    found = {day: {"box": {"fresh": 2}} for day in days[:2]} | {days[4]: {"box": {"withheld": 1}}}
    (strip,) = heat.strips(found, ["box"], days)
    assert strip.said == "box: 1 date withheld, 2 dates fresh"
    assert 'd="M0 0h2v1h-2z"' in strip.svg
    assert 'd="M4 0h1v1h-1z"' in strip.svg
    assert [(one.name, one.width) for one in heat.months(days)] == [("Jan", 40), ("Feb", 60)]


def told(partition: str, subject: str) -> Event:
    return Event("2026-02-04T06:00", "r", "totals", partition, "withheld", subject, "0", "1")


def test_what_one_fault_broke_is_told_once_with_its_partitions_and_reasons():
    events = [told(p, subject) for subject in ("minutes", "points") for p in ("a", "b")]
    (one,) = together(events)
    assert one.partitions == ("a", "b")
    assert one.reasons == ("minutes: 0, 1", "points: 0, 1")


def test_what_has_other_reasons_is_told_apart():
    events = [told("a", "minutes"), told("b", "points")]
    assert [one.partitions for one in together(events)] == [("a",), ("b",)]


def test_a_moment_of_another_day_is_said_with_its_day():
    now = "2026-02-04T06:00:00+00:00"
    assert moment_after("2026-02-04T07:01:02+00:00", now) == "07:01:02"
    assert moment_after("2026-02-06T07:01:02+00:00", now) == "6 Feb 2026, 07:01 UTC"
