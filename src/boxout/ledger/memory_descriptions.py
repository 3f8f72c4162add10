"""What files looked like, in memory."""

from collections.abc import Sequence

from boxout.ledger.records import Description, Tombstone


class Descriptions:
    """Every description, in the order of being put."""

    def __init__(self) -> None:
        self._kept: list[Description] = []

    def put(self, description: Description, at: str) -> None:
        """Keep it, from `at`."""
        self._kept.append(description._replace(at=at))

    def normal(
        self, of: tuple[str, str], limit: int, tombstones: Sequence[Tombstone]
    ) -> list[Description]:
        """Those of (table, reader) that are public and of which nothing was taken back, newest first."""
        buried = {one.version for one in tombstones}
        mine = [
            one
            for one in reversed(self._kept)
            if one[:2] == of and one.version is not None and one.version not in buried
        ]
        return mine[:limit]
