"""A waiver undone: the calendar's own word counts again."""

from boxout.ledger.records import Day
from boxout.model.partitions import date_of
from boxout.run.arrive import said
from boxout.run.engine import Engine


def is_waived(engine: Engine, partition: str) -> bool:
    """Whether the latest that a person said of a partition is that it will never come."""
    of = [one for one in engine.ledger.waivers() if one.partition == partition]
    return bool(of) and not of[-1].is_undo


def unwaive(engine: Engine, partition: str, reason: str, by: str) -> int | None:
    """Expect the partition as the calendar says, and look again at what the waiver had ended.

    The publication; None, and nothing is done, when it is not waived or something was published
    meanwhile, which may have changed the calendar's word.
    """
    at = engine.ledger.head()
    deadline = engine.ledger.now(engine.policy.deadline_s)
    says = _calendar_says(engine, partition, at)
    return engine.ledger.unwaive(partition, reason, by, says=says, deadline=deadline, at=at)


def _calendar_says(engine: Engine, partition: str, at: int) -> Day:
    """What the public rows of the calendar say; a partition that they do not list is not expected."""
    table, day = engine.pipeline.calendar.table, date_of(partition)
    public = engine.ledger.pointers((table.name,), day, day, at)
    listed = (
        one
        for pointer in public
        if pointer.version is not None
        for one in said(engine, table, pointer.version)
        if one[0] == partition
    )
    return next(listed, Day(partition, "unlisted", False))
