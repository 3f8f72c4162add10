"""What windows may read of one table at one snapshot: judged once, and cut for every date."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from boxout.model.outcomes import Reason


@dataclass(frozen=True, slots=True)
class Readable:
    """Keys in order: those that may be read with their version, the others by why not.

    `stale` are public and will change; to an optional window they are absent until then.
    """

    keys: list[str] = field(default_factory=list)
    pairs: list[tuple[str, int]] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    lacking: dict[Reason, list[str]] = field(default_factory=dict)

    def add(self, key: str, version: int | None, reasons: Sequence[Reason]) -> None:
        """One more key, after all that were added before."""
        if version is not None:
            self.keys.append(key)
            self.pairs.append((key, version))
        for reason in reasons:
            self.lacking.setdefault(reason, []).append(key)

    def ready(self, first: str, last: str) -> Sequence[tuple[str, int]]:
        """What a window from the first to the last key reads."""
        return self.pairs[bisect_left(self.keys, first) : bisect_right(self.keys, last)]

    def reasons(self, first: str, last: str) -> tuple[Reason, ...]:
        """Why some of it may not be read, each once."""
        return tuple(why for why, keys in self.lacking.items() if within(keys, first, last))

    def left_out(self, first: str, last: str) -> Sequence[str]:
        """The stale keys of the window."""
        return within(self.stale, first, last)


def within(keys: Sequence[str], first: str, last: str) -> Sequence[str]:
    """The keys of a sorted list from the first to the last, both included."""
    return keys[bisect_left(keys, first) : bisect_right(keys, last)]
