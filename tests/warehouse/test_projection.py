"""What every warehouse shows: pointers that move forward, all of a publication at once."""

import sys
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import pytest

from boxout.warehouse import Standing
from warehouse.kits import ONE, PLAYERS, THREE, TOTALS, TWO, Kit, keep, public, row

STORY = [
    [("totals", ONE, 1, 1), ("totals", TWO, 1, 1), ("players", ONE, 2, 1)],
    [("totals", ONE, 3, 2), ("players", ONE, 4, 2)],
    [("totals", TWO, None, 3)],
    [("totals", TWO, 3, 4), ("totals", ONE, None, 4), ("players", TWO, 4, 4)],
    [("totals", ONE, 1, 5)],
]
"""Five publications: corrections, withdrawals and what comes after them."""


def told(kit: Kit) -> None:
    for version, of in ((1, TOTALS), (2, PLAYERS), (3, TOTALS), (4, PLAYERS)):
        keep(kit, of, version, *(row(game, pts=version) for game in (ONE, TWO, THREE)))


def history(kit: Kit) -> list[Any]:
    states = [(public(kit, n), public(kit, n, PLAYERS)) for n in range(len(STORY) + 1)]
    return [*states, (public(kit), public(kit, of=PLAYERS)), kit.warehouse.cut()]


WHAT_WAS_PUBLIC = [
    ([], []),
    ([(ONE, 1), (TWO, 1)], [(ONE, 2)]),
    ([(ONE, 3), (TWO, 1)], [(ONE, 4)]),
    ([(ONE, 3)], [(ONE, 4)]),
    ([(TWO, 3)], [(ONE, 4), (TWO, 4)]),
    ([(ONE, 1), (TWO, 3)], [(ONE, 4), (TWO, 4)]),
    ([(ONE, 1), (TWO, 3)], [(ONE, 4), (TWO, 4)]),
    (5, {("totals", ONE): 1, ("totals", TWO): 3, ("players", ONE): 4, ("players", TWO): 4}),
]


def test_nothing_is_public_at_first(kit: Kit) -> None:
    assert (kit.warehouse.projected(), kit.warehouse.cut()) == (0, (0, {}))


def test_every_publication_can_be_read_again(kit: Kit) -> None:
    told(kit)
    for number, moves in enumerate(STORY, 1):
        kit.warehouse.project(moves, number)
        assert kit.warehouse.projected() == number
    assert history(kit) == WHAT_WAS_PUBLIC


def test_a_jump_over_publications_ends_as_one_by_one(kit: Kit) -> None:
    told(kit)
    kit.warehouse.project(STORY[0], 1)
    kit.warehouse.project([move for moves in STORY[1:] for move in moves], 5)
    assert history(kit) == WHAT_WAS_PUBLIC


def test_projecting_twice_is_harmless(kit: Kit) -> None:
    told(kit)
    for number, moves in enumerate(STORY, 1):
        kit.warehouse.project(moves, number)
        kit.warehouse.project(moves, number)
    assert history(kit) == WHAT_WAS_PUBLIC


def test_pointers_never_move_back(kit: Kit) -> None:
    told(kit)
    kit.warehouse.project([move for moves in STORY for move in moves], 5)
    kit.warehouse.project(STORY[0], 1)
    kit.warehouse.project([], 0)
    assert history(kit) == WHAT_WAS_PUBLIC


def test_two_that_catch_up_from_the_same_place_end_as_one(kit: Kit) -> None:
    told(kit)
    kit.warehouse.project(STORY[0], 1)
    behind, further = STORY[1] + STORY[2], STORY[1] + STORY[2] + STORY[3] + STORY[4]
    kit.warehouse.project(behind, 3)
    kit.warehouse.project(further, 5)
    assert history(kit) == WHAT_WAS_PUBLIC


def test_a_move_beyond_the_publication_moves_nothing_at_all(kit: Kit) -> None:
    told(kit)
    kit.warehouse.project(STORY[0], 1)
    with pytest.raises(ValueError, match="later than publication 2"):
        kit.warehouse.project([*STORY[1], *STORY[2]], 2)
    assert kit.warehouse.projected() == 1
    assert (public(kit), public(kit, of=PLAYERS)) == WHAT_WAS_PUBLIC[1]
    kit.warehouse.project([move for moves in STORY[1:] for move in moves], 5)
    assert history(kit) == WHAT_WAS_PUBLIC


def test_a_publication_that_moves_nothing_here_is_followed(kit: Kit) -> None:
    told(kit)
    kit.warehouse.project(STORY[0], 1)
    kit.warehouse.project([], 2)
    assert (kit.warehouse.projected(), public(kit, 2)) == (2, WHAT_WAS_PUBLIC[1][0])


def test_a_withdrawn_pointer_shows_no_rows_and_is_told(kit: Kit) -> None:
    told(kit)
    kit.warehouse.project([*STORY[0], ("totals", ONE, None, 2), ("totals", TWO, None, 2)], 2)
    assert public(kit) == []
    assert kit.warehouse.cut()[1]["totals", ONE] is None


ROUNDS = 40


class Reading:
    """Looks, as often as it can, at what is public; each look as (publication, what it showed)."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self.seen: list[tuple[int, list[int]]] = []
        self.faults: list[BaseException] = []
        self.is_over = Event()

    def __call__(self) -> None:
        try:
            while not self.is_over.is_set():
                self.look()
        except BaseException as error:  # noqa: BLE001  # it would be lost with the thread
            self.faults.append(error)

    def look(self) -> None:
        number, pointers = self.kit.warehouse.cut()
        versions = [version // 2 for version in pointers.values() if version]
        of_both = [one for of in (TOTALS, PLAYERS) for one in _points(self.kit, of, number)]
        now = _points(self.kit, TOTALS, None)
        joined = [one["pts"] for one in self.kit.warehouse.query(self.kit.text("points of both"))]
        self.seen += [(number, versions), (number, of_both)]
        self.seen += [(of[0] if of else 0, of) for of in (now, joined)]


@pytest.fixture
def _often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_often")
def test_a_reader_sees_some_publication_and_never_a_mixture(kit: Kit) -> None:
    for number in range(1, ROUNDS + 1):
        keep(kit, TOTALS, 2 * number, row(ONE, pts=number), row(TWO, pts=number))
        keep(kit, PLAYERS, 2 * number + 1, row(ONE, pts=number), row(TWO, pts=number))
    reading = Reading(kit)
    readers = [Thread(target=reading) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, ROUNDS + 1):
        looks = len(reading.seen)
        kit.warehouse.project(_moves(number), number)
        while len(reading.seen) == looks and not reading.faults:
            reading.is_over.wait(0.001)
    reading.is_over.set()
    for reader in readers:
        reader.join()
    assert reading.faults == []
    assert [(n, of) for n, of in reading.seen if of not in ([n] * 4, [n] * 2, [])] == []
    assert len({n for n, of in reading.seen if of}) > ROUNDS / 2


def _points(kit: Kit, of: Any, at: int | None) -> list[int]:
    return [one["pts"] for one in kit.warehouse.rows(of, at)]


def _moves(number: int) -> list[tuple[str, str, int | None, int]]:
    return [
        *(("totals", game, 2 * number, number) for game in (ONE, TWO)),
        *(("players", game, 2 * number + 1, number) for game in (ONE, TWO)),
    ]


def test_two_that_project_at_the_same_time_both_succeed(kit: Kit) -> None:
    keep(kit, TOTALS, 1, row(ONE))
    faults = list[BaseException]()

    def catch_up() -> None:
        try:
            for number in range(1, 40):
                moves = [("totals", ONE, 1, n) for n in range(1, number + 1)]
                kit.warehouse.project(moves, number)
        except BaseException as error:  # noqa: BLE001  # it would be lost with the thread
            faults.append(error)

    both = [Thread(target=catch_up) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert faults == []
    assert [len(kit.warehouse.rows(TOTALS, at)) for at in range(40)] == [0, *[1] * 39]


def test_the_views_say_by_which_mark_their_publication_is_known(kit: Kit) -> None:
    assert kit.warehouse.standing() == (0, 0)
    assert kit.warehouse.project(STORY[0], 1, 77)
    assert kit.warehouse.standing() == (1, 77)
    kit.warehouse.project(STORY[1], 2)
    assert kit.warehouse.standing() == (2, 0)
    kit.warehouse.project([], 2, 88)
    assert kit.warehouse.standing() == (2, 88)


def test_nothing_is_moved_from_where_the_views_do_not_stand(kit: Kit) -> None:
    told(kit)
    kit.warehouse.project(STORY[0], 1, 77)
    ours, theirs = Standing(1, 77), Standing(1, 78)
    assert not kit.warehouse.project(STORY[1], 2, 5, after=theirs)
    assert not kit.warehouse.project(STORY[1], 2, 5, after=Standing(0, 0))
    assert kit.warehouse.standing() == ours
    assert (public(kit), public(kit, of=PLAYERS)) == WHAT_WAS_PUBLIC[1]
    assert kit.warehouse.project(STORY[1], 2, 5, after=ours)
    assert kit.warehouse.standing() == (2, 5)
    assert (public(kit), public(kit, of=PLAYERS)) == WHAT_WAS_PUBLIC[2]


def test_the_newest_version_is_that_of_any_row_public_or_not(kit: Kit) -> None:
    assert kit.warehouse.newest_version() == 0
    told(kit)
    assert kit.warehouse.newest_version() == 4
