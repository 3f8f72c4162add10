"""The part of the ledger's port that must stay quick however long the ledger has been kept.

What these methods answer is found by a walk along a key, and they look at no more than they name.
"""

from collections.abc import Collection, Sequence
from typing import Protocol

from boxout.ledger import records


class Asking(Protocol):
    """What is asked of a ledger of many years every few seconds, and what keeps it small."""

    def tables(self) -> list[str]:
        """Every table of which something was ever public, in the pipeline or not any more."""
        ...

    def published_at(self, numbers: Collection[int]) -> dict[int, str]:
        """When each of these publications was."""
        ...

    def reach(self, after: int) -> tuple[str, str] | None:
        """The first and the last partition that anything moved at since a publication; None for none."""
        ...

    def keys_before(self, table: str, key: str, at: int, limit: int) -> list[str]:
        """The last partitions of a table before a key that were public at `at`, the nearest first."""
        ...

    def keys_after(self, table: str, key: str, at: int, limit: int) -> list[str]:
        """The first partitions of a table after a key that were public at `at`, the nearest first."""
        ...

    def built_by_others(
        self, table: str, fingerprint: str, first: str, last: str, at: int
    ) -> frozenset[str]:
        """The partitions in the range whose pointer, at `at`, rests on another fingerprint."""
        ...

    def forced(self) -> dict[int, str]:
        """The publications that went past failed checks, with the reason given."""
        ...

    def unchecked(self, first: str, last: str) -> list[tuple[records.Pointer, str]]:
        """What is public in the range and should not be, by the record of its checks.

        With the blocking check that failed and that nobody was forced past, or with no name where
        no check was evaluated at all.
        """
        ...

    def last_evaluated(self, table: str, checks: Collection[str]) -> list[records.Evaluated]:
        """How these checks of a table came out when each was evaluated last, by name."""
        ...

    def collect(
        self, before: int, older_than: str, tables: Collection[str], limit: int
    ) -> list[tuple[str, int]]:
        """Mark at most `limit` versions of these tables that nobody can need; name what is to be dropped.

        Kept are the versions that a pointer names at `before` or later, those of attempts that
        hold a lease, and those made at or after `older_than`. Leases that ran out before that
        moment are ended first, so that whoever had them is fenced. Gives (table, version) of what
        is marked and not dropped yet, the oldest first and at most `limit` of them; whoever
        deleted their rows says so.
        """
        ...

    def dropped(self, versions: Sequence[int], /) -> None:
        """The rows of these collected versions are gone: they are not named again."""
        ...

    def followed(self, reader: str) -> records.Followed:
        """How far a reader of publications is, and with which code; at 0 when it never came."""
        ...

    def follow(self, reader: str, to: records.Followed) -> None:
        """Keep how far a reader is; with the same code never backwards."""
        ...
