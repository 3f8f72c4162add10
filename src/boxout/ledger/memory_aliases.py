"""What a person says that a value means, in memory."""

from dataclasses import dataclass, field

from boxout.ledger.records import Alias


@dataclass(slots=True)
class Aliases:
    """Every alias there ever was, in the order of being said."""

    said: list[Alias] = field(default_factory=list)

    def put(self, alias: Alias, at: str) -> bool:
        """Keep it from `at` on, unless the value has a meaning already."""
        if self._holding(*alias[:3]) is not None:
            return False
        self.said.append(Alias(*alias[:6], at))
        return True

    def end(self, key: tuple[str, str, str], at: str, by: str, reason: str) -> Alias | None:
        """Take back what (kind, given, group) means; None when it means nothing."""
        nth = self._holding(*key)
        if nth is None:
            return None
        ended = self.said[nth]._replace(ended_at=at, ended_by=by, ended_reason=reason)
        self.said[nth] = ended
        return ended

    def of(self, kind: str | None) -> list[Alias]:
        """Those of one kind, or all."""
        return [one for one in self.said if kind in {None, one.kind}]

    def _holding(self, kind: str, given: str, group: str) -> int | None:
        asked = (kind, given, group)
        held = (n for n, one in enumerate(self.said) if one[:3] == asked and not one.ended_at)
        return next(held, None)
