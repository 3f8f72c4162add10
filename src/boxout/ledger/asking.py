"""Questions about what is public, and when it became so, that stay quick however long it has been."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from boxout.ledger import asking_sql as sql
from boxout.ledger.port import CALENDAR
from boxout.ledger.records import CheckCount, Evaluated, Pointer
from boxout.ledger.store import Base, listed, rows_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

FIRST_LOOK: Final = 64
"""Among so many of a table's latest versions nearly every check is found; then among twice as many."""


class Questions:
    """What can be asked of a store, for the ledger that has it."""

    def __init__(self, store: Base) -> None:
        self._store = store

    def tables(self) -> list[str]:
        with self._store.reading() as c:
            return [name for name in tables_in(c) if name != CALENDAR]

    def forced(self) -> dict[int, str]:
        with self._store.reading() as c:
            return dict(rows_of(c, sql.FORCED, ()))

    def published_at(self, numbers: Collection[int]) -> dict[int, str]:
        with self._store.reading() as c:
            return dict(rows_of(c, sql.PUBLISHED_AT, (listed(numbers),)))

    def reach(self, after: int) -> tuple[str, str] | None:
        with self._store.reading() as c:
            names = [name for name in tables_in(c) if name != CALENDAR]
            found = [rows_of(c, sql.REACH, (name, after))[0] for name in names]
        ends = [end for end in found if end[0] is not None]
        return (min(e[0] for e in ends), max(e[1] for e in ends)) if ends else None

    def keys_before(self, table: str, key: str, at: int, limit: int) -> list[str]:
        with self._store.reading() as c:
            return [p for (p,) in rows_of(c, sql.KEYS_BEFORE, (table, key, at, limit))]

    def keys_after(self, table: str, key: str, at: int, limit: int) -> list[str]:
        with self._store.reading() as c:
            return [p for (p,) in rows_of(c, sql.KEYS_AFTER, (table, key, at, limit))]

    def built_by_others(
        self, table: str, fingerprint: str, first: str, last: str, at: int
    ) -> frozenset[str]:
        asked = (table, first, last, at, fingerprint)
        with self._store.reading() as c:
            return frozenset(p for (p,) in rows_of(c, sql.BUILT_BY_OTHERS, asked))

    def unchecked(self, first: str, last: str) -> list[tuple[Pointer, str]]:
        with self._store.reading() as c:
            names = tables_in(c)
            rows = [
                row
                for text in (sql.UNEVALUATED, sql.FAILED_IN_PUBLIC)
                for name in names
                for row in rows_of(c, text, (name, first, last))
            ]
        return [(Pointer(*row[:6]), row[6]) for row in rows]

    def last_evaluated(self, table: str, checks: Collection[str]) -> list[Evaluated]:
        wanted = set(checks)
        with self._store.reading() as c:
            found: dict[str, Evaluated] = {}
            for version, at in _newest_first(c, table):
                if not wanted - found.keys():
                    break
                for count in rows_of(c, sql.COUNTS_OF, (version,)):
                    if count[0] in wanted and count[0] not in found:
                        found[count[0]] = Evaluated(CheckCount(*count), version, at)
        return [found[name] for name in sorted(found)]


def _newest_first(c: "Connection", table: str) -> Iterator[tuple[int, str]]:
    before, limit = sql.NO_VERSION_BEYOND, FIRST_LOOK
    while rows := rows_of(c, sql.NEWEST_BEFORE, (table, before, limit)):
        yield from rows
        before, limit = rows[-1][0], limit * 2


def tables_in(c: "Connection") -> list[str]:
    """Every name that something ever moved under: each is a step in the key, whatever is under it."""
    names: list[str] = []
    while found := rows_of(c, sql.NEXT_TABLE, (names[-1] if names else "",)):
        names.append(found[0][0])
    return names
