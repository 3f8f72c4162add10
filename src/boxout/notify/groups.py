"""Entries with one cause in one run are one thing to tell."""

import hashlib
import json
from collections.abc import Iterable
from typing import Final, NamedTuple

from boxout.ledger import Entry
from boxout.notify.severity import SEVERITIES, severity

REPEATS: Final = ("withheld", "failed", "alert", "refused", "rejected", "silence")
"""Kinds that say the same again as long as nothing changes; of the others each is news."""


class Group(NamedTuple):
    """What is told at once, oldest entry first."""

    entries: tuple[Entry, ...]

    @property
    def kind(self) -> str:
        """What happened."""
        return self.entries[0].kind

    @property
    def cause(self) -> str:
        """Why."""
        return self.entries[0].cause

    @property
    def severity(self) -> str:
        """The worst of its entries."""
        return max(map(severity, self.entries), key=SEVERITIES.index)

    @property
    def tables(self) -> list[str]:
        """The tables it speaks of."""
        return list(dict.fromkeys(one.table for one in self.entries if one.table))

    @property
    def partitions(self) -> list[str]:
        """Every partition that is named, in any of the tables."""
        return sorted({name for one in self.entries for name in named(one)})

    @property
    def key(self) -> str:
        """The same for the same cause, in whatever run."""
        return _digest([self.kind, self.cause])

    @property
    def content(self) -> str:
        """The same as long as nothing changed; every piece of news has its own."""
        news = [] if self.kind in REPEATS else [one.entry for one in self.entries]
        told = [[one.table, named(one), one.details.get("reasons", [])] for one in self.entries]
        return _digest([news, sorted(told, key=json.dumps)])


def named(one: Entry) -> list[str]:
    """The partitions an entry names: all where it lists them, else the first and the last."""
    listed = one.details.get("partitions")
    if isinstance(listed, list | tuple):
        return [str(name) for name in listed]
    return list(dict.fromkeys(filter(None, (one.first, one.last))))


def grouped(entries: Iterable[Entry]) -> list[Group]:
    """By kind, run and cause, in the order of their first entries.

    Landings are runs of their own, and a thousand files that set rows aside are one thing to tell.
    """
    groups: dict[tuple[str, str, str], list[Entry]] = {}
    for one in entries:
        run = one.table if one.kind == "arrived" else one.run
        groups.setdefault((one.kind, run, one.cause), []).append(one)
    return [Group(tuple(of)) for of in groups.values()]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
