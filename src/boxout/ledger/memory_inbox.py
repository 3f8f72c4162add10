"""The inbox over plain dictionaries."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from threading import RLock

from boxout.ledger.memory_publishing import Kept
from boxout.ledger.memory_story import story
from boxout.ledger.messages import KeptAnswer, Message, Ran, Received, Story
from boxout.ledger.port import Clock, stamp
from boxout.ledger.records import Event


@dataclass(slots=True)
class MemoryInbox:
    """Forgets everything with the process; `begun`, `past` and `told` are the ledger's own."""

    clock: Clock
    lock: RLock
    begun: dict[str, tuple[str, str, str | None, str | None]]
    past: Kept
    told: list[Event]
    kept: dict[int, Received] = field(default_factory=dict)
    answers: dict[str, tuple[KeptAnswer, str]] = field(default_factory=dict)
    last: int = 0

    def receive(self, messages: Sequence[Message]) -> list[Received]:
        with self.lock:
            return [self._whole(self._received(one)) for one in messages]

    def _received(self, asked: Message) -> int:
        known = next((n for n, one in self.kept.items() if one.asked.message == asked.message), 0)
        if known:
            found = self.kept[known]
            self.kept[known] = found._replace(deliveries=found.deliveries + 1)
            return known
        same = (one.number for one in self._open() if one.asked.meaning == asked.meaning)
        same_as = None if asked.rejected else next(same, None)
        self.last += 1
        self.kept[self.last] = Received(asked, self.last, stamp(self.clock), 1, same_as)
        return self.last

    def _open(self) -> Iterator[Received]:
        for one in self.kept.values():
            if one.state == "waiting" and one.same_as is None:
                yield one

    def _whole(self, number: int) -> Received:
        """With what became of the one that answers it."""
        one = self.kept[number]
        of = None if one.same_as is None else self.kept.get(one.same_as)
        if of is None:
            return one
        return one._replace(taken_at=of.taken_at, answered_at=of.answered_at, run=of.run)

    def waiting(self, limit: int) -> list[Received]:
        with self.lock:
            return list(self._open())[:limit]

    def take(self, numbers: Collection[int]) -> None:
        with self.lock:
            self._change(numbers, taken_at=stamp(self.clock))

    def give_back(self, numbers: Collection[int] | None = None) -> None:
        with self.lock:
            begun = [n for n, one in self.kept.items() if not one.answered_at]
            mine = begun if numbers is None else [n for n in begun if n in set(numbers)]
            self._change(mine, taken_at=None)

    def reject(self, numbers: Collection[int], reason: str) -> None:
        with self.lock:
            asked = set(numbers)
            for number, one in self.kept.items():
                if not one.answered_at and (one.same_as or number) in asked:
                    self.kept[number] = one._replace(asked=one.asked._replace(rejected=reason))

    def answer(self, numbers: Collection[int], run: str) -> None:
        with self.lock:
            self._change(numbers, answered_at=stamp(self.clock), run=run)

    def _change(self, numbers: Collection[int], **changed: str | None) -> None:
        for number in set(numbers) & self.kept.keys():
            self.kept[number] = self.kept[number]._replace(**changed)

    def message(self, number: int) -> Received | None:
        with self.lock:
            return self._whole(number) if number in self.kept else None

    def promised(self, run: str) -> Received | None:
        with self.lock:
            found = (n for n, one in self.kept.items() if run and one.asked.promised == run)
            number = next(found, None)
            return None if number is None else self._whole(number)

    def messages(
        self, limit: int, *, before: int | None = None, is_rejected: bool | None = None
    ) -> list[Received]:
        with self.lock:
            found = [
                self._whole(number)
                for number, one in sorted(self.kept.items(), reverse=True)
                if (before is None or number < before)
                and is_rejected in {None, bool(one.asked.rejected)}
            ]
        return found[:limit]

    def see(self, numbers: Collection[int]) -> None:
        with self.lock:
            rejected = [n for n in set(numbers) & self.kept.keys() if self.kept[n].asked.rejected]
            unseen = [n for n in rejected if self.kept[n].seen_at is None]
            self._change(unseen, seen_at=stamp(self.clock))

    def prune(self, older_than: str) -> int:
        with self.lock:
            named = {one.same_as for one in self.kept.values() if one.received_at >= older_than}
            gone = [
                number
                for number, one in self.kept.items()
                if one.received_at < older_than
                and number not in named
                and (one.seen_at if one.asked.rejected else self._whole(number).answered_at)
            ]
            for number in gone:
                del self.kept[number]
            self.answers = {k: one for k, one in self.answers.items() if one[1] >= older_than}
        return len(gone)

    def begin_answer(self, key: str, asked: str) -> KeptAnswer | None:
        with self.lock:
            if key in self.answers:
                return self.answers[key][0]
            self.answers[key] = (KeptAnswer(asked, None, ""), stamp(self.clock))
        return None

    def keep_answer(self, key: str, status: int, body: str) -> None:
        with self.lock:
            if key in self.answers:
                known, at = self.answers[key]
                self.answers[key] = (KeptAnswer(known.asked, status, body), at)

    def forget_answer(self, key: str) -> None:
        with self.lock:
            if key in self.answers and self.answers[key][0].status is None:
                del self.answers[key]

    def runs(self, limit: int, *, before: str | None = None) -> list[Ran]:
        with self.lock:
            ran = [Ran(run, *of) for run, of in self.begun.items()]
        ran.sort(key=lambda one: (one.began_at, one.run), reverse=True)
        known = next((one for one in ran if one.run == before), None)
        if before is not None:
            key = (known.began_at, known.run) if known else ("", "")
            ran = [one for one in ran if (one.began_at, one.run) < key]
        return ran[:limit]

    def ran(self, run: str) -> Ran | None:
        with self.lock:
            return Ran(run, *self.begun[run]) if run in self.begun else None

    def story(self, limit: int, *, run: str | None = None) -> Story:
        with self.lock:
            return story(self.past, self.told, limit, run)
