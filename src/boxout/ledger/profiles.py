"""Profiles in the ledger's file: kept once, read as what was accepted at a snapshot."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from boxout.ledger import profile_sql
from boxout.ledger.profile_records import Compared, Profiled, Profiles, Verdict
from boxout.ledger.store import Base, listed, rows_of, run_each

_BETWEEN: Final = "\n"


class KeptProfiles:
    """The profiles in a store, for the ledger that has it."""

    def __init__(self, store: Base) -> None:
        self._store = store

    def keep(self, said: Profiles) -> None:
        """All of it; the names of the statistics are there once for all that have the same."""
        named = {one.names: _BETWEEN.join(one.names) for one in said.kept}
        with self._store.adding(is_resting=True) as c:
            run_each(c, profile_sql.NAME, [(names,) for names in named.values()])
            layouts = {
                names: rows_of(c, profile_sql.LAYOUT, (text,))[0][0]
                for names, text in named.items()
            }
            kept = [(*one[:4], layouts[one.names], one.numbers) for one in said.kept]
            run_each(c, profile_sql.KEEP, kept)
            run_each(c, profile_sql.KEEP_COMPARED, [tuple(one) for one in said.compared])
            run_each(c, profile_sql.KEEP_VERDICT, [tuple(one) for one in said.verdicts])

    def of(self, numbers: Collection[int], first: str, last: str) -> Profiles:
        """What was kept of some versions in a range."""
        versions = listed(numbers)
        asked = (versions, first, last)
        with self._store.reading() as c:
            kept = rows_of(c, profile_sql.PROFILES, asked)
            compared = rows_of(c, profile_sql.COMPARED, (versions,))
            verdicts = rows_of(c, profile_sql.VERDICTS, asked)
        return Profiles(
            _profiled(kept),
            [Compared(*row) for row in compared],
            [Verdict(*row) for row in verdicts],
        )

    def accepted(
        self, table: str, phase: str, *, first: str, before: str, at: int, members_max: int
    ) -> list[Profiled]:
        """What was accepted before `before`: all from `first` on, and the latest before that."""
        range_ = {"first": first, "before": before, "at": at, "members_max": members_max}
        asked = {"table": table, "phase": phase, **range_}
        with self._store.reading() as c:
            latest = rows_of(c, profile_sql.LATEST_BEFORE, asked)
            later = rows_of(c, profile_sql.FROM_TO, asked)
        return _profiled([*reversed(latest), *later])


def _profiled(rows: Sequence[tuple[Any, ...]]) -> list[Profiled]:
    """As they were kept; equal names are one tuple."""
    names = {text: tuple(text.split(_BETWEEN)) for text in {row[4] for row in rows}}
    return [Profiled._make((*row[:4], names[row[4]], row[5])) for row in rows]
