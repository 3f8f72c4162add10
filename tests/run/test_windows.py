"""The gate over windows: what must be known, and what makes which dates stale."""

from dataclasses import replace

import pytest

from boxout.model.outcomes import Waiting
from boxout.run import make_plan, run
from boxout.run.repair import mend
from boxout.run.rollback import of_partition, plan_rollback, roll_back
from incidents.scene import Around, once, reasons
from incidents.small import LINES, SLATE

DAYS = [f"2026-02-{day:02}" for day in range(1, 9)]
FIRST, LAST = DAYS[0], DAYS[-1]


@pytest.fixture
def week(small):
    """Eight days of one final game each; form is public from the third day on."""
    small.days(*DAYS)
    small.box({f"{day}/AB": 100 + n for n, day in enumerate(DAYS)})
    small.lines(*DAYS[2:])
    small.run(FIRST, LAST)
    return small


def stale(small, table="form"):
    return make_plan(small.engine, FIRST, LAST, {table}).of(table, "run")


def test_a_window_ends_before_its_own_date(week):
    rows = week.rows("SELECT day, points FROM form ORDER BY day")
    expected = [2 * 100 + 2 * n - 3 for n in range(2, 8)]
    assert [row["points"] for row in rows] == expected
    assert stale(week) == []


def test_an_unknown_calendar_day_inside_the_window_refuses(small):
    small.days(DAYS[0], DAYS[2])
    small.box({f"{DAYS[0]}/AB": 100})
    small.lines(DAYS[2])
    outcome = small.run(FIRST, DAYS[2]).outcomes["form", DAYS[2]]
    assert isinstance(outcome, Waiting)
    assert f"slate: no rows for {DAYS[1]} have arrived" in reasons(outcome)


def test_a_game_of_the_window_that_is_not_public_refuses(small):
    small.days(*DAYS[:3])
    small.box({f"{DAYS[0]}/AB": 100})
    small.lines(DAYS[2])
    outcome = small.run(FIRST, DAYS[2]).outcomes["form", DAYS[2]]
    assert "totals: is not public" in reasons(outcome)


def test_a_game_that_appears_late_makes_exactly_the_dates_after_it_stale(week):
    week.slate(DAYS[3], AB="final", CD="final")
    plan = make_plan(week.engine, FIRST, LAST, {"form"})
    moved = {s.partition for s in plan.steps if s.action != "keep"} & set(DAYS[2:])
    assert moved == {DAYS[3], DAYS[4], DAYS[5]}


def test_a_late_game_changes_the_numbers_of_the_dates_after_it_only(week):
    before = {r["day"]: r["games"] for r in week.rows("FROM form")}
    week.slate(DAYS[3], AB="final", CD="final")
    week.box({f"{DAYS[3]}/CD": 300})
    week.run(FIRST, LAST)
    after = {r["day"]: r["games"] for r in week.rows("FROM form")}
    assert {day for day in after if after[day] != before[day]} == {DAYS[4], DAYS[5]}


def test_a_game_that_appears_outside_the_window_makes_nothing_stale(week):
    week.slate("2026-01-20", AB="final")
    assert stale(week) == []


def test_a_corrected_game_makes_the_dates_after_it_stale_through_its_totals(week):
    week.box({f"{DAYS[3]}/AB": 300})
    plan = make_plan(week.engine, FIRST, LAST, {"form"})
    late = {s.partition for s in plan.steps if s.action != "keep"} & set(DAYS[2:])
    assert late == {DAYS[4], DAYS[5]}
    week.run(FIRST, LAST)
    points = {r["day"]: r["points"] for r in week.rows("FROM form")}
    assert (points[DAYS[4]], points[DAYS[5]]) == (402, 404)


def test_a_date_waits_for_a_total_that_is_stale(week):
    week.box({f"{DAYS[3]}/AB": 300})
    result = week.run(DAYS[4], DAYS[4])
    outcome = result.outcomes["form", DAYS[4]]
    assert isinstance(outcome, Waiting)
    assert "is stale" in reasons(outcome)


def test_a_correction_that_leaves_the_total_as_it_is_leaves_its_dates_fresh(week):
    week.box({f"{DAYS[3]}/AB": 103}, overtimes="00")
    week.run(DAYS[3], DAYS[3])
    assert stale(week) == []


def test_a_changed_state_moves_no_other_date_than_those_that_read_its_schedule(week):
    week.slate(DAYS[7], AB="final", CD="scheduled")
    assert stale(week) == [DAYS[7]]


def test_changed_code_of_an_input_makes_what_reads_it_wait(week):
    compiled = week.engine.compiled
    one = compiled.processors["totals"]._replace(fingerprint="new")
    changed = compiled._replace(processors={**compiled.processors, "totals": one})
    plan = make_plan(replace(week.engine, compiled=changed), FIRST, LAST, {"form"})
    waits = [s for s in plan.steps if s.partition == DAYS[4]]
    assert [(s.action, s.reasons[0].found) for s in waits] == [("wait", "is stale")]


def test_what_is_ready_is_what_is_read(week):
    (version,) = week.engine.ledger.versions(week.engine.ledger.latest_versions("form", DAYS[4], 1))
    ranges = {(r.table, r.window_days) for r in version.reads}
    assert ranges == {
        ("lines", None), ("totals", 2), ("slate", None), ("slate", 2), ("(calendar)", None),
        ("(calendar)", 2),
    }  # fmt: skip


def versions_of(small, table, days):
    return {n for day in days for n in small.engine.ledger.latest_versions(table, day, 1)}


def test_several_dates_are_computed_in_one_attempt(week):
    assert len(versions_of(week, "form", DAYS[2:])) == 1


@pytest.mark.parametrize("size", [1, 2, 60])
def test_dates_in_one_attempt_read_what_each_reads_by_itself(small, size):
    small.with_policy(windowed_dates_max=size)
    small.days(*DAYS)
    small.box({f"{day}/AB": 2**n for n, day in enumerate(DAYS)})
    small.lines(*DAYS)
    small.run(FIRST, LAST)
    points = [row["points"] for row in small.rows("SELECT points FROM form ORDER BY day")]
    assert points == [0, 1, *(2**n + 2 ** (n + 1) for n in range(6))]
    assert len(versions_of(small, "form", DAYS)) == -(-len(DAYS) // size)


def test_each_date_of_an_attempt_is_superseded_by_its_own_window_only(week):
    engine, before = week.engine, week.engine.ledger.head()

    def correct():
        week.box({f"{DAYS[3]}/AB": 300})
        run(engine, DAYS[3], DAYS[3], {"totals"})

    beside = replace(engine, ledger=Around(engine.ledger, publish=once(correct)))
    for day in DAYS[2:]:
        week.land(LINES, [{"day": day, "line": 221}])
    started = engine.ledger.head()
    run(beside, FIRST, LAST, {"form"}, forced="all of them")
    since = {p.partition: p.since for p in engine.ledger.pointers(["form"], "", "~", 10**6)}
    assert before < started
    late = {day for day in DAYS[2:] if since[day] == max(since.values())}
    assert late == {DAYS[4], DAYS[5]}
    assert stale(week) == []


def test_days_before_the_calendar_begins_are_no_gap(small):
    small.days(*DAYS[:3])
    small.box({f"{day}/AB": 100 for day in DAYS})
    small.lines(*DAYS[:3])
    small.run(FIRST, LAST)
    games = [row["games"] for row in small.rows("SELECT games FROM form ORDER BY day")]
    assert games == [0, 1, 2]


@pytest.fixture
def begun(small):
    """Four days from the beginning of the calendar, all public; two windows are cut there."""
    small.days(*DAYS[:4])
    small.box({f"{day}/AB": 100 for day in DAYS})
    small.lines(*DAYS[:4])
    small.run(FIRST, LAST)
    return small


def moved(small):
    steps = make_plan(small.engine, FIRST, LAST, {"form"}).steps
    return {s.partition: s.action for s in steps if s.action != "keep"}


def test_an_earlier_day_makes_the_dates_stale_that_were_cut_where_the_calendar_began(begun):
    begun.land(SLATE, [{"day": "2026-01-31", "game": "2026-01-31/AB", "state": "final"}])
    begun.box({"2026-01-31/AB": 50})
    run(begun.engine, "2026-01-31", "2026-01-31", {"totals"})
    assert moved(begun) == dict.fromkeys(DAYS[:2], "run")
    begun.run(FIRST, LAST)
    assert begun.rows("SELECT points FROM form ORDER BY day")[:2] == [
        {"points": 50},
        {"points": 150},
    ]


def test_a_day_long_before_leaves_a_gap_that_the_cut_dates_wait_for(begun):
    begun.land(SLATE, [{"day": "2025-12-01", "game": "2025-12-01/AB", "state": "postponed"}])
    assert moved(begun) == dict.fromkeys(DAYS[:2], "wait")


def test_a_repair_reaches_the_dates_that_were_cut_where_the_calendar_began(begun):
    mend(begun.engine)
    begun.land(SLATE, [{"day": "2025-12-01", "game": "2025-12-01/AB", "state": "postponed"}])
    outcomes = [one for result in mend(begun.engine).results for one in result.outcomes.items()]
    waits = {key for key, outcome in outcomes if isinstance(outcome, Waiting)}
    assert waits == {("form", DAYS[0]), ("form", DAYS[1])}


@pytest.mark.parametrize("day", ["2026-01-31", "2025-12-01"])
def test_an_earlier_day_that_lands_before_publication_keeps_back_what_was_cut(small, day):
    small.days(*DAYS[:4])
    small.box({f"{day}/AB": 100 for day in DAYS})
    small.lines(*DAYS[:4])
    run(small.engine, FIRST, LAST, {"totals"})
    earlier = once(lambda: small.slate(day, AB="final"))
    beside = replace(small.engine, ledger=Around(small.engine.ledger, publish=earlier))
    result = run(beside, FIRST, LAST, {"form"})
    kinds = {day: type(result.outcomes["form", day]).__name__ for day in DAYS[:4]}
    assert kinds == dict(zip(DAYS[:4], ("Waiting", "Waiting", "Done", "Done"), strict=True))


def test_a_first_day_that_was_taken_back_is_still_where_the_calendar_begins(begun):
    bad = of_partition(begun.engine, "slate", FIRST)
    roll_back(begun.engine, plan_rollback(begun.engine, bad, "wrong"))
    outcome = begun.run(DAYS[1], DAYS[1]).outcomes["form", DAYS[1]]
    assert f"slate: no rows for {FIRST} have arrived" in reasons(outcome)
