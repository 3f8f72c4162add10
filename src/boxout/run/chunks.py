"""How many partitions one attempt takes on."""

from boxout.graph import Unit
from boxout.model.partitions import date_of
from boxout.run.engine import Policy


def chunks(unit: Unit, partitions: list[str], policy: Policy) -> list[list[str]]:
    """The partitions in order, cut so that one attempt stays small.

    A unit that looks back at its own tables goes by date: what it wrote before must be public
    before it is read.
    """
    if looks_at_itself(unit):
        by_date: dict[str, list[str]] = {}
        for partition in partitions:
            by_date.setdefault(date_of(partition), []).append(partition)
        return list(by_date.values())
    size = policy.windowed_partitions_max if _is_windowed(unit) else policy.partitions_max
    return [partitions[at : at + size] for at in range(0, len(partitions), size)]


def looks_at_itself(unit: Unit) -> bool:
    """Whether a window of the unit is one over a table of the unit."""
    own = {one.target.name for one in unit.processors}
    return any(
        given.window_days is not None and not own.isdisjoint(table.name for table in given.tables)
        for one in unit.processors
        for given in one.inputs.values()
    )


def _is_windowed(unit: Unit) -> bool:
    return any(
        given.window_days is not None for one in unit.processors for given in one.inputs.values()
    )
