"""A second look at what is public: late evidence takes a bad version back."""

import re
from dataclasses import replace

import pytest

from boxout.errors import StoreUnavailable
from boxout.model.outcomes import Done, WithheldOutcome
from boxout.run.recheck import recheck, take_back
from boxout.run.rollback import of_publication, plan_rollback
from incidents.scene import DAY, OFFENSE, alerts, spoil
from incidents.small import SLATE

D1, D2, D3 = (f"2026-02-0{n}" for n in range(1, 4))
GAME = f"{D2}/AB"


@pytest.fixture
def week(small):
    small.days(D1, D2, D3)
    small.box({f"{day}/AB": 200 for day in (D1, D2)})
    small.lines(D3)
    small.run(D1, D3)
    return small


def points(small):
    return {r["day"]: r["points"] for r in small.rows("FROM form")}


def test_what_is_well_is_left_alone(week):
    head = week.engine.ledger.head()
    assert recheck(week.engine, D1, D3) == {}
    assert take_back(week.engine, {}) is None
    assert week.engine.ledger.head() == head


def test_rows_that_fail_now_are_found_with_both_sides(week):
    spoil(week.engine, f"UPDATE versions.totals SET points = 900 WHERE game = '{GAME}'")
    failed = recheck(week.engine, D1, D3)
    assert set(failed) == {("totals", GAME)}
    edited, check = map(str, failed["totals", GAME].reasons)
    assert check == "fewer than 500: failed, 1 of 1 rows fail, none expected"
    held, recorded = re.findall(r"1 row of content (\d+)", edited)
    assert held != recorded
    assert edited == (
        f"rows of totals: failed, not those that were published: 1 row of content {held},"
        f" 1 row of content {recorded} expected"
    )


def test_an_edit_that_no_check_looks_at_is_found(week):
    spoil(week.engine, f"UPDATE versions.totals SET points = 201 WHERE game = '{GAME}'")
    assert set(recheck(week.engine, D1, D3)) == {("totals", GAME)}


def test_an_edited_source_is_found_and_goes_with_what_came_from_it(week):
    spoil(week.engine, f"UPDATE versions.box SET points = 201 WHERE game = '{GAME}'")
    failed = recheck(week.engine, D1, D3)
    assert set(failed) == {("box", GAME)}
    plan, _ = take_back(week.engine, failed)
    assert {(s.table, s.partition) for s in plan.steps} == {
        ("box", GAME), ("totals", GAME), ("form", D3)
    }  # fmt: skip


def test_a_row_more_and_a_row_twice_are_found(week):
    spoil(week.engine, f"INSERT INTO versions.totals FROM versions.totals WHERE game = '{D1}/AB'")
    assert set(recheck(week.engine, D1, D3)) == {("totals", f"{D1}/AB")}


def test_rows_that_appear_where_none_were_published_are_found(week):
    week.slate(D2, AB="cancelled")
    week.run(D1, D3)
    week.land(SLATE, [{"day": D1, "game": f"{D1}/AB", "state": "final"}], covers=(D1, "2026-02-05"))
    day = "2026-02-05"
    (empty,) = week.engine.ledger.pointers(["slate"], day, day, week.engine.ledger.head())
    assert recheck(week.engine, day, day) == {}
    spoil(
        week.engine,
        f"INSERT INTO versions.slate VALUES ('{day}', '{day}/AB', 'final', {empty.version})",
    )
    assert set(recheck(week.engine, day, day)) == {("slate", day)}


def test_only_the_dates_that_were_asked_for_are_looked_at(week):
    spoil(week.engine, f"UPDATE versions.totals SET points = 900 WHERE game = '{GAME}'")
    assert recheck(week.engine, D3, D3) == {}


def test_the_right_rows_come_back_after_edited_ones_were_taken_back(week):
    spoil(week.engine, f"UPDATE versions.totals SET points = 201 WHERE game = '{GAME}'")
    take_back(week.engine, recheck(week.engine, D1, D3))
    assert total(week) == []
    week.run(D1, D3)
    assert total(week) == [{"points": 200}]
    assert points(week) == {D3: 400}


def test_an_edited_source_comes_back_with_the_same_file(week):
    spoil(week.engine, f"UPDATE versions.box SET points = 201 WHERE game = '{GAME}'")
    take_back(week.engine, recheck(week.engine, D1, D3))
    assert week.box({GAME: 201}).withheld == (GAME,)
    assert week.box({GAME: 200}).published == (GAME,)


def test_the_edited_rows_themselves_do_not_come_back(week):
    spoil(week.engine, f"UPDATE versions.totals SET points = 300 WHERE game = '{GAME}'")
    take_back(week.engine, recheck(week.engine, D1, D3))
    week.box({GAME: 300})
    assert isinstance(week.run(D1, D3).outcomes["totals", GAME], WithheldOutcome)


@pytest.mark.parametrize(("edit", "back_to"), [(None, True), ("points = 201", False)])
def test_a_rollback_does_not_go_back_to_rows_that_were_edited(week, edit, back_to):
    if edit:
        spoil(week.engine, f"UPDATE versions.totals SET {edit} WHERE game = '{GAME}'")
    number = week.box({GAME: 300}).publication
    week.run(D1, D3)
    plan = plan_rollback(week.engine, of_publication(week.engine, number), "wrong")
    (to,) = (s.to for s in plan.steps if s.table == "totals")
    assert (to is not None) == back_to


def test_a_forced_publication_that_was_edited_afterwards_is_found(small):
    small.days(D2)
    small.box({GAME: 700})
    small.run(D2, forced="a record game")
    spoil(small.engine, "UPDATE versions.totals SET points = 701")
    failed = recheck(small.engine, D2, D2)
    assert [len(one.reasons) for one in failed.values()] == [1]


def test_every_reason_of_every_table_of_a_group_is_told(published):
    game = published.games[0].game_id
    for table in ("team_offense_game_summary", "player_game_summary"):
        spoil(
            published.engine, f"UPDATE versions.{table} SET pts = pts + 1 WHERE game_id = '{game}'"
        )
    (failed,) = recheck(published.engine, DAY, DAY).values()
    told = [str(one) for one in failed.reasons]
    assert len(told) == len(set(told))
    for what in (
        "rows of team_offense_game_summary",
        "rows of player_game_summary",
        "points add up",
        "sum of players' pts",
    ):
        assert any(one.startswith(what) for one in told), what


def test_a_look_leaves_the_record_of_what_was_published_as_it_is(published):
    game, ledger = published.games[0].game_id, published.engine.ledger
    (pointer,) = ledger.pointers([OFFENSE], game, game, ledger.head())
    before = ledger.counts(pointer.version)
    spoil(published.engine, f"UPDATE versions.{OFFENSE} SET pts = pts + 1 WHERE game_id = '{game}'")
    assert recheck(published.engine, DAY, DAY) != {}
    assert ledger.counts(pointer.version) == before
    assert ledger.findings([pointer.version], game, game) == []


def test_rows_that_are_gone_are_a_failure_and_not_a_pass(week):
    spoil(week.engine, f"DELETE FROM versions.totals WHERE game = '{GAME}'")
    assert set(recheck(week.engine, D1, D3)) == {("totals", GAME)}


def test_what_fails_is_taken_back_with_what_came_from_it_in_one_publication(week):
    spoil(week.engine, f"UPDATE versions.totals SET points = 900 WHERE game = '{GAME}'")
    head = week.engine.ledger.head()
    plan, number = take_back(week.engine, recheck(week.engine, D1, D3))
    assert number == head + 1 == week.engine.ledger.head()
    assert {(s.table, s.partition) for s in plan.steps} == {("totals", GAME), ("form", D3)}
    assert points(week) == {}


def test_what_is_taken_back_is_told_in_one_alert(week):
    spoil(week.engine, f"UPDATE versions.totals SET points = 900 WHERE game = '{GAME}'")
    take_back(week.engine, recheck(week.engine, D1, D3))
    (alert,) = alerts(week.folder, "totals")
    assert alert.startswith(f"{GAME} taken back: failed")


def test_the_reason_of_a_rollback_after_a_check_is_the_check(week):
    spoil(week.engine, f"UPDATE versions.totals SET points = 900 WHERE game = '{GAME}'")
    take_back(week.engine, recheck(week.engine, D1, D3))
    (latest,) = week.engine.ledger.publications(1)
    assert latest.kind == "rollback"
    assert latest.reason.startswith(f"totals {GAME}: rows of totals: failed, not those")


def test_a_forced_publication_is_left_to_whoever_forced_it(small):
    small.days(D2)
    small.box({GAME: 700})
    small.run(D2, forced="a record game")
    assert recheck(small.engine, D2, D2) == {}


def test_an_older_version_that_was_computed_from_other_rows_does_not_come_back(week):
    week.box({GAME: 300})
    week.run(D1, D3)
    spoil(
        week.engine,
        f"UPDATE versions.totals SET points = 900 WHERE game = '{GAME}' AND points = 300",
    )
    take_back(week.engine, recheck(week.engine, D1, D3))
    assert week.rows(f"SELECT points FROM totals WHERE game = '{GAME}'") == []


def test_a_second_look_on_a_state_that_moved_does_nothing(week):
    spoil(week.engine, f"UPDATE versions.totals SET points = 900 WHERE game = '{GAME}'")
    failed = recheck(week.engine, D1, D3)

    class Moves:
        def __getattr__(self, name):
            return getattr(week.engine.ledger, name)

        def turn_back(self, rollback, *, run, at):
            week.lines("2026-02-20")
            return week.engine.ledger.turn_back(rollback, run=run, at=at)

    _, number = take_back(replace(week.engine, ledger=Moves()), failed)
    assert number is None
    assert alerts(week.folder, "totals") == []
    assert set(recheck(week.engine, D1, D3)) == {("totals", GAME)}


SPOILED = f"UPDATE versions.totals SET points = 900 WHERE game = '{GAME}'"


@pytest.fixture
def strict(week):
    """A policy that takes back by itself, and one public game that fails its checks by now."""
    week.with_policy(is_taken_back=True)
    spoil(week.engine, SPOILED)
    return week


def total(small):
    return small.rows(f"SELECT points FROM totals WHERE game = '{GAME}'")


def test_a_landing_takes_back_what_fails_by_now_on_the_dates_that_it_moved(strict):
    strict.shots(GAME, 3)
    assert total(strict) == []


def test_a_run_takes_back_what_fails_by_now_on_the_dates_that_it_moved(strict):
    strict.with_policy(is_taken_back=False)
    strict.slate(D2, AB="final", CD="final")
    strict.box({f"{D2}/CD": 100})
    strict.with_policy(is_taken_back=True)
    result = strict.run(D2)
    assert total(strict) == []
    assert isinstance(result.outcomes["totals", GAME], WithheldOutcome)
    assert isinstance(result.outcomes["totals", f"{D2}/CD"], Done)


def test_other_dates_are_not_looked_at(strict):
    strict.lines("2026-02-20")
    assert len(total(strict)) == 1


def test_without_the_policy_nothing_is_taken_back(week):
    spoil(week.engine, SPOILED)
    week.shots(GAME, 3)
    assert len(total(week)) == 1


def test_what_was_landed_is_landed_also_when_the_second_look_breaks(strict, monkeypatch):
    def breaks(*_):
        raise StoreUnavailable("gone")

    monkeypatch.setattr("boxout.run.recheck.plan_rollback", breaks)
    assert strict.shots(GAME, 3).published == (GAME,)
    assert len(total(strict)) == 1
