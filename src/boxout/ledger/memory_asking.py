"""Questions about what is public, over plain dictionaries."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from threading import RLock

from boxout.ledger.memory_checks import last_evaluated, unchecked
from boxout.ledger.memory_publishing import Kept
from boxout.ledger.records import Evaluated, Followed, Pointer


@dataclass(slots=True)
class Questions:
    """What can be asked of all that was kept, and how far those are who follow it."""

    kept: Kept
    lock: RLock
    readers: dict[str, Followed] = field(default_factory=dict)

    def tables(self) -> list[str]:
        with self.lock:
            return sorted(self.kept.pointers)

    def forced(self) -> dict[int, str]:
        with self.lock:
            of = self.kept.publications
            return {one.publication: one.reason for one in of if one.kind == "forced"}

    def published_at(self, numbers: Collection[int]) -> dict[int, str]:
        with self.lock:
            of = self.kept.publications
            return {n: of[n - 1].at for n in numbers if 0 < n <= len(of)}

    def reach(self, after: int) -> tuple[str, str] | None:
        with self.lock:
            every = (of for table in self.kept.pointers.values() for of in table.values())
            moved = {one.partition for of in every for one in of if one.since > after}
        return (min(moved), max(moved)) if moved else None

    def keys_before(self, table: str, key: str, at: int, limit: int) -> list[str]:
        with self.lock:
            return sorted((p for p in self._public(table, at) if p < key), reverse=True)[:limit]

    def keys_after(self, table: str, key: str, at: int, limit: int) -> list[str]:
        with self.lock:
            return sorted(p for p in self._public(table, at) if p > key)[:limit]

    def built_by_others(
        self, table: str, fingerprint: str, first: str, last: str, at: int
    ) -> frozenset[str]:
        with self.lock:
            return frozenset(
                one.partition
                for one in self._standing(table, at)
                if first <= one.partition <= last
                and one.basis is not None
                and self.kept.versions[one.basis].fingerprint != fingerprint
            )

    def unchecked(self, first: str, last: str) -> list[tuple[Pointer, str]]:
        with self.lock:
            return list(unchecked(self.kept, first, last))

    def last_evaluated(self, table: str, checks: Collection[str]) -> list[Evaluated]:
        with self.lock:
            return last_evaluated(self.kept, table, checks)

    def followed(self, reader: str) -> Followed:
        with self.lock:
            return self.readers.get(reader, Followed(0, ""))

    def follow(self, reader: str, to: Followed) -> None:
        with self.lock:
            was = self.readers.get(reader)
            if was is None or was.code != to.code or was.publication < to.publication:
                self.readers[reader] = to

    def _public(self, table: str, at: int) -> Iterator[str]:
        return (o.partition for o in self._standing(table, at) if o.version is not None)

    def _standing(self, table: str, at: int) -> Iterator[Pointer]:
        for of in self.kept.pointers.get(table, {}).values():
            then = [one for one in of if one.since <= at]
            if then:
                yield then[-1]
