"""A rule on trial is asked and told, and holds nothing back until its last day has passed."""

from dataclasses import replace

import pytest

from boxout.compiled import compile_all, compiled_once
from boxout.errors import DefinitionError
from boxout.graph import build
from boxout.model import (
    Comparison,
    Severity,
    across,
    at_most,
    complete,
    every_row,
    on_trial,
    processor,
)
from boxout.model.outcomes import Done, WithheldOutcome
from boxout.report import coverage, look, trials, why
from boxout.run.recheck import recheck
from boxout.run.rehearse import rehearse, rules_named
from incidents.small import SMALL, TOTALS, Small

D1, D2 = "2026-02-01", "2026-02-02"
FEW = every_row("at most 250", lambda t: t.points <= 250)
UNTIL = "2026-03-01"
DAY_S = 86400


def tried(check, until=UNTIL):
    return on_trial(check, until=until, because="250 may be too few")


def pipeline_with(*checks, cross=()):
    """The small pipeline, with more checks of its totals, and identities of their group."""
    old = SMALL.processors[0]
    table = replace(TOTALS, checks=(*TOTALS.checks, *checks))
    target = table.group("g") if cross else table
    made = processor(target, **old.inputs)(old.function)
    return replace(SMALL, processors=(made,), cross_checks=cross)


def deploy(small: Small, *checks, cross=()) -> None:
    """The same stores, under code with these checks."""
    pipeline = pipeline_with(*checks, cross=cross)
    graph = build(pipeline)
    made = compile_all(pipeline, graph.tables, "duckdb")
    small.engine = replace(small.engine, pipeline=pipeline, graph=graph, compiled=made)


@pytest.fixture
def two(small):
    """Two dates with a game each, landed: 200 points, and 300."""
    small.days(D1, D2)
    small.box({f"{D1}/AB": 200, f"{D2}/AB": 300})
    return small


def outcomes(small) -> dict[str, type]:
    return {p: type(one) for (_, p), one in small.run(D1, D2).outcomes.items()}


def severities(small) -> set[str]:
    found = small.engine.ledger.findings(range(1, 20), "", "~")
    return {one.severity for one in found if one.check == "at most 250"}


def average(rows):
    return rows.points.mean()


@across("g", totals=TOTALS)
def few_points(totals):
    """One row per game."""
    return Comparison(totals, {"at most 250": totals.points <= 250})


@pytest.mark.parametrize(
    ("checks", "cross"),
    [
        ((FEW,), ()),
        ((at_most(250, "at most 250", average),), ()),
        ((), (few_points,)),
    ],
    ids=["row", "partition", "across"],
)
def test_on_trial_it_is_told_and_holds_nothing_back_and_after_its_last_day_it_counts(
    two, checks, cross
):
    deploy(two, *map(tried, checks), cross=tuple(map(tried, cross)))
    assert set(outcomes(two).values()) == {Done}
    assert severities(two) == {"observe"}
    two.clock.pass_s(40 * DAY_S)
    two.box({f"{D2}/AB": 301})
    assert outcomes(two)[f"{D2}/AB"] is WithheldOutcome
    assert severities(two) == {"observe", "block"}


def test_without_a_trial_the_same_rule_blocks_at_once(two):
    deploy(two, FEW)
    assert outcomes(two) == {f"{D1}/AB": Done, f"{D2}/AB": WithheldOutcome}


def test_a_rule_that_will_warn_never_blocks(two):
    deploy(two, tried(replace(FEW, severity=Severity.WARN), until="2025-12-31"))
    assert set(outcomes(two).values()) == {Done}
    assert severities(two) == {"warn"}


def test_a_rule_on_trial_makes_nothing_stale_and_taking_the_trial_off_does(two):
    before = compile_all(pipeline_with(), build(pipeline_with()).tables, "duckdb")
    deploy(two, tried(FEW))
    assert two.engine.fingerprints == {n: p.fingerprint for n, p in before.processors.items()}
    two.run(D1, D2)
    head = two.engine.ledger.head()
    deploy(two, tried(FEW, until="2026-04-01"), tried(replace(FEW, name="again")))
    two.run(D1, D2)
    assert two.engine.ledger.head() == head
    deploy(two, FEW)
    assert outcomes(two)[f"{D2}/AB"] is WithheldOutcome


def test_what_went_out_during_the_trial_is_found_by_a_look_at_what_is_public(two):
    deploy(two, tried(FEW))
    two.run(D1, D2)
    assert recheck(two.engine, D1, D2) == {}
    two.clock.pass_s(40 * DAY_S)
    assert set(recheck(two.engine, D1, D2)) == {("totals", f"{D2}/AB")}


def test_what_it_found_is_shown_by_why(two):
    deploy(two, tried(FEW))
    two.run(D1, D2)
    engine = two.engine
    seen = look(engine.ledger, engine.pipeline, engine.graph, engine.fingerprints, D2, D2)
    answer = why(seen, "totals", f"{D2}/AB")
    assert (answer.state, answer.not_passed) == ("fresh", ())
    assert [(one.check, one.severity, one.found) for one in answer.observed] == [
        ("at most 250", "observe", "1 of 1 rows fail")
    ]


def told(small) -> str:
    (one,) = trials(small.engine.compiled, small.engine.ledger, {"totals"})
    return str(one)


def fault(small) -> str:
    engine = small.engine
    (totals,) = coverage(engine.pipeline, engine.graph, engine.compiled, engine.ledger, ["totals"])
    (check,) = (one for one in totals.checks if one.name == "at most 250")
    return check.fault


def test_the_end_of_a_trial_is_announced_and_a_trial_that_nobody_ended_is_a_fault(two):
    deploy(two, tried(FEW))
    assert "never evaluated" in told(two)
    two.run(D1, D2)
    assert "did not pass 1 of the 2 partitions" in told(two)
    assert "it counts in 26 days, after 2026-03-01 (block)" in told(two)
    assert fault(two) == ""
    two.clock.pass_s(25 * DAY_S)
    assert "it counts in 1 day," in told(two)
    two.clock.pass_s(DAY_S)
    assert told(two).startswith("FAULT 'at most 250' of totals: its trial ended on 2026-03-01")
    assert "it counts (block)" in fault(two)


def test_trials_of_other_tables_are_not_told(two):
    deploy(two, tried(FEW))
    assert trials(two.engine.compiled, two.engine.ledger, {"form"}) == []


def test_a_trial_is_kept_with_the_compiled_pipeline(tmp_path):
    pipeline = pipeline_with(tried(FEW))
    tables = build(pipeline).tables
    made, kept = (compiled_once(pipeline, tables, "duckdb", tmp_path) for _ in range(2))
    assert made.audits["totals"].checks[-1].trial == (UNTIL, "250 may be too few")
    assert kept.audits == made.audits


def refusal(*checks, cross=()) -> str:
    with pytest.raises(DefinitionError) as error:
        build(pipeline_with(*checks, cross=cross))
    return str(error.value)


def test_a_trial_without_an_end_or_a_reason_is_refused():
    for until in ("soon", "2026-02-30", "", "20260301"):
        assert f"on trial until {until!r}; a date" in refusal(tried(FEW, until))
    assert "without a reason" in refusal(on_trial(FEW, until=UNTIL, because=" "))
    assert "observe for ever" in refusal(replace(FEW, severity=Severity.OBSERVE))
    assert "on trial until 'soon'" in refusal(FEW, cross=(tried(few_points, "soon"),))


def test_a_condition_of_completeness_cannot_be_on_trial():
    condition = complete(tried(at_most(250, "at most 250", average)))
    assert "cannot be on trial" in refusal(condition)


def test_a_table_whose_rules_are_all_on_trial_is_refused():
    table = replace(TOTALS, checks=tuple(map(tried, TOTALS.checks)))
    old = SMALL.processors[0]
    pipeline = replace(SMALL, processors=(processor(table, **old.inputs)(old.function),))
    with pytest.raises(DefinitionError, match="has no check that counts, all are on trial"):
        build(pipeline)


def rehearsed(small, name="at most 250", last=D2):
    (rule,) = rules_named(small.engine, name)
    return rehearse(small.engine, rule, D1, last)


@pytest.mark.parametrize("cross", [(), (few_points,)], ids=["table", "across"])
def test_a_replay_says_what_a_rule_would_have_done_and_writes_nothing(two, cross):
    two.run(D1, D2)
    deploy(two, *(() if cross else (tried(FEW),)), cross=tuple(map(tried, cross)))
    before = two.engine.ledger.last_evaluated("totals", [FEW.name]), two.engine.ledger.head()
    done = rehearsed(two)
    assert (done.severity, done.judged, done.passed, done.failed) == ("block", 2, 1, 1)
    assert (done.rows, done.rows_failed) == (2, 1)
    ((versions, found),) = done.findings
    assert (set(versions), found.partition) == ({"totals"}, f"{D2}/AB")
    now = two.engine.ledger.last_evaluated("totals", [FEW.name]), two.engine.ledger.head()
    assert now == before


def test_a_replay_of_dates_without_anything_public_judged_nothing(two):
    deploy(two, tried(FEW))
    assert rehearsed(two).judged == 0
    two.run(D1, D1)
    assert rehearsed(two).judged == 1
