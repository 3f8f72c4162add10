"""How far whoever repairs has followed what became public, and with which code."""

from typing import Final

from boxout.ledger.records import Followed
from boxout.ledger.store import Base, rows_of

FOLLOWED: Final = "SELECT publication, code FROM followed WHERE reader = ?"
FOLLOW: Final = """
INSERT INTO followed (reader, publication, code) VALUES (?, ?, ?)
ON CONFLICT (reader) DO UPDATE SET publication = excluded.publication, code = excluded.code
WHERE followed.code <> excluded.code OR followed.publication < excluded.publication
"""


class Following:
    """The readers of publications in a store."""

    def __init__(self, store: Base) -> None:
        self._store = store

    def followed(self, reader: str) -> Followed:
        with self._store.reading() as c:
            found = rows_of(c, FOLLOWED, (reader,))
        return Followed(*found[0]) if found else Followed(0, "")

    def follow(self, reader: str, to: Followed) -> None:
        with self._store.writing(is_resting=True) as c:
            c.exec_driver_sql(FOLLOW, (reader, *to))
