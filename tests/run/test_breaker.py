from datetime import UTC, datetime, timedelta

import pytest

from boxout.breaker import Breaker
from boxout.errors import StoreUnavailable


class Store:
    def __init__(self) -> None:
        self.is_down = True
        self.asked = 0

    def head(self) -> int:
        self.asked += 1
        if self.is_down:
            raise StoreUnavailable("down")
        return 7


class World:
    def __init__(self) -> None:
        self.now = datetime(2026, 2, 4, 6, tzinfo=UTC)
        self.store = Store()
        self.guarded = Breaker(self.store, lambda: self.now, failures_max=3, rest_s=30)

    def ask(self, times: int) -> None:
        for _ in range(times):
            with pytest.raises(StoreUnavailable):
                self.guarded.head()


@pytest.fixture
def down() -> World:
    return World()


def test_a_store_that_is_down_is_not_asked_for_a_while(down: World) -> None:
    down.ask(10)
    assert down.store.asked == 3


def test_after_the_rest_one_call_decides(down: World) -> None:
    down.ask(4)
    down.now += timedelta(seconds=30)
    down.ask(5)
    assert down.store.asked == 4
    down.now += timedelta(seconds=30)
    down.store.is_down = False
    assert [down.guarded.head() for _ in range(3)] == [7, 7, 7]


def test_failures_between_answers_do_not_add_up(down: World) -> None:
    for _ in range(5):
        down.store.is_down = True
        down.ask(2)
        down.store.is_down = False
        assert down.guarded.head() == 7


def test_other_errors_are_no_sign_of_a_store_that_is_down(down: World) -> None:
    down.store.head = lambda: 1 // 0
    for _ in range(9):
        with pytest.raises(ZeroDivisionError):
            down.guarded.head()


def test_a_clock_that_is_set_back_does_not_prolong_the_rest(down: World) -> None:
    down.ask(3)
    down.store.is_down = False
    down.now -= timedelta(days=1)
    assert down.guarded.head() == 7
