"""Profiles in memory, with the same answers as the file's."""

from collections.abc import Collection
from dataclasses import dataclass, field
from threading import RLock

from boxout.ledger.memory_publishing import Kept
from boxout.ledger.profile_records import Compared, Profiled, Profiles, Verdict
from boxout.ledger.records import Pointer


@dataclass(slots=True)
class KeptProfiles:
    """Every profile there ever was, and what was said of it."""

    everything: Kept
    lock: RLock
    kept: list[Profiled] = field(default_factory=list)
    compared: dict[tuple[int, str, str], Compared] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)

    def keep(self, said: Profiles) -> None:
        """All of it."""
        with self.lock:
            self.kept.extend(said.kept)
            self.compared |= {(one.version, one.day, one.phase): one for one in said.compared}
            self.verdicts.extend(said.verdicts)

    def accepted(
        self, table: str, phase: str, *, first: str, before: str, at: int, members_max: int
    ) -> list[Profiled]:
        """What was accepted before `before`: all from `first` on, and the latest before that."""
        with self.lock:
            mine = (one for one in self.kept if (one.table, one.phase) == (table, phase))
            of = (one for one in mine if _is_accepted(self.everything, one, at))
            found = sorted(of, key=_partition)
        earlier = [one for one in found if one.partition < first]
        later = [one for one in found if first <= one.partition < before]
        return [*earlier[max(0, len(earlier) - members_max) :], *later]

    def of(self, numbers: Collection[int], first: str, last: str) -> Profiles:
        """What was kept of some versions in a range."""
        with self.lock:
            return self._of(numbers, first, last)

    def _of(self, numbers: Collection[int], first: str, last: str) -> Profiles:
        kept = (p for p in self.kept if p.version in numbers and first <= p.partition <= last)
        said = (v for v in self.verdicts if v.version in numbers and first <= v.partition <= last)
        return Profiles(
            sorted(kept, key=lambda one: (one.version, one.partition)),
            [one for key, one in sorted(self.compared.items()) if key[0] in numbers],
            sorted(said, key=lambda one: (one.version, one.partition)),
        )


def _partition(one: Profiled) -> str:
    return one.partition


def _is_accepted(kept: Kept, one: Profiled, at: int) -> bool:
    """Whether it was public at a snapshot, not by force, and complete."""
    pointers = kept.pointers.get(one.table, {}).get(one.partition, ())
    then: Pointer | None = next((p for p in reversed(pointers) if p.since <= at), None)
    if then is None or then.version != one.version:
        return False
    is_forced = kept.publications[then.since - 1].kind == "forced"
    return not is_forced and not kept.has(one.version, one.partition, "complete")
