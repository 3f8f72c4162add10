"""The inbox in the ledger's file."""

import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from boxout.ledger import inbox_sql as sql
from boxout.ledger import story_sql
from boxout.ledger.messages import KeptAnswer, Message, Ran, Received, Story
from boxout.ledger.port import Clock, stamp
from boxout.ledger.store import Base, listed

if TYPE_CHECKING:
    from sqlalchemy import Connection

NEWEST = 2**62


class SqliteInbox:
    """Messages in the file that the ledger is in; threads and processes may share it."""

    def __init__(self, store: Base, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def receive(self, messages: Sequence[Message]) -> list[Received]:
        with self._store.writing() as c:
            now = stamp(self._clock)
            if messages:
                c.exec_driver_sql(sql.RECEIVE, [(*one, now) for one in messages])
            asked = json.dumps([one.message for one in messages])
            known = {one.asked.message: one for one in _received(c, sql.RECEIVED, (asked,))}
        return [known[one.message] for one in messages]

    def waiting(self, limit: int) -> list[Received]:
        with self._store.reading() as c:
            return _received(c, sql.OPEN, (limit,))

    def take(self, numbers: Collection[int]) -> None:
        with self._store.writing(is_resting=True) as c:
            c.exec_driver_sql(sql.TAKE, (stamp(self._clock), listed(numbers)))

    def give_back(self, numbers: Collection[int] | None = None) -> None:
        with self._store.writing() as c:
            c.exec_driver_sql(sql.GIVE_BACK, (None if numbers is None else listed(numbers),))

    def reject(self, numbers: Collection[int], reason: str) -> None:
        with self._store.writing() as c:
            c.exec_driver_sql(sql.REJECT, (listed(numbers), reason))

    def answer(self, numbers: Collection[int], run: str) -> None:
        with self._store.writing() as c:
            c.exec_driver_sql(sql.ANSWER, (stamp(self._clock), run, listed(numbers)))

    def message(self, number: int) -> Received | None:
        with self._store.reading() as c:
            return next(iter(_received(c, sql.MESSAGE, (number,))), None)

    def promised(self, run: str) -> Received | None:
        with self._store.reading() as c:
            return next(iter(_received(c, sql.PROMISED, (run,))), None)

    def messages(
        self, limit: int, *, before: int | None = None, is_rejected: bool | None = None
    ) -> list[Received]:
        asked = (NEWEST if before is None else before, is_rejected, limit)
        with self._store.reading() as c:
            return _received(c, sql.MESSAGES, asked)

    def see(self, numbers: Collection[int]) -> None:
        with self._store.writing() as c:
            c.exec_driver_sql(sql.SEE, (stamp(self._clock), listed(numbers)))

    def prune(self, older_than: str) -> int:
        with self._store.writing() as c:
            c.exec_driver_sql(sql.PRUNE_ANSWERS, (older_than,))
            return int(c.exec_driver_sql(sql.PRUNE, (older_than,)).rowcount)

    def begin_answer(self, key: str, asked: str) -> KeptAnswer | None:
        with self._store.writing() as c:
            found = c.exec_driver_sql(sql.KEPT_ANSWER, (key,)).fetchone()
            if found is None:
                c.exec_driver_sql(sql.BEGIN_ANSWER, (key, asked, stamp(self._clock)))
        return None if found is None else KeptAnswer(*found)

    def keep_answer(self, key: str, status: int, body: str) -> None:
        with self._store.writing() as c:
            c.exec_driver_sql(sql.KEEP_ANSWER, (status, body, key))

    def forget_answer(self, key: str) -> None:
        with self._store.writing() as c:
            c.exec_driver_sql(sql.FORGET_ANSWER, (key,))

    def runs(self, limit: int, *, before: str | None = None) -> list[Ran]:
        with self._store.reading() as c:
            return [Ran(*row) for row in c.exec_driver_sql(sql.RUNS, (before, limit))]

    def ran(self, run: str) -> Ran | None:
        with self._store.reading() as c:
            found = c.exec_driver_sql(sql.ONE_RUN, (run,)).fetchone()
        return None if found is None else Ran(*found)

    def story(self, limit: int, *, run: str | None = None) -> Story:
        with self._store.reading() as c:
            return story_sql.story(c, limit, run)


def _received(c: "Connection", text: str, values: tuple[Any, ...]) -> list[Received]:
    rows = [tuple(row) for row in c.exec_driver_sql(text, values)]
    return [Received(Message(*row[:10]), *row[10:]) for row in rows]
