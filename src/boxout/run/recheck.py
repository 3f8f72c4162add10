"""What is public, checked again: late evidence takes a bad version back."""

import logging
from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

from boxout.graph import Unit
from boxout.ledger.records import Event
from boxout.model.outcomes import Reason, WithheldOutcome
from boxout.model.partitions import date_of
from boxout.run.compute import EMPTY, Outcomes, audit_group, withheld
from boxout.run.engine import Engine
from boxout.run.rollback import Bad, RollbackPlan, plan_rollback, roll_back
from boxout.run.snapshot import Snapshot
from boxout.run.verdict import judge

LOG = logging.getLogger("boxout")


Failures: TypeAlias = dict[tuple[str, str], WithheldOutcome]
"""What fails its checks by now, by unit and partition."""


def look_again(engine: Engine, seen: int) -> Failures:
    """Take back what fails on the dates that publications after `seen` moved, if the policy says so.

    A check speaks of one partition or of those of its date, so no other date can have turned bad.
    What went out stands: nothing that breaks in here undoes it, and the next look makes it good.
    """
    if not engine.policy.is_taken_back:
        return {}
    try:
        moved = engine.ledger.moves(seen, engine.ledger.head())
        days = {date_of(one.partition) for one in moved}
        failed = recheck(engine, min(days), max(days), days) if days else {}
        take_back(engine, failed)
    except Exception as error:  # noqa: BLE001  # what was published is public, and said so
        LOG.warning("Published, and what is public could not be checked again: %s", error)
        return {}
    return failed


def recheck(engine: Engine, first: str, last: str, days: Collection[str] | None = None) -> Failures:
    """Every check on every public version of the range; what fails now.

    Only those of some `days` when they are given. A forced publication is left to the person who
    forced it.
    """
    found: Failures = {}
    snapshot = engine.snapshot(first, last)
    forced = set(engine.ledger.forced())
    for unit in engine.graph.units:
        for versions, public in _public_together(unit, snapshot, forced).items():
            partitions = [p for p in public if days is None or date_of(p) in days]
            if not partitions:
                continue
            for partition, outcome in _checked(engine, unit, versions, partitions).items():
                if isinstance(outcome, WithheldOutcome):
                    found[unit.name, partition] = outcome
    return found


def take_back(engine: Engine, failed: Failures) -> tuple[RollbackPlan, int | None] | None:
    """Roll back all that failed, with what came from it, in one publication; alert."""
    if not failed:
        return None
    units = {unit.name: [one.target.name for one in unit.processors] for unit in engine.graph.units}
    keys = {(table, p) for name, p in failed for table in units[name]}
    partitions = [p for _, p in keys]
    pointers = engine.ledger.pointers(
        {t for t, _ in keys}, min(partitions), max(partitions), engine.ledger.head()
    )
    mine = tuple(p for p in pointers if (p.table, p.partition) in keys and p.version is not None)
    plan = plan_rollback(engine, Bad(mine, "a check failed after publication", True), _told(failed))
    number = roll_back(engine, plan)
    if number is not None:
        _alert(engine, failed, units)
    return plan, number


def _public_together(
    unit: Unit, snapshot: Snapshot, forced: set[int]
) -> dict[tuple[int, ...], list[str]]:
    """Partitions by the versions of the unit's tables that are public for them."""
    together: dict[tuple[int, ...], list[str]] = {}
    tables = [one.target.name for one in unit.processors]
    for partition in snapshot.pointers.get(tables[0], {}):
        pointers = [snapshot.pointer(table, partition) for table in tables]
        versions = tuple(p.version for p in pointers if p and p.version and p.since not in forced)
        if len(versions) == len(tables):
            together.setdefault(versions, []).append(partition)
    return together


def _checked(
    engine: Engine, unit: Unit, versions: Sequence[int], partitions: Sequence[str]
) -> Outcomes:
    outcomes: Outcomes = {}
    named: dict[str, int] = {}
    for one, version in zip(unit.processors, versions, strict=True):
        named[one.target.name] = version
        audit = engine.compiled.audits[one.target.name]
        held = engine.ledger.census(version, min(partitions), max(partitions))
        empty = {known.partition for known in held if known.content == EMPTY}
        partitions = [p for p in partitions if p not in empty]
        if not partitions:
            return outcomes
        asked = set(partitions)
        seen = engine.warehouse.audit(audit.sql, {"audited": (one.target, version)})
        rows = [row for row in seen if row["partition"] in asked]
        outcomes |= withheld(judge(audit, rows, partitions)[1])
    return outcomes | audit_group(engine, unit, named, partitions)


def _told(failed: Failures) -> str:
    (unit, partition), outcome = next(iter(failed.items()))
    more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
    return f"{unit} {partition}{more}: {outcome.reasons[0]}"


def _alert(
    engine: Engine,
    failed: Failures,
    units: dict[str, list[str]],
) -> None:
    engine.ledger.record_events(list(_events(engine, failed, units)))


def _events(
    engine: Engine,
    failed: Failures,
    units: dict[str, list[str]],
) -> Iterator[Event]:
    now, run = engine.ledger.now(), engine.new_run()
    for (unit, partition), outcome in failed.items():
        reason = outcome.reasons[0]
        taken = Reason(reason.subject, f"taken back: {reason.found}", reason.needed)
        for table in units[unit]:
            yield Event(
                now, run, table, partition, "alert", taken.subject, taken.found, taken.needed
            )
