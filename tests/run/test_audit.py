"""The audit: nobody goes round the checks without leaving a trace that it finds."""

import sqlite3
from dataclasses import replace

import duckdb
import pytest

from boxout.compiled import compile_all
from boxout.run import catch_up
from boxout.run.audit import KINDS, audit, mend
from boxout.run.collect import collect
from boxout.run.recheck import recheck, take_back
from incidents.scene import spoil
from incidents.small import compiled

D1, D2, D3 = (f"2026-02-0{n}" for n in range(1, 4))
GAME = f"{D2}/AB"


@pytest.fixture
def week(small):
    small.days(D1, D2, D3)
    small.box({f"{day}/AB": 200 for day in (D1, D2)})
    small.lines(D3)
    small.run(D1, D3)
    return small


def in_ledger(small, *statements: str) -> None:
    """Change the ledger behind our back, as nothing of ours ever does."""
    with sqlite3.connect(small.folder / "ledger.sqlite") as c:
        for one in statements:
            c.execute(one)


def found(small, first: str = D1, last: str = D3) -> set[tuple[str, str, str]]:
    return {(one.kind, one.table, one.partition) for one in audit(small.engine, first, last).faults}


def told(small) -> set[tuple[str, str]]:
    return {(one.kind, one.table) for one in audit(small.engine, D1, D3).told}


def public_version(small, table: str, partition: str) -> int:
    (one,) = small.engine.ledger.pointers([table], partition, partition, small.engine.ledger.head())
    return one.version


def test_what_nobody_touched_has_nothing_odd_and_is_counted(week):
    seen = audit(week.engine, D1, D3)
    assert (seen.faults, seen.told) == ((), ())
    assert seen.publication == week.engine.ledger.head()
    assert (seen.partitions, seen.rows) == (3 + 2 + 1 + 2 + 1, 3 + 2 + 1 + 2 + 1)


def test_what_is_computed_again_rolled_back_collected_and_withheld_is_not_odd(week):
    week.box({GAME: 700})
    week.run(D1, D3)
    week.box({GAME: 250})
    week.run(D1, D3)
    week.slate(D1, AB="cancelled")
    week.run(D1, D3)
    week.clock.pass_s(86400)
    collect(week.engine, 0, 3600)
    assert found(week) == set()


def test_a_date_without_rows_is_not_odd(week):
    week.land(*_slate_until("2026-02-05"))
    assert found(week, D1, "2026-02-05") == set()


def _slate_until(last: str):
    tables = compiled()[0].tables
    return tables["slate"], [{"day": D1, "game": f"{D1}/AB", "state": "final"}], (D1, last)


def test_rows_of_an_attempt_that_died_before_its_audit_are_not_odd(week):
    claim = week.engine.ledger.claim("totals", [GAME], run="dies", lease_s=60)
    version = week.engine.ledger.open_version(claim.attempt, "totals", "f", ())
    spoil(week.engine, f"INSERT INTO versions.totals VALUES ('{GAME}', 1, 0, NULL, {version})")
    assert found(week) == set()


@pytest.mark.parametrize(
    ("sql", "oddity"),
    [
        (f"UPDATE versions.totals SET points = 201 WHERE game = '{GAME}'", "edited"),
        (f"UPDATE versions.totals SET threes = 0 WHERE game = '{GAME}'", "edited"),
        (f"INSERT INTO versions.totals FROM versions.totals WHERE game = '{GAME}'", "edited"),
        (f"DELETE FROM versions.totals WHERE game = '{GAME}'", "gone"),
    ],
)
def test_edited_and_deleted_rows_are_named_with_their_partition(week, sql, oddity):
    spoil(week.engine, sql)
    assert found(week) == {(oddity, "totals", GAME)}
    (one,) = audit(week.engine, D1, D3).faults
    assert one.next_step == f"boxout recheck {D2} --take-back, then boxout run {D2}"
    assert one.version == public_version(week, "totals", GAME)


def test_an_edited_source_is_found_and_what_to_do_is_to_land_it(week):
    spoil(week.engine, f"UPDATE versions.box SET points = 201 WHERE game = '{GAME}'")
    (one,) = audit(week.engine, D1, D3).faults
    assert (one.kind, one.table, one.partition) == ("edited", "box", GAME)
    assert one.next_step.endswith("then boxout land its file")


def test_what_the_audit_says_to_type_makes_it_whole(week):
    spoil(week.engine, f"UPDATE versions.totals SET points = 201 WHERE game = '{GAME}'")
    take_back(week.engine, recheck(week.engine, D2, D2))
    week.run(D1, D3)
    assert found(week) == set()
    assert told(week) == {("edited, not public", "totals")}


def test_other_dates_are_not_looked_at(week):
    spoil(week.engine, f"UPDATE versions.totals SET points = 201 WHERE game = '{GAME}'")
    assert found(week, D1, D1) == set()


def test_rows_of_a_version_that_the_ledger_does_not_know_are_foreign(week):
    spoil(week.engine, f"INSERT INTO versions.totals VALUES ('{GAME}', 1, 0, NULL, 999)")
    assert found(week) == {("foreign", "totals", GAME)}


def test_rows_without_a_partition_are_foreign(week):
    spoil(week.engine, "INSERT INTO versions.totals VALUES (NULL, 1, 0, NULL, 999)")
    assert found(week) == {("foreign", "totals", "")}


def test_rows_under_the_number_of_another_tables_version_are_foreign(week):
    number = public_version(week, "box", GAME)
    spoil(week.engine, f"INSERT INTO versions.totals VALUES ('{GAME}', 1, 0, NULL, {number})")
    assert found(week) == {("foreign", "totals", GAME)}


def test_rows_added_to_a_version_in_another_partition_are_foreign(week):
    number = public_version(week, "totals", GAME)
    spoil(week.engine, f"INSERT INTO versions.totals VALUES ('{D3}/XY', 1, 0, NULL, {number})")
    assert found(week) == {("foreign", "totals", f"{D3}/XY")}


def test_a_version_pointed_to_by_hand_with_rows_of_our_own_is_found(week):
    spoil(week.engine, f"INSERT INTO versions.totals VALUES ('{GAME}', 1, 0, NULL, 999)")
    spoil(
        week.engine,
        f"UPDATE boxout.pointers SET version = 999 WHERE part = '{GAME}' AND tbl = 'totals'",
    )
    assert found(week) == {("foreign", "totals", GAME), ("pointer", "totals", GAME)}


POINTERS = {
    "moved": f"UPDATE boxout.pointers SET version = 1 WHERE part = '{GAME}' AND tbl = 'totals'",
    "gone": f"DELETE FROM boxout.pointers WHERE part = '{GAME}' AND tbl = 'totals'",
    "withdrawn": f"UPDATE boxout.pointers SET version = NULL WHERE part = '{GAME}' AND tbl = 'totals'",
    "of a game that is not": f"INSERT INTO boxout.pointers VALUES ('totals', '{D3}/XY', 1, 1, NULL)",
}


@pytest.mark.parametrize("sql", POINTERS.values(), ids=POINTERS)
def test_a_pointer_that_is_not_the_ledgers_is_found_and_set_anew(week, sql):
    before = week.rows("FROM totals ORDER BY ALL")
    spoil(week.engine, sql)
    assert {(kind, table) for kind, table, _ in found(week)} == {("pointer", "totals")}
    mend(week.engine)
    assert found(week) == set()
    assert week.rows("FROM totals ORDER BY ALL") == before
    week.box({GAME: 250})
    week.run(D1, D3)
    assert week.rows(f"SELECT points FROM totals WHERE game = '{GAME}'") == [{"points": 250}]


def test_a_second_pointer_that_shows_rows_twice_is_found_and_goes(week):
    spoil(week.engine, "INSERT INTO boxout.pointers FROM boxout.pointers WHERE tbl = 'totals'")
    assert {kind for kind, _, _ in found(week)} == {"view"}
    mend(week.engine)
    assert found(week) == set()


def test_what_was_public_before_is_readable_after_the_pointers_were_set_anew(week):
    head = week.engine.ledger.head()
    week.box({GAME: 250})
    week.run(D1, D3)
    tables = week.engine.graph.tables
    before = week.engine.warehouse.rows(tables["totals"], head)
    mend(week.engine)
    assert week.engine.warehouse.rows(tables["totals"], head) == before


def test_a_warehouse_that_is_behind_shows_what_was_public_then(week):
    behind = replace(week.engine, warehouse=_deaf(week.engine.warehouse))
    week.engine, ours = behind, week.engine
    week.box({GAME: 250})
    assert found(week) == set()
    week.engine = ours


def _deaf(warehouse):
    class Deaf:
        def __getattr__(self, name):
            return getattr(warehouse, name)

        def project(self, *_, **__):
            return True

    return Deaf()


def test_a_ledger_that_is_older_than_its_warehouse_is_found(week):
    spoil(week.engine, "UPDATE boxout.projected SET publication = 900")
    assert found(week) == {("history", "", "")}


def test_a_ledger_that_was_changed_is_found_by_the_warehouse(week):
    in_ledger(
        week, f"UPDATE pointer SET version = 1 WHERE table_name = 'totals' AND partition = '{GAME}'"
    )
    assert ("pointer", "totals", GAME) in found(week)
    assert ("gone", "totals", GAME) in found(week)


def test_a_record_that_was_changed_is_found_by_the_rows(week):
    number = public_version(week, "totals", GAME)
    in_ledger(
        week, f"UPDATE census SET content = '1' WHERE version = {number} AND partition = '{GAME}'"
    )
    assert found(week) == {("edited", "totals", GAME)}


def test_a_pointer_to_a_version_that_is_not_there_is_found(week):
    number = public_version(week, "totals", GAME)
    in_ledger(week, f"DELETE FROM version WHERE version = {number}")
    assert ("gone", "totals", GAME) in found(week)


def test_a_publication_without_an_evaluated_check_is_found(week):
    number = public_version(week, "totals", GAME)
    in_ledger(week, f"DELETE FROM check_count WHERE version = {number}")
    assert ("unchecked", "totals", GAME) in found(week)
    assert {kind for kind, _, _ in found(week)} == {"unchecked"}


def test_a_publication_past_a_failed_check_that_nobody_forced_is_found(week):
    number = public_version(week, "totals", GAME)
    in_ledger(
        week, f"INSERT INTO finding VALUES ({number}, '{GAME}', 'fewer', 'block', 'failed', '', '')"
    )
    assert found(week) == {("failed", "totals", GAME)}


def test_a_forced_publication_is_told_and_no_fault_even_after_it_was_pointed_back_to(small):
    small.days(D2)
    small.box({GAME: 700})
    small.run(D2, forced="a record game")
    seen = audit(small.engine, D2, D2)
    assert seen.faults == ()
    assert [(one.kind, one.table, one.found) for one in seen.told] == [
        ("forced", "totals", f"publication {small.engine.ledger.head()}: a record game")
    ]


VIEWS = {
    "replaced": "CREATE OR REPLACE VIEW totals AS SELECT * REPLACE (points + 1 AS points) FROM versions.totals",
    "dropped": "DROP VIEW totals",
}


@pytest.mark.parametrize("sql", VIEWS.values(), ids=VIEWS)
def test_a_view_that_is_not_the_declared_one_is_found_and_shown_again(week, sql):
    before = week.rows("FROM totals ORDER BY ALL")
    spoil(week.engine, sql)
    assert found(week) == {("view", "totals", "")}
    mend(week.engine)
    assert found(week) == set()
    assert week.rows("FROM totals ORDER BY ALL") == before


def test_a_table_in_the_place_of_a_view_is_found_and_never_dropped(week):
    spoil(week.engine, "DROP VIEW totals")
    spoil(week.engine, "CREATE TABLE totals AS SELECT 1 AS mine")
    mend(week.engine)
    assert found(week) == {("view", "totals", "")}
    assert week.rows("FROM totals") == [{"mine": 1}]


def test_what_nobody_declared_is_told(week):
    spoil(week.engine, "CREATE TABLE scratch (a INT)")
    spoil(week.engine, "CREATE VIEW best AS FROM totals")
    spoil(week.engine, "CREATE TABLE versions.other (a INT)")
    assert found(week) == set()
    assert told(week) == {
        ("undeclared", name) for name in ("main.scratch", "main.best", "versions.other")
    }


def test_a_table_that_left_the_pipeline_is_told(week):
    pipeline = replace(
        week.engine.pipeline,
        processors=tuple(one for one in week.engine.pipeline.processors if one.name != "form"),
    )
    graph = replace(
        week.engine.graph,
        tables={name: one for name, one in week.engine.graph.tables.items() if name != "form"},
    )
    week.engine = replace(week.engine, pipeline=pipeline, graph=graph)
    assert ("undeclared", "versions.form") in {
        (one.kind, one.table) for one in audit(week.engine, D1, D3).told
    }


def test_every_kind_is_explained(week):
    for sql in (*POINTERS.values(), *VIEWS.values()):
        spoil(week.engine, sql)
    seen = audit(week.engine, D1, D3)
    assert {one.kind for one in (*seen.faults, *seen.told)} <= set(KINDS)


def test_a_warehouse_opened_for_reading_can_be_audited(week):
    spoil(week.engine, f"UPDATE versions.totals SET points = 201 WHERE game = '{GAME}'")
    week.engine.warehouse.close()
    with week.project.rows() as warehouse:
        seen = audit(replace(week.engine, warehouse=warehouse), D1, D3)
        with pytest.raises(duckdb.Error):
            warehouse.query("DELETE FROM versions.totals")
    assert [one.kind for one in seen.faults] == ["edited"]


def test_the_fingerprint_of_the_audit_is_that_of_publication(week):
    graph, _, pipeline = compiled()
    made = compile_all(pipeline, graph.tables, "duckdb")
    for name, table in graph.tables.items():
        for number in range(1, 12):
            one_by_one = week.engine.warehouse.audit(
                made.audits[name].sql, {"audited": (table, number)}
            )
            together = week.engine.warehouse.contents(made.contents[name], table, [number], "", "~")
            assert {(r["partition"], r["rows"], r["content"]) for r in one_by_one} == {
                (r["partition"], r["rows"], r["content"]) for r in together
            }


def test_a_warehouse_that_is_far_behind_catches_up_in_parts(week, monkeypatch):
    public = week.rows("FROM totals ORDER BY ALL")
    seen = []
    project = week.engine.warehouse.project

    def counting(moves, upto, *more, **named):
        seen.append(upto)
        return project(moves, upto, *more, **named)

    week.engine.warehouse.query("DELETE FROM boxout.pointers")
    week.engine.warehouse.query("UPDATE boxout.projected SET publication = 0")
    week.engine.warehouse.query("DELETE FROM boxout.marked")
    monkeypatch.setattr(week.engine.warehouse, "project", counting)
    monkeypatch.setattr("boxout.run.engine.PROJECTED_MAX", 2)
    catch_up(week.engine)
    assert seen == [*range(2, week.engine.ledger.head(), 2), week.engine.ledger.head()]
    assert week.rows("FROM totals ORDER BY ALL") == public
