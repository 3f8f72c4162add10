"""What the checks cover: columns through joins and sums, and checks that prove nothing."""

from dataclasses import replace

import pytest

from boxout import ibis
from boxout.compiled import compile_all, unbound
from boxout.errors import DefinitionError
from boxout.graph import build
from boxout.ledger import Finding
from boxout.model import Comparison, across, at_least, count, every_row, processor, text
from boxout.report import coverage
from boxout.report.coverage import base_columns
from boxout.run import run
from incidents.scene import ALL, DAY, OFFENSE, PLAYER
from incidents.small import BOX, GAME, SMALL, TOTALS

D1 = "2026-02-01"


def covering(world, *tables: str):
    engine = world.engine
    return coverage(engine.pipeline, engine.graph, engine.compiled, engine.ledger, tables)


@pytest.fixture
def day(small):
    small.days(D1)
    small.box({f"{D1}/AB": 200})
    small.run(D1)
    return small


def test_a_check_is_shown_with_its_columns_and_when_it_was_last_evaluated(day):
    (totals,) = covering(day, "totals")
    (check,) = (one for one in totals.checks if one.name == "fewer than 500")
    assert (check.columns, check.severity, check.fault) == (("points",), "block", "")
    assert check.last.counts[2:] == (1, 0, 0)
    assert check.last.at == day.engine.ledger.now()


def test_columns_that_no_check_reads_are_named(day):
    (totals,) = covering(day, "totals")
    assert totals.bare == ("threes",)
    assert totals.counted == ("game", "overtimes")


def test_a_check_that_never_ran_is_a_fault(day):
    (shots,) = covering(day, "shots")
    assert {one.fault for one in shots.checks} == {"never evaluated"}
    assert {one.last for one in shots.checks} == {None}


def test_a_check_that_judged_nothing_is_a_fault(day):
    claim = day.engine.ledger.claim("totals", [f"{D1}/AB"], run="r", lease_s=60)
    version = day.engine.ledger.open_version(claim.attempt, "totals", "f", ())
    (check,) = (c for c in day.engine.ledger.counts(3) if c.check == "fewer than 500")
    nothing = check._replace(passed=0, failed=0, unknown=4)
    day.engine.ledger.record_audit(version, [], [nothing], list[Finding]())
    (totals,) = covering(day, "totals")
    faults = {one.name: one.fault for one in totals.checks if one.fault}
    assert faults == {"fewer than 500": "judged nothing: 4 unknown"}


def test_a_check_across_tables_stands_on_the_columns_of_each(night_done):
    offense, player = covering(night_done, OFFENSE, PLAYER)
    for table in (offense, player):
        (check,) = (one for one in table.checks if one.name == "sum of players' blk")
        assert check.columns == ("blk",)
        assert (check.last.counts.passed, check.fault) == (4, "")


@pytest.fixture
def night_done(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    run(world.engine, DAY, DAY, ALL)
    return world


def test_every_check_of_what_is_public_after_a_night_judged_something(night_done):
    names = night_done.engine.ledger.tables()
    assert len(names) == 6
    assert [c for one in covering(night_done, *names) for c in one.checks if c.fault] == []


def test_columns_are_followed_through_joins_sums_names_and_conditions():
    box, totals = unbound(BOX, "box"), unbound(TOTALS, "totals")
    chosen = totals.filter(totals.threes > 3).rename(made="points")
    sums = chosen.group_by("game").aggregate(made=chosen.made.sum())
    joined = box.left_join(sums, "game")
    assert base_columns(joined.made == joined.points) == {
        ("totals", "points"), ("totals", "threes"), ("box", "points")
    }  # fmt: skip
    assert base_columns(totals.filter(totals.overtimes > 0).count()) == {("totals", "overtimes")}
    assert base_columns(totals.count()) == set()
    assert base_columns(totals.points.sum(where=totals.threes > 0)) == {
        ("totals", "points"), ("totals", "threes")
    }  # fmt: skip


def with_totals(*checks, cross=()):
    table = replace(TOTALS, checks=checks)
    old = SMALL.processors[0]
    made = processor(table.group("g"), **old.inputs)(old.function)
    pipeline = replace(SMALL, processors=(made,), cross_checks=cross)
    return compile_all(pipeline, build(pipeline).tables, "duckdb")


def test_a_check_that_names_no_column_of_its_table_is_refused_with_the_likely_slip():
    checks = (
        every_row("few", lambda t: t.point < 500),
        at_least(1, "some", lambda t: t["thress"].sum()),
    )
    with pytest.raises(DefinitionError) as error:
        with_totals(*checks)
    told = str(error.value)
    assert (
        "totals: check 'few' names a column that is not declared, point. Did you mean points?"
        in told
    )
    assert "check 'some' names a column that is not declared, thress. Did you mean threes?" in told


def test_a_check_across_tables_that_names_no_column_is_refused():
    @across("g", totals=TOTALS)
    def compared(totals):
        return Comparison(totals, {"few": totals.nothing < 1})

    with pytest.raises(DefinitionError, match=r"compared of group 'g' names a column .* nothing"):
        with_totals(every_row("few", lambda t: t.points < 500), cross=(compared,))


def test_a_check_across_tables_that_compares_nothing_is_refused():
    @across("g", totals=TOTALS)
    def compared(totals):
        return Comparison(totals, {})

    with pytest.raises(DefinitionError, match="compares nothing"):
        with_totals(every_row("few", lambda t: t.points < 500), cross=(compared,))


def test_a_predicate_that_no_row_can_fail_is_refused():
    for predicate in (lambda t: ibis.literal(True), lambda t: t.points.sum() > 0):
        with pytest.raises(DefinitionError, match="one answer for all rows"):
            with_totals(every_row("always", predicate))


def rejecting(**reasons):
    readers = tuple(replace(one, rejects=reasons) for one in SMALL.readers if one.table == BOX)
    return replace(SMALL, readers=readers)


def test_a_reason_to_set_rows_aside_that_names_no_column_is_refused_before_any_file_is():
    pipeline = rejecting(few=lambda t: t.point < 1, always=lambda t: ibis.literal(True))
    with pytest.raises(DefinitionError) as error:
        compile_all(pipeline, build(pipeline).tables, "duckdb")
    told = str(error.value)
    assert "reader box: reason 'few' names a column that is not declared, point. Did you" in told
    assert "reader box: reason 'always' has one answer for all rows" in told


def test_a_column_that_is_to_be_shown_and_is_not_declared_is_refused():
    with pytest.raises(
        DefinitionError, match=r"shows poins, which is not declared\. Did you mean points"
    ):
        with_totals(every_row("few", lambda t: t.points < 500, shown=("poins",)))


def test_a_table_whose_columns_may_all_be_null_compiles_and_has_its_other_checks():
    table = replace(
        TOTALS,
        columns=(text("game", "its key", null="none"), count("points", "both", null="none")),
        checks=(every_row("few", lambda t: t.points < 500),),
    )

    @processor(table, box=BOX)
    def sums(box):
        return box.select("game", "points")

    pipeline = replace(SMALL, processors=(sums,))
    made = compile_all(pipeline, build(pipeline).tables, "duckdb")
    assert [one.name for one in made.audits["totals"].checks] == ["duplicate keys", "few"]
    assert table.scheme == GAME
