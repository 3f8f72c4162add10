from boxout.model.outcomes import Reason
from boxout.report import Group, grouped

DAY = "2026-02-03"
ONE, TWO, THREE = f"{DAY}/BOS@LAL", f"{DAY}/PHX@POR", "2026-02-04/BOS@PHX"


def test_one_reason_of_many_partitions_is_told_once():
    late = (Reason("gamebook", "has not arrived"),)
    lines = [("totals", one, "waiting", late) for one in (ONE, TWO, THREE)]
    assert grouped(lines) == [
        Group("totals", "waiting", ("gamebook: has not arrived",), (ONE, TWO, THREE))
    ]


def test_numbers_that_differ_stand_as_lowest_and_highest():
    lines = [
        (
            "totals",
            one,
            "waiting",
            (Reason("box", f"team minutes {found}", "at least 240 expected"),),
        )
        for one, found in ((ONE, "120"), (TWO, "48.5"), (THREE, "180"))
    ]
    (group,) = grouped(lines)
    assert group.reasons == ("box: team minutes 48.5..180, at least 240 expected",)


def test_a_reason_that_names_its_partition_is_the_same_for_all():
    lines = [
        ("totals", one, "waiting", (Reason("schedule", f"{one} is live", "final needed"),))
        for one in (ONE, TWO)
    ]
    (group,) = grouped(lines)
    assert group.reasons == ("schedule: it is live, final needed",)


def test_other_reasons_units_and_outcomes_are_other_groups():
    late, lost = (Reason("gamebook", "has not arrived"),), (Reason("gamebook", "was withdrawn"),)
    lines = [
        ("totals", ONE, "waiting", late),
        ("totals", TWO, "waiting", lost),
        ("totals", THREE, "withheld", late),
        ("context", ONE, "waiting", late),
        ("totals", THREE, "waiting", (*late, *lost)),
    ]
    assert [len(group.partitions) for group in grouped(lines)] == [1, 1, 1, 1, 1]


def test_subjects_with_one_and_the_same_reason_are_named_together():
    reasons = (Reason("offense", "nothing is public"), Reason("defense", "nothing is public"))
    (group,) = grouped([("totals", ONE, "run", reasons)])
    assert group.reasons == ("offense, defense: nothing is public",)


def test_no_partition_is_lost_in_grouping():
    lines = [
        ("totals", f"{DAY}/{n}", "waiting", (Reason("a", f"{n % 3}", "9 expected"),))
        for n in range(50)
    ]
    assert sum(len(group.partitions) for group in grouped(lines)) == 50


def test_an_outcome_without_a_reason_is_a_group_too():
    assert grouped([("totals", ONE, "fenced", ())]) == [Group("totals", "fenced", (), (ONE,))]
