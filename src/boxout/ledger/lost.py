"""What a ledger says when it is asked about a number that it never gave, or does not have any more."""

from boxout.errors import StoreUnavailable


def lost(what: str, number: int) -> StoreUnavailable:
    """The attempt or version is not there: another server has taken over that lacks it."""
    return StoreUnavailable(
        f"The ledger has no {what} {number}: what was begun was lost with a server that had not passed"
        " it on. Nothing of it is public. Try again."
    )
