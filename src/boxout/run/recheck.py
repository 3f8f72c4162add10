"""What is public, checked again: late evidence takes a bad version back."""

import logging
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from boxout.graph import Unit
from boxout.ledger.records import Event, Pointer
from boxout.model import Table
from boxout.model.outcomes import Reason, WithheldOutcome
from boxout.model.partitions import date_of
from boxout.run.compute import EMPTY, Outcomes, judge_group, together, withheld
from boxout.run.contents import changed
from boxout.run.engine import Engine
from boxout.run.rollback import Bad, RollbackPlan, plan_rollback, roll_back
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
    """Every check on every public version of the range, and what fails now.

    Of sources and derived tables; that rows are not those of the record is a failure too. Only those of some `days` when they are given. That a forced publication fails its checks is
    left to the person who forced it; that its rows were changed afterwards is not.
    """
    found: Failures = {}
    snapshot = engine.snapshot(first, last)
    forced = set(engine.ledger.forced())

    def is_asked(pointer: Pointer) -> bool:
        day = date_of(pointer.partition)
        return day in days if days is not None else first <= day <= last

    for kin in _kinships(engine):
        public = [p for t in kin.tables for p in snapshot.pointers[t.name].values() if is_asked(p)]
        outcomes = withheld([one.finding(t) for (t, _), one in changed(engine, public).items()])
        for versions, partitions in _public_together(kin, public, forced).items():
            outcomes = together(outcomes, _checked(engine, kin, versions, partitions))
        found |= {
            (kin.name, partition): outcome
            for partition, outcome in sorted(outcomes.items())
            if isinstance(outcome, WithheldOutcome)
        }
    return found


def take_back(engine: Engine, failed: Failures) -> tuple[RollbackPlan, int | None] | None:
    """Roll back all that failed, with what came from it, in one publication; alert."""
    if not failed:
        return None
    tables = {kin.name: [table.name for table in kin.tables] for kin in _kinships(engine)}
    keys = {(table, p) for name, p in failed for table in tables[name]}
    partitions = [p for _, p in keys]
    pointers = engine.ledger.pointers(
        {t for t, _ in keys}, min(partitions), max(partitions), engine.ledger.head()
    )
    mine = tuple(p for p in pointers if (p.table, p.partition) in keys and p.version is not None)
    plan = plan_rollback(engine, Bad(mine, "a check failed after publication", True), _told(failed))
    number = roll_back(engine, plan)
    if number is not None:
        _alert(engine, failed, tables)
    return plan, number


class _Kin(NamedTuple):
    """Tables that are published together: those of a unit, or one source."""

    name: str
    tables: tuple[Table, ...]
    unit: Unit | None


def _kinships(engine: Engine) -> Iterator[_Kin]:
    for table in engine.graph.tables.values():
        if table.is_source:
            yield _Kin(table.name, (table,), None)
    for unit in engine.graph.units:
        yield _Kin(unit.name, tuple(one.target for one in unit.processors), unit)


def _public_together(
    kin: _Kin, public: Sequence[Pointer], forced: set[int]
) -> dict[tuple[int, ...], list[str]]:
    """Partitions by the versions of the tables that are public for them."""
    known = {(p.table, p.partition): p for p in public if p.version and p.since not in forced}
    together: dict[tuple[int, ...], list[str]] = {}
    for partition in dict.fromkeys(p.partition for p in public):
        pointers = [known.get((table.name, partition)) for table in kin.tables]
        versions = tuple(p.version for p in pointers if p and p.version)
        if len(versions) == len(kin.tables):
            together.setdefault(versions, []).append(partition)
    return together


def _checked(
    engine: Engine, kin: _Kin, versions: Sequence[int], partitions: Sequence[str]
) -> Outcomes:
    """What the checks of each table and of the group say; every reason of each partition.

    Nothing is recorded: the record of a version is what it was published with.
    """
    outcomes: Outcomes = {}
    named: dict[str, int] = {}
    for table, version in zip(kin.tables, versions, strict=True):
        named[table.name] = version
        audit = engine.compiled.audits[table.name]
        held = engine.ledger.census(version, min(partitions), max(partitions))
        empty = {known.partition for known in held if known.content == EMPTY}
        partitions = [p for p in partitions if p not in empty]
        if not partitions:
            return outcomes
        asked = set(partitions)
        seen = engine.warehouse.audit(audit.sql, {"audited": (table, version)})
        rows = [row for row in seen if row["partition"] in asked]
        outcomes = together(outcomes, withheld(judge(audit, rows, partitions, engine.today)[1]))
    if kin.unit is not None:
        for _, _, findings in judge_group(engine, kin.unit, named, partitions):
            outcomes = together(outcomes, withheld(findings))
    return outcomes


def _told(failed: Failures) -> str:
    (unit, partition), outcome = next(iter(failed.items()))
    more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
    return f"{unit} {partition}{more}: {outcome.reasons[0]}"


def _alert(
    engine: Engine,
    failed: Failures,
    tables: dict[str, list[str]],
) -> None:
    engine.ledger.record_events(list(_events(engine, failed, tables)))


def _events(
    engine: Engine,
    failed: Failures,
    tables: dict[str, list[str]],
) -> Iterator[Event]:
    now, run = engine.ledger.now(), engine.new_run()
    for (unit, partition), outcome in failed.items():
        reason = outcome.reasons[0]
        taken = Reason(reason.subject, f"taken back: {reason.found}", reason.needed)
        for table in tables[unit]:
            yield Event(
                now, run, table, partition, "alert", taken.subject, taken.found, taken.needed
            )
