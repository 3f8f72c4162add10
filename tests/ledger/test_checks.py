"""What a ledger says of checks long after: what was never judged, what failed, what was asked last."""

from boxout.ledger import Census, CheckCount, Evaluated, Ledger
from ledger.acts import ONE, PASSED, TWO, Time, claim, finding, public, rollback, write


def unchecked(ledger: Ledger) -> list[tuple[str, str]]:
    return [(one.partition, check) for one, check in ledger.unchecked("", "~")]


def test_what_was_checked_and_what_nobody_published_is_not_named(ledger: Ledger) -> None:
    public(ledger, ONE, TWO, table="box")
    write(ledger, claim(ledger, ONE), ONE, counts=(), findings=[finding(ONE, "block")])
    assert unchecked(ledger) == []


def test_what_failed_afterwards_is_named_with_its_check_and_its_partition_only(
    ledger: Ledger,
) -> None:
    public(ledger, ONE, TWO, table="box")
    ledger.record_audit(1, [], [], [finding(ONE, "block"), finding(TWO, "warn")])
    assert unchecked(ledger) == [(ONE, "minutes")]
    assert ledger.unchecked(TWO, TWO) == []


def test_more_rows_than_any_check_judged_are_named(ledger: Ledger) -> None:
    one = PASSED._replace(passed=1)
    attempt = claim(ledger, ONE, unit="box")
    version = write(ledger, attempt, ONE, table="box", counts=[one])
    ledger.publish(attempt, [version])
    ledger.record_audit(version, [Census(TWO, 1, "late")], [], [])
    assert unchecked(ledger) == [(ONE, "")]


def test_what_a_person_forced_is_not_named_also_when_it_is_pointed_back_to(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE, unit="box")
    version = write(ledger, attempt, ONE, table="box", findings=[finding(ONE, "block")])
    ledger.publish(attempt, [version], forced="seen on film")
    assert unchecked(ledger) == []
    ledger.release(attempt)
    public(ledger, ONE, table="box", content="y")
    ledger.turn_back(rollback(("box", ONE, version)), run="r", at=2)
    assert unchecked(ledger) == []


def test_the_last_answer_of_each_check_comes_with_its_version_and_moment(
    ledger: Ledger, time: Time
) -> None:
    other = CheckCount("points", "warn", 1, 0, 0)
    attempt = claim(ledger, ONE, unit="box")
    write(ledger, attempt, ONE, table="box", counts=[PASSED, other])
    first = ledger.now()
    time.pass_s(60)
    later = PASSED._replace(passed=0, unknown=1)
    write(ledger, attempt, ONE, table="box", counts=[later])
    write(ledger, attempt, ONE, table="elsewhere", counts=[other._replace(passed=7)])
    asked = [PASSED.check, "points", "never"]
    assert set(ledger.last_evaluated("box", asked)) == {
        Evaluated(other, 1, first), Evaluated(later, 2, ledger.now())
    }  # fmt: skip
    assert ledger.last_evaluated("box", ["points"]) == [Evaluated(other, 1, first)]
    assert ledger.last_evaluated("nothing", asked) == []


def test_the_censuses_of_many_versions_are_those_of_each(ledger: Ledger) -> None:
    public(ledger, ONE, TWO, table="box")
    public(ledger, ONE, table="box", content="y")
    found = ledger.censuses([1, 2, 9], "", "~")
    assert found == {
        (version, one.partition): one
        for version in (1, 2)
        for one in ledger.census(version, "", "~")
    }
    assert set(ledger.censuses([1], TWO, TWO)) == {(1, TWO)}


def test_what_only_rules_on_trial_judged_is_not_published(ledger: Ledger) -> None:
    tried = PASSED._replace(severity="observe")
    attempt = claim(ledger, ONE, unit="box")
    version = write(ledger, attempt, ONE, table="box", counts=[tried])
    assert ledger.publish(attempt, [version]).withheld == (ONE,)
    ledger.record_audit(version, [], [PASSED._replace(check="points")], [])
    assert ledger.publish(attempt, [version]).published == (ONE,)


def test_what_a_rule_on_trial_found_holds_nothing_back(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE, unit="box")
    version = write(ledger, attempt, ONE, table="box", findings=[finding(ONE, "observe")])
    assert ledger.publish(attempt, [version]).published == (ONE,)
    assert unchecked(ledger) == []
    assert [one.severity for one in ledger.findings([version], ONE, ONE)] == ["observe"]


def test_what_is_public_and_only_rules_on_trial_judged_is_named(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE, unit="box")
    version = write(ledger, attempt, ONE, table="box")
    ledger.publish(attempt, [version])
    tried = PASSED._replace(severity="observe", passed=9)
    ledger.record_audit(
        version, [Census(f"{ONE[:10]}/{n}", 1, "x") for n in "abcdefghij"], [tried], []
    )
    assert [partition for partition, _ in unchecked(ledger)] == [ONE]
