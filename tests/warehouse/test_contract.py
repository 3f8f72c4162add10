"""What every warehouse keeps: the rows of versions, and what is read of them."""

from datetime import date, datetime
from threading import Thread

import pytest

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.warehouse import Interrupted, Pinned
from warehouse.kits import (
    ONE,
    PLAYERS,
    THREE,
    TOTALS,
    TWO,
    Kit,
    append,
    audit,
    held,
    in_order,
    keep,
    public,
    row,
)


def test_what_is_appended_is_invisible_until_a_pointer_names_it(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    append(kit, 2, "pinned", (ONE, 1))
    assert public(kit) == []
    kit.warehouse.project([("totals", ONE, 2, 1)], 1)
    assert public(kit) == [(ONE, 10)]


def test_append_reads_exactly_the_pinned_rows(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, "a"), row(ONE, "b"), row(TWO), row(THREE))
    keep(kit, TOTALS, 2, row(ONE, "newer"))
    keep(kit, PLAYERS, 3, row(ONE, "of another table"))
    append(kit, 4, "pinned", (ONE, 1), (THREE, 1))
    assert held(kit, 4) == [row(ONE, "a"), row(ONE, "b"), row(THREE)]


def test_pins_of_several_versions_are_pairs_and_not_every_combination(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, "old"), row(TWO, "kept"))
    keep(kit, TOTALS, 2, row(ONE, "new"), row(TWO, "not public"))
    append(kit, 3, "pinned", (ONE, 2), (TWO, 1))
    assert held(kit, 3) == [row(ONE, "new"), row(TWO, "kept")]


@pytest.mark.parametrize("others", [(), ((TWO, 2),)])
def test_a_pair_that_is_pinned_twice_is_read_once(kit: Kit, others: tuple) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    append(kit, 3, "pinned", (ONE, 1), (ONE, 1), *others)
    assert held(kit, 3) == [row(ONE)]


def test_without_pins_there_are_no_rows(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    append(kit, 2, "pinned")
    assert held(kit, 2) == []


def windowed(kit: Kit, pairs: list, read_by: list) -> list[tuple[str, str, int]]:
    """What a window stands for, as (as_of, name, points) in order: `as_of` is kept as the game."""
    pins = {"pinned": Pinned(TOTALS, pairs, read_by)}
    kit.warehouse.append(TOTALS, 9, kit.text("by reader"), {}, pins)
    return sorted((one["game_id"], one["name"], one["pts"]) for one in held(kit, 9))


def test_a_row_of_a_window_is_there_once_for_every_partition_that_reads_it(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, "a", 1), row(ONE, "b", 2), row(THREE, "c", 3))
    readers = [
        ("2026-02-04", "2026-02-02", "2026-02-03~"),
        ("2026-02-05", "2026-02-03", "2026-02-04~"),
        ("2026-02-06", "2026-02-04", "2026-02-05~"),
        ("2026-02-07", "2026-02-05", "2026-02-06~"),
    ]
    assert windowed(kit, [(ONE, 1), (THREE, 1)], readers) == [
        ("2026-02-04", "a", 1),
        ("2026-02-04", "b", 2),
        ("2026-02-05", "a", 1),
        ("2026-02-05", "b", 2),
        ("2026-02-05", "c", 3),
        ("2026-02-06", "c", 3),
    ]


def test_a_window_reads_the_pinned_versions_only(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, "old"), row(TWO, "kept"))
    keep(kit, TOTALS, 2, row(ONE, "new"), row(TWO, "not public"))
    readers = [("2026-02-04", "2026-02-03", "2026-02-03~")]
    found = windowed(kit, [(ONE, 2), (TWO, 1), (ONE, 2)], [*readers, *readers])
    assert [name for _, name, _ in found] == ["kept", "new"]


@pytest.mark.parametrize(
    ("pairs", "readers"),
    [([], [("2026-02-04", "2026-02-03", "2026-02-03~")]), ([(ONE, 1)], [])],
)
def test_a_window_that_nobody_reads_or_that_holds_nothing_has_no_rows(
    kit: Kit, pairs: list, readers: list
) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    assert windowed(kit, pairs, readers) == []


def test_an_input_is_read_through_its_shape(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, "a"))
    shaped = {"shaped": kit.text("shape")}
    pins = {"pinned": Pinned(TOTALS, [(ONE, 1)])}
    kit.warehouse.append(TOTALS, 2, kit.text("shaped"), shaped, pins)
    assert held(kit, 2) == [row(ONE, "A")]


def test_a_version_holds_the_declared_columns_with_their_types(kit: Kit) -> None:
    nothing = dict.fromkeys(("share", "is_home", "on_date", "at", "pts"))
    keep(kit, TOTALS, 1, row(ONE, "ø, \"x'"), row(TWO, **nothing))
    append(kit, 2, "one column more", (ONE, 1), (TWO, 1))
    first, second = held(kit, 2)
    assert first == row(ONE, "ø, \"x'")
    assert second == row(TWO, **nothing)
    types = [str, str, float, bool, date, datetime, int]
    assert [type(value) for value in first.values()] == types


@pytest.mark.parametrize("query", ["pts as text", "a column less", "breaks"])
def test_a_failing_query_leaves_no_rows(kit: Kit, query: str) -> None:
    keep(kit, TOTALS, 1, row(ONE, "a", 10), row(ONE, "b", 11))
    with pytest.raises(Exception, match=r"pts|a|broken half-way"):
        append(kit, 2, query, (ONE, 1))
    assert held(kit, 2) == []
    append(kit, 3, "pinned", (ONE, 1))
    assert len(held(kit, 3)) == 2


def test_a_version_never_changes(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    with pytest.raises(ValueError, match="version 1 has rows already"):
        append(kit, 1, "pinned", (ONE, 1))
    with pytest.raises(ValueError, match="version 1 has rows already"):
        keep(kit, TOTALS, 1, row(TWO))
    assert held(kit, 1) == [row(ONE)]


def test_an_audit_sees_exactly_one_version(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    keep(kit, TOTALS, 2, row(ONE, "a"), row(ONE, "b"), row(TWO))
    found = audit(kit, 2)
    assert [(one["partition"], one["rows"]) for one in found] == [(ONE, 2), (TWO, 1)]
    assert audit(kit, 9) == []


def test_an_audit_may_see_a_version_of_several_tables(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, pts=30))
    keep(kit, PLAYERS, 1, row(ONE, pts=99))
    keep(kit, PLAYERS, 2, row(ONE, pts=29))
    bound = {"a": (TOTALS, 1), "b": (PLAYERS, 2)}
    assert kit.warehouse.audit(kit.text("both"), bound) == [{"ours": 30, "theirs": 29}]


def test_content_is_a_whole_number_of_64_bits(kit: Kit) -> None:
    keep(kit, TOTALS, 1, *(row(ONE, str(n)) for n in range(20)))
    found = [one["_content"] for one in audit(kit, 1, "contents")]
    assert all(type(one) is int and 0 <= one < 2**64 for one in found)
    assert len(set(found)) == 20


def test_equal_rows_have_equal_content_in_any_order(kit: Kit) -> None:
    rows = [row(ONE, "a"), row(ONE, "b", None), row(TWO)]
    keep(kit, TOTALS, 1, *rows)
    keep(kit, TOTALS, 2, *rows[::-1])
    assert audit(kit, 1) == audit(kit, 2)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "c"},
        {"name": None},
        {"share": 0.250001},
        {"share": None},
        {"is_home": False},
        {"is_home": None},
        {"on_date": date(2026, 2, 4)},
        {"at": datetime.fromisoformat("2026-02-03T23:59:59.123457")},
        {"pts": 11},
        {"pts": None},
    ],
)
def test_one_other_value_makes_another_content(kit: Kit, changed: dict) -> None:
    keep(kit, TOTALS, 1, row(ONE, "a"), row(ONE, "b"))
    keep(kit, TOTALS, 2, row(ONE, "a"), row(ONE, "b") | changed)
    assert audit(kit, 1) != audit(kit, 2)


@pytest.mark.parametrize("column", ["name", "share", "pts"])
def test_two_values_that_change_places_make_another_content(kit: Kit, column: str) -> None:
    one, two = row(ONE, "a", 10, share=0.5), row(ONE, "b", 20, share=0.75)
    keep(kit, TOTALS, 1, one, two)
    keep(kit, TOTALS, 2, one | {column: two[column]}, two | {column: one[column]})
    assert audit(kit, 1) != audit(kit, 2)


def test_content_counts_how_often_a_row_is_there(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, "a"), row(ONE, "b"), row(ONE, "b"))
    keep(kit, TOTALS, 2, row(ONE, "a"), row(ONE, "a"), row(ONE, "b"))
    assert audit(kit, 1) != audit(kit, 2)


def test_a_query_reads_what_is_public(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, pts=10), row(TWO, pts=20), row(THREE, pts=30))
    kit.warehouse.project([("totals", ONE, 1, 1), ("totals", TWO, 1, 1)], 1)
    found = kit.warehouse.query(kit.text("public"), {"least": 15})
    assert found == [{"game_id": TWO, "pts": 20}]


def test_rows_with_a_reason_are_set_aside(kit: Kit) -> None:
    kit.stage([row(TWO, "a"), row(ONE, "b", -1), row(ONE, "c"), row(THREE, "d", -1)])
    assert kit.warehouse.set_aside(TOTALS, "file", kit.text("judged")) == {"below zero": 2}
    aside = kit.warehouse.latest_set_aside(5)
    assert [(one["reason"], one["part"], one["rows"]) for one in aside] == [
        ("below zero", ONE, 1),
        ("below zero", THREE, 1),
    ]
    (first,), (second,) = (one["lines"] for one in aside)
    assert second - first == 2
    assert kit.warehouse.staged_partitions("game_id") == [ONE, TWO]
    kit.warehouse.keep_staged(TOTALS, 1)
    assert held(kit, 1) == in_order([row(ONE, "c"), row(TWO, "a")])


def test_what_is_staged_replaces_what_was(kit: Kit) -> None:
    kit.stage([row(ONE)])
    kit.stage([row(TWO)])
    assert kit.warehouse.set_aside(TOTALS, "file", kit.text("judged")) == {}
    kit.warehouse.keep_staged(TOTALS, 1)
    assert held(kit, 1) == [row(TWO)]


def test_what_is_staged_is_kept_once(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    with pytest.raises(Exception, match=r"staged|rows"):
        kit.warehouse.keep_staged(TOTALS, 2)
    assert held(kit, 2) == []


def test_two_threads_that_land_do_not_see_each_others_rows(kit: Kit) -> None:
    kit.stage([row(ONE)])
    other = Thread(target=lambda: keep(kit, TOTALS, 2, row(TWO)))
    other.start()
    other.join()
    kit.warehouse.keep_staged(TOTALS, 1)
    assert (held(kit, 1), held(kit, 2)) == ([row(ONE)], [row(TWO)])


@pytest.mark.parametrize("query", ["never ends", "audit never ends"])
def test_work_that_never_ends_is_stopped_and_leaves_no_rows(kit: Kit, query: str) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    raised: list[type[BaseException]] = []

    def work() -> None:
        try:
            append(kit, 2, query, (ONE, 1)) if query == "never ends" else audit(kit, 1, query)
        except BaseException as error:  # noqa: BLE001  # the test asks which it was
            raised.append(type(error))

    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(0.3)
    assert (thread.is_alive(), raised) == (True, [])
    assert kit.warehouse.stop(2 if query == "never ends" else 1)
    thread.join(60)
    assert raised == [Interrupted]
    assert held(kit, 2) == []
    append(kit, 3, "pinned", (ONE, 1))
    assert held(kit, 3) == [row(ONE)]


def test_work_that_was_stopped_before_it_began_does_not_begin(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    assert kit.warehouse.stop(2)
    with pytest.raises(Interrupted):
        append(kit, 2, "pinned", (ONE, 1))
    with pytest.raises(Interrupted):
        keep(kit, TOTALS, 2, row(ONE))
    with pytest.raises(Interrupted):
        audit(kit, 2)
    assert held(kit, 2) == []


def test_stopping_a_version_lets_the_others_work(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    assert kit.warehouse.stop(2)
    append(kit, 3, "pinned", (ONE, 1))
    assert len(audit(kit, 3)) == 1


def test_rows_of_versions_that_are_dropped_are_gone(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    keep(kit, TOTALS, 2, row(ONE))
    keep(kit, PLAYERS, 1, row(ONE))
    kit.warehouse.drop(TOTALS, [1, 7], 0)
    kit.warehouse.drop(TOTALS, [1, 7], 0)
    assert (held(kit, 1), held(kit, 2), held(kit, 1, PLAYERS)) == ([], [row(ONE)], [row(ONE)])


@pytest.mark.parametrize("before", [0, 1, 2, 9])
def test_a_version_that_is_public_is_not_dropped(kit: Kit, before: int) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    keep(kit, TOTALS, 2, row(TWO))
    kit.warehouse.project([("totals", ONE, 1, 1), ("totals", TWO, 2, 2)], 2)
    keep(kit, TOTALS, 3, row(THREE))
    with pytest.raises(ValueError, match="public"):
        kit.warehouse.drop(TOTALS, [3, 1], before)
    assert (held(kit, 3), public(kit, 1)) == ([row(THREE)], [(ONE, 10)])


def test_a_version_that_a_kept_snapshot_shows_is_not_dropped(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, pts=1))
    keep(kit, TOTALS, 2, row(ONE, pts=2))
    kit.warehouse.project([("totals", ONE, 1, 1), ("totals", ONE, 2, 4)], 4)
    with pytest.raises(ValueError, match="public"):
        kit.warehouse.drop(TOTALS, [1], 3)
    assert public(kit, 3) == [(ONE, 1)]


def test_history_before_a_dropped_version_ended_is_refused_and_the_rest_is_kept(kit: Kit) -> None:
    for version in (1, 2, 3):
        keep(kit, TOTALS, version, row(ONE, pts=version))
    keep(kit, PLAYERS, 4, row(ONE, pts=4))
    moves = [("totals", ONE, 1, 1), ("players", ONE, 4, 1), ("totals", ONE, 2, 3)]
    kit.warehouse.project([*moves, ("totals", ONE, 3, 5)], 5)
    kit.warehouse.drop(TOTALS, [1], 4)
    with pytest.raises(DefinitionError, match="not kept"):
        kit.warehouse.rows(TOTALS, 2)
    assert [public(kit, at) for at in (3, 4, 5, None)] == [
        [(ONE, 2)],
        [(ONE, 2)],
        [(ONE, 3)],
        [(ONE, 3)],
    ]
    assert public(kit, 2, PLAYERS) == [(ONE, 4)]


def test_the_pointers_to_a_dropped_version_are_forgotten(kit: Kit) -> None:
    for version in (1, 2):
        keep(kit, TOTALS, version, row(ONE, pts=version))
    kit.warehouse.project([("totals", ONE, 1, 1), ("totals", ONE, 2, 2)], 2)
    kit.warehouse.drop(TOTALS, [1], 2)
    kit.warehouse.drop(TOTALS, [1], 0)
    assert public(kit) == [(ONE, 2)]


def test_the_same_version_number_of_another_table_may_be_public(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    keep(kit, PLAYERS, 1, row(ONE))
    kit.warehouse.project([("players", ONE, 1, 1)], 1)
    kit.warehouse.drop(TOTALS, [1], 1)
    assert (held(kit, 1), public(kit, of=PLAYERS)) == ([], [(ONE, 10)])


def test_what_is_not_projected_yet_cannot_be_read(kit: Kit) -> None:
    with pytest.raises(StoreUnavailable, match="publication 1 is not projected"):
        kit.warehouse.rows(TOTALS, 1)


def contents(kit: Kit, versions: list[int] | None, first: str = "", last: str = "~") -> set:
    rows = kit.warehouse.contents(kit.text("held"), TOTALS, versions, first, last)
    return {(one["version"], one["partition"], one["rows"], one["content"]) for one in rows}


def of_audit(kit: Kit, version: int) -> set:
    return {(version, one["partition"], one["rows"], one["content"]) for one in audit(kit, version)}


def test_the_contents_of_many_versions_are_those_of_their_audits(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, "a"), row(ONE, "b"), row(TWO))
    keep(kit, TOTALS, 2, row(ONE, "a"))
    keep(kit, PLAYERS, 3, row(ONE, "of another table"))
    keep(kit, TOTALS, 5, row(THREE))
    every = of_audit(kit, 1) | of_audit(kit, 2) | of_audit(kit, 5)
    assert contents(kit, None) == every
    assert contents(kit, [1, 2, 3, 5]) == every
    assert contents(kit, [1, 5]) == of_audit(kit, 1) | of_audit(kit, 5)
    assert contents(kit, []) == set()


def test_contents_are_those_of_the_range_of_partitions(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE), row(THREE))
    assert {one[1] for one in contents(kit, None, ONE, TWO)} == {ONE}


def test_pointers_are_set_anew_whatever_stood_there(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, pts=1))
    keep(kit, TOTALS, 2, row(ONE, pts=2))
    kit.warehouse.project([("totals", ONE, 2, 1), ("totals", TWO, 1, 1)], 9)
    kit.warehouse.mend([TOTALS, PLAYERS], [("totals", ONE, 1, 1), ("totals", ONE, 2, 2)], 2)
    assert kit.warehouse.cut() == (2, {("totals", ONE): 2})
    assert public(kit) == [(ONE, 2)]
    assert public(kit, at=1) == [(ONE, 1)]


def test_a_table_that_nobody_declared_is_told(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    keep(kit, PLAYERS, 2, row(ONE))
    assert kit.warehouse.strays([TOTALS, PLAYERS]) == []
    assert {one.name for one in kit.warehouse.strays([PLAYERS])} >= {"versions.totals"}


def test_the_columns_of_a_version_come_as_an_arrow_table(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE, None, None, share=None), row(TWO, "b", 3))
    keep(kit, TOTALS, 2, row(THREE))
    names = ("name", "pts", "share", "is_home")
    found = kit.warehouse.version_columns(TOTALS, 1, names)
    assert found.column_names == list(names)
    assert [str(of) for of in found.schema.types] == ["string", "int64", "double", "bool"]
    rows = sorted(found.to_pylist(), key=str)
    assert rows == sorted(
        [
            {"name": None, "pts": None, "share": None, "is_home": True},
            {"name": "b", "pts": 3, "share": 0.25, "is_home": True},
        ],
        key=str,
    )
    assert kit.warehouse.version_columns(TOTALS, 9, names).num_rows == 0


def test_no_column_of_a_stopped_version_is_read(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row())
    kit.warehouse.stop(1)
    with pytest.raises(Interrupted):
        kit.warehouse.version_columns(TOTALS, 1, ("pts",))
