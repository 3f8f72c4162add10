"""Rollback: what goes back to which version, and what is withdrawn because it came from it."""

from dataclasses import replace

import pytest

from boxout.errors import DefinitionError
from boxout.model.outcomes import Waiting
from boxout.run import make_plan, run
from boxout.run.rollback import (
    of_partition,
    of_publication,
    of_run,
    of_version,
    plan_rollback,
    roll_back,
)
from incidents.scene import Around, once, reasons

D1, D2, D3, D4 = (f"2026-02-0{n}" for n in range(1, 5))
GAME = f"{D2}/AB"


@pytest.fixture
def week(small):
    """Four days; totals of all, form of the last two."""
    small.days(D1, D2, D3, D4)
    small.box({f"{day}/AB": 200 for day in (D1, D2, D3)})
    small.lines(D3, D4)
    small.run(D1, D4)
    small.good = small.engine.ledger.head()
    return small


@pytest.fixture
def spoiled(week):
    """A bad box score of the second day has come, and everything was computed from it."""
    week.bad = week.box({GAME: 300})
    week.run(D1, D4)
    assert points(week) == {D3: 500, D4: 500}
    return week


def points(small):
    return {r["day"]: r["points"] for r in small.rows("FROM form")}


def undo(small, bad, reason="the box score was wrong"):
    plan = plan_rollback(small.engine, bad, reason)
    return plan, roll_back(small.engine, plan)


def test_a_bad_arrival_goes_back_with_everything_that_came_from_it(spoiled):
    plan, number = undo(spoiled, of_publication(spoiled.engine, spoiled.bad.publication))
    assert number == plan.at + 1
    went = {(s.table, s.partition): s.to is not None for s in plan.steps}
    assert went == {("box", GAME): True, ("totals", GAME): True, ("form", D3): True,
                    ("form", D4): True}  # fmt: skip
    assert points(spoiled) == {D3: 400, D4: 400}
    assert spoiled.rows(f"SELECT points FROM totals WHERE game = '{GAME}'") == [{"points": 200}]


def test_a_rollback_is_one_publication_with_its_reason(spoiled):
    head = spoiled.engine.ledger.head()
    undo(spoiled, of_publication(spoiled.engine, spoiled.bad.publication))
    (latest,) = spoiled.engine.ledger.publications(1)
    assert latest.publication == head + 1
    assert (latest.kind, latest.reason) == ("rollback", "the box score was wrong")


def test_what_went_back_is_fresh(spoiled):
    undo(spoiled, of_publication(spoiled.engine, spoiled.bad.publication))
    for table in ("totals", "form"):
        plan = make_plan(spoiled.engine, D1, D4, {table})
        assert plan.of(table, "run") == []


def test_every_step_of_a_plan_says_why(spoiled):
    plan = plan_rollback(spoiled.engine, of_version(spoiled.engine, spoiled.bad.version), "r")
    why = {(s.table, s.partition): s.why for s in plan.steps}
    assert why["box", GAME] == f"undoes version {spoiled.bad.version}"
    assert why["totals", GAME].startswith(f"was computed from box {GAME} version")
    assert why["form", D4].startswith("was computed from")


def test_planning_a_rollback_changes_nothing(spoiled):
    head = spoiled.engine.ledger.head()
    plan_rollback(spoiled.engine, of_version(spoiled.engine, spoiled.bad.version), "r")
    assert spoiled.engine.ledger.head() == head
    assert points(spoiled) == {D3: 500, D4: 500}


def test_what_has_no_earlier_version_is_withdrawn_with_what_came_from_it(week):
    plan, _ = undo(week, of_partition(week.engine, "box", GAME))
    assert {(s.table, s.partition): s.to for s in plan.steps} == {
        ("box", GAME): None, ("totals", GAME): None, ("form", D3): None, ("form", D4): None,
    }  # fmt: skip
    assert points(week) == {}
    assert week.rows("SELECT game FROM totals ORDER BY 1") == [
        {"game": f"{D1}/AB"},
        {"game": f"{D3}/AB"},
    ]


def test_nothing_is_computed_from_what_was_withdrawn(week):
    undo(week, of_partition(week.engine, "box", GAME))
    outcome = week.run(D1, D4).outcomes["totals", GAME]
    assert isinstance(outcome, Waiting)
    assert "box: was withdrawn by publication" in reasons(outcome)


def test_the_rows_that_were_taken_back_do_not_come_back_by_themselves(spoiled):
    undo(spoiled, of_publication(spoiled.engine, spoiled.bad.publication))
    again = spoiled.box({GAME: 300})
    assert (again.publication, again.withheld) == (None, (GAME,))
    spoiled.run(D1, D4)
    assert points(spoiled) == {D3: 400, D4: 400}


def test_other_rows_go_out_after_a_rollback(spoiled):
    undo(spoiled, of_publication(spoiled.engine, spoiled.bad.publication))
    spoiled.box({GAME: 220})
    spoiled.run(D1, D4)
    assert points(spoiled) == {D3: 420, D4: 420}


def test_a_rollback_is_undone_by_rolling_it_back(spoiled):
    _, number = undo(spoiled, of_publication(spoiled.engine, spoiled.bad.publication))
    undo(spoiled, of_publication(spoiled.engine, number), "it was right after all")
    assert points(spoiled) == {D3: 500, D4: 500}
    assert spoiled.engine.ledger.tombstones("", "~") == []


def test_a_rollback_of_the_derived_alone_leaves_its_source(spoiled):
    plan, _ = undo(spoiled, of_partition(spoiled.engine, "form", D4))
    assert [(s.table, s.partition) for s in plan.steps] == [("form", D4)]
    assert points(spoiled)[D3] == 500


def test_a_run_is_undone_with_all_that_it_published(spoiled):
    spoiled.box({GAME: 310})
    made = spoiled.run(D1, D4)
    plan, _ = undo(spoiled, of_run(spoiled.engine, made.run))
    assert {(s.table, s.partition) for s in plan.steps} == {
        ("totals", GAME), ("form", D3), ("form", D4),
    }  # fmt: skip


def test_a_rollback_does_nothing_when_the_head_has_moved(spoiled):
    bad = of_publication(spoiled.engine, spoiled.bad.publication)
    plan = plan_rollback(spoiled.engine, bad, "r")
    spoiled.lines("2026-02-20")
    head = spoiled.engine.ledger.head()
    assert roll_back(spoiled.engine, plan) is None
    assert spoiled.engine.ledger.head() == head
    assert points(spoiled) == {D3: 500, D4: 500}


def test_a_rollback_of_what_stands_no_more_is_refused(spoiled):
    bad = of_publication(spoiled.engine, spoiled.bad.publication)
    undo(spoiled, bad)
    with pytest.raises(DefinitionError, match="nothing of it is public"):
        plan_rollback(spoiled.engine, of_version(spoiled.engine, spoiled.bad.version), "again")


@pytest.mark.parametrize("number", [0, -1, 99])
def test_a_publication_that_is_not_there_cannot_be_undone(week, number):
    with pytest.raises(DefinitionError, match=f"publication {number}: there are 1 to"):
        of_publication(week.engine, number)


def test_whoever_computes_from_the_bad_rows_meanwhile_cannot_publish(week):
    week.bad = week.box({GAME: 300})

    def rolls_back():
        undo(week, of_publication(week.engine, week.bad.publication))

    ledger = Around(week.engine.ledger, publish=once(rolls_back))
    run(replace(week.engine, ledger=ledger), D1, D4, {"totals", "form"})
    assert points(week) == {D3: 400, D4: 400}


def test_a_schedule_that_goes_back_expects_what_it_expected(week):
    bad = week.slate(D2, CD="final")
    assert expected(week) == {f"{D2}/CD"}
    undo(week, of_publication(week.engine, bad.publication))
    assert expected(week) == {GAME}
    week.run(D1, D4)
    assert points(week) == {D3: 400, D4: 400}


def expected(small):
    head = small.engine.ledger.head()
    said = small.engine.ledger.expectations(D2, D2 + "~", head)
    return {one.partition for one in said if one.is_expected}


def test_a_schedule_without_an_earlier_version_is_withdrawn_and_its_date_unknown(week):
    plan, _ = undo(week, of_partition(week.engine, "slate", D2))
    assert plan.steps[0].to is None
    assert expected(week) == set()
    outcome = week.run(D4, D4).outcomes["form", D4]
    assert isinstance(outcome, Waiting)
    assert f"slate: no rows for {D2} have arrived" in reasons(outcome)


def test_nothing_public_descends_from_a_game_that_only_a_withdrawn_schedule_expected(week):
    bad = week.slate(D2, AB="final", CD="final")
    week.box({f"{D2}/CD": 250})
    week.run(D1, D4)
    assert points(week)[D3] == 650
    undo(week, of_publication(week.engine, bad.publication))
    assert points(week) in ({D3: 400, D4: 400}, {})


def test_nothing_goes_back_to_a_collected_version(spoiled):
    spoiled.clock.pass_s(86400)
    ledger = spoiled.engine.ledger
    ledger.collect(ledger.head(), ledger.now(), spoiled.engine.graph.tables, 99)
    plan, number = undo(spoiled, of_publication(spoiled.engine, spoiled.bad.publication))
    assert number is not None
    returned = ledger.versions([s.to for s in plan.steps if s.to is not None])
    assert not any(one.is_collected for one in returned)
    assert None in {s.to for s in plan.steps}


def test_work_that_waited_for_rolled_back_rows_is_woken(spoiled):
    spoiled.box({GAME: 900})
    spoiled.run(D1, D4)
    undo(spoiled, of_partition(spoiled.engine, "box", GAME))
    due = {(w.unit, w.partition) for w in spoiled.engine.ledger.due_work(99)}
    assert ("totals", GAME) in due
