"""Rows that were set aside are kept once, read again, and taken in with those of their landing."""

from warehouse.kits import ONE, TOTALS, TWO, Kit, held, in_order, keep, row

GOOD, BAD = row(ONE, "a"), row(ONE, "b", -1)


def land(kit: Kit, version: int, *rows, file: str = "f.csv", at: str = "t1") -> dict[str, int]:
    kit.stage(list(rows))
    judged = kit.text("judged")
    rejected = kit.warehouse.set_aside(TOTALS, file, judged, reader="r", at=at)
    kit.warehouse.keep_staged(TOTALS, version)
    return rejected


def waiting(kit: Kit) -> list[tuple]:
    asked = ("file", "reason", "part", "reader", "since", "version", "publication", "superseded")
    return [tuple(one[name] for name in asked) for one in kit.warehouse.quarantine()]


def lines(kit: Kit) -> list[int]:
    return [one["line"] for one in kit.warehouse.quarantine()]


def again(kit: Kit, version: int) -> None:
    """What the landing set aside, staged as it was."""
    columns = kit.warehouse.columns_set_aside(TOTALS, version)
    kit.warehouse.stage_again(TOTALS, version, columns, kit.again())


def test_nothing_is_in_quarantine_at_first(kit: Kit) -> None:
    assert kit.warehouse.quarantine() == []
    assert kit.warehouse.columns_set_aside(TOTALS, 1) == []


def test_a_row_that_was_set_aside_belongs_to_the_version_of_its_file(kit: Kit) -> None:
    assert land(kit, 7, GOOD, BAD) == {"below zero": 1}
    assert waiting(kit) == [("f.csv", "below zero", ONE, "r", "t1", 7, None, None)]
    (kept,) = kit.warehouse.quarantine()
    assert '"b"' in kept["original"]


def test_the_same_row_is_there_once_and_belongs_to_the_later_landing(kit: Kit) -> None:
    land(kit, 1, GOOD, BAD)
    kit.warehouse.take_in(TOTALS, 1, lines(kit), 5)
    land(kit, 2, GOOD, BAD, at="t2")
    assert waiting(kit) == [("f.csv", "below zero", ONE, "r", "t1", 2, None, None)]


def test_the_same_row_of_another_file_is_another_row(kit: Kit) -> None:
    land(kit, 1, GOOD, BAD)
    land(kit, 2, GOOD, BAD, file="g.csv")
    assert [one[0] for one in waiting(kit)] == ["f.csv", "g.csv"]


def test_a_file_without_bad_rows_claims_none_of_another(kit: Kit) -> None:
    kit.stage([GOOD, BAD])
    kit.warehouse.set_aside(TOTALS, "f.csv", kit.text("judged"))
    kit.stage([row(TWO)])
    kit.warehouse.keep_staged(TOTALS, 2)
    assert [one[5] for one in waiting(kit)] == [None]


def test_rows_are_staged_again_beside_those_that_were_kept(kit: Kit) -> None:
    land(kit, 1, GOOD, BAD)
    again(kit, 1)
    assert kit.warehouse.staged_lines("game_id") == {ONE: lines(kit)}
    kit.warehouse.stage_kept(TOTALS, [(ONE, 1)])
    assert kit.warehouse.staged_lines("game_id") == {ONE: lines(kit)}
    kit.warehouse.keep_staged(TOTALS, 2)
    assert held(kit, 2) == in_order([GOOD, BAD])


def test_rows_that_were_kept_are_not_set_aside_when_they_are_staged_again(kit: Kit) -> None:
    keep(kit, TOTALS, 1, BAD)
    land(kit, 2, GOOD, row(ONE, "c", -2))
    again(kit, 2)
    kit.warehouse.stage_kept(TOTALS, [(ONE, 1)])
    judged = kit.text("judged")
    assert kit.warehouse.set_aside(TOTALS, "f.csv", judged, reader="r", version=2) == {
        "below zero": 1
    }
    kit.warehouse.keep_staged(TOTALS, 3)
    assert held(kit, 3) == [BAD]
    assert waiting(kit) == [("f.csv", "below zero", ONE, "r", "t1", 2, None, None)]


def test_partitions_that_may_not_go_are_taken_out_of_what_is_staged(kit: Kit) -> None:
    land(kit, 1, BAD, row(TWO, "c", -2))
    again(kit, 1)
    kit.warehouse.unstage("game_id", [ONE])
    assert kit.warehouse.staged_partitions("game_id") == [TWO]


def test_a_row_that_was_taken_in_says_by_which_publication(kit: Kit) -> None:
    land(kit, 1, BAD, row(TWO, "c", -2))
    first, second = lines(kit)
    kit.warehouse.take_in(TOTALS, 1, [first], 9)
    kit.warehouse.leave(TOTALS, 1, [first, second], 4)
    assert [one[6:] for one in waiting(kit)] == [(9, None), (None, 4)]


def test_a_later_arrival_takes_the_place_of_what_waits_in_its_partitions(kit: Kit) -> None:
    land(kit, 1, BAD, row(TWO, "c", -2))
    land(kit, 3, row(ONE, "d", -1), file="g.csv")
    kit.warehouse.supersede(TOTALS, [ONE], 3)
    assert [one[5:] for one in waiting(kit)] == [
        (1, None, 3),
        (1, None, None),
        (3, None, None),
    ]
