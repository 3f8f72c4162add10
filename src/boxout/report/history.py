"""Every version of a table's partition that was ever public."""

from typing import NamedTuple

from boxout.ledger import Ledger


class Shown(NamedTuple):
    """What a publication made public for one (table, partition); version None withdrew it.

    `kind` is normal, forced or rollback; all but the first carry the `reason` that was given.
    """

    publication: int
    at: str
    version: int | None
    rows: int
    unit: str
    attempt: int
    is_public: bool
    kind: str
    reason: str


def history(ledger: Ledger, table: str, partition: str) -> list[Shown]:
    """Every pointer that (table, partition) had, newest first; the first is what readers see."""
    return [
        Shown(
            publication.publication,
            publication.at,
            pointer.version,
            0 if pointer.version is None else _rows(ledger, pointer.version, partition),
            publication.unit,
            publication.attempt,
            at == 0 and pointer.version is not None,
            publication.kind,
            publication.reason,
        )
        for at, (pointer, publication) in enumerate(ledger.history(table, partition))
    ]


def _rows(ledger: Ledger, version: int, partition: str) -> int:
    return sum(one.rows for one in ledger.census(version, partition, partition))
