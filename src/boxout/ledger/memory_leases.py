"""Who holds what, in memory."""

from collections.abc import Sequence

from boxout.ledger.memory_publishing import Kept
from boxout.ledger.records import Claim


def claim(
    kept: Kept, unit: str, asked: Sequence[str], attempt: int, span: tuple[str, str]
) -> Claim:
    """Give an attempt what nobody holds; `span` is now, and until when."""
    now, until = span
    leases = kept.leases
    held = tuple(p for p in asked if (unit, p) not in leases or leases[unit, p][1] <= now)
    leases.update({(unit, p): (attempt, until) for p in held})
    mine = set(held)
    return Claim(attempt, held, tuple(p for p in asked if p not in mine))


def renew(kept: Kept, attempt: int, until: str) -> None:
    """Prolong what an attempt still holds."""
    mine = [key for key, (holder, _) in kept.leases.items() if holder == attempt]
    kept.leases.update(dict.fromkeys(mine, (attempt, until)))


def release(kept: Kept, attempt: int) -> None:
    """Give back what an attempt still holds."""
    for key in [key for key, (holder, _) in kept.leases.items() if holder == attempt]:
        del kept.leases[key]


def holders(kept: Kept, unit: str, first: str, last: str, now: str) -> dict[str, int]:
    """Which attempt holds each partition of a range."""
    return {
        p: attempt
        for (u, p), (attempt, until) in kept.leases.items()
        if u == unit and first <= p <= last and until > now
    }
