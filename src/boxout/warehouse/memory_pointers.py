"""The pointers of a warehouse in memory, each with the publications it stood through."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.warehouse.port import Move


class Pointer(NamedTuple):
    """What is public from publication `since` up to, and not in, `until`; None is withdrawn."""

    version: int | None
    since: int
    until: int | None

    def stood_at(self, publication: int) -> bool:
        """Whether it was public as that publication left things."""
        return self.since <= publication and (self.until is None or self.until > publication)


class Pointers:
    """Every pointer that ever was and has not been forgotten."""

    def __init__(self) -> None:
        self.projected = self.mark = 0
        self._of: dict[tuple[str, str], list[Pointer]] = {}
        self._kept_since: dict[str, int] = {}

    def now(self) -> dict[tuple[str, str], int | None]:
        """The version that every (table, partition) points to."""
        return {key: one.version for key, of in self._of.items() for one in of if one.until is None}

    def move(self, moves: Sequence[Move], upto: int, mark: int) -> None:
        """Set the pointers that are not set yet; ValueError for one of a later publication."""
        if upto < self.projected:
            return
        if any(since > upto for *_, since in moves):
            raise ValueError(f"a move is later than publication {upto}, up to which pointers move")
        for table, partition, version, since in sorted(moves, key=lambda move: move[3]):
            if since > self.projected:
                history = self._of.setdefault((table, partition), [])
                if history and history[-1].until is None:
                    history[-1] = history[-1]._replace(until=since)
                history.append(Pointer(version, since, None))
        self.projected, self.mark = upto, mark

    def at(self, table: str, publication: int | None) -> Iterator[tuple[str, int | None]]:
        """The (partition, version) pairs of a table, now or as of a publication that is kept."""
        asked = self.projected if publication is None else publication
        if asked > self.projected:
            raise StoreUnavailable(f"publication {asked} is not projected yet")
        if asked < self._kept_since.get(table, 0):
            raise DefinitionError(f"{table}: publication {asked} is not kept any more")
        for (name, partition), history in self._of.items():
            if name == table:
                yield from ((partition, one.version) for one in history if one.stood_at(asked))

    def forget(self, table: str, versions: Collection[int], before: int) -> None:
        """Remove the ended pointers to these versions; ValueError when another names one of them."""
        own = {key: of for key, of in self._of.items() if key[0] == table}
        ends = [one.until for of in own.values() for one in of if one.version in versions]
        ended = [until for until in ends if until is not None and until <= before]
        if len(ended) < len(ends):
            raise ValueError(f"{table}: a version is public, or was after {before}")
        for key, history in own.items():
            self._of[key] = [one for one in history if one.version not in versions]
        self._kept_since[table] = max([self._kept_since.get(table, 0), *ended])

    def begin_history(self, table: str, publication: int) -> None:
        """Let what was before this publication be refused."""
        self._kept_since[table] = max(self._kept_since.get(table, 0), publication)
