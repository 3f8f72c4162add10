"""How many partitions one attempt takes on."""

from boxout.graph import Unit
from boxout.model.partitions import date_of


def is_windowed(unit: Unit) -> bool:
    """Whether some input of the unit looks back; its partitions are then computed by date."""
    return any(
        given.window_days is not None for one in unit.processors for given in one.inputs.values()
    )


def chunks(unit: Unit, partitions: list[str], size: int) -> list[list[str]]:
    """The partitions in order, cut so that one attempt stays small, or into dates.

    A window is bound as the rows of all its partitions: two dates in one attempt would mix theirs.
    """
    if not is_windowed(unit):
        return [partitions[at : at + size] for at in range(0, len(partitions), size)]
    by_date: dict[str, list[str]] = {}
    for partition in partitions:
        by_date.setdefault(date_of(partition), []).append(partition)
    return list(by_date.values())
