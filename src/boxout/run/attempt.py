"""One attempt in the seven steps of the protocol.

    claim, resolve, gate      nothing is written but a lease, which runs out by itself
    compute, audit            rows and findings of a version that no pointer names
    publish                   one transaction of the ledger: all of it or none
    project                   the ledger knows; whoever comes next moves the public views

A crash after any step leaves what its line says.
"""

import logging
from collections.abc import Sequence
from functools import partial

from boxout.errors import StoreUnavailable
from boxout.graph import Unit
from boxout.ledger.records import Published
from boxout.model import Processor
from boxout.model.outcomes import (
    Done,
    Failed,
    Fenced,
    NothingToDo,
    Outcome,
    Reason,
    Superseded,
    Waiting,
    WithheldOutcome,
)
from boxout.run.compute import Gathered, Outcomes, audit_group, compute, together
from boxout.run.engine import Engine, show
from boxout.run.gate import Blocked, Door, Ready, Wait
from boxout.run.quiet import is_public, is_quiet, nothing_on
from boxout.run.rollback import take_down
from boxout.run.snapshot import Snapshot
from boxout.run.writes import publish
from boxout.warehouse import Interrupted

LOG = logging.getLogger("boxout")

HALVINGS_MAX = 4
"""How many pieces of a broken attempt are tried, for every time that it can be halved."""


def attempt(
    engine: Engine, unit: Unit, partitions: Sequence[str], run: str, *, forced: str | None = None
) -> Outcomes:
    """Compute, audit and publish a unit for these partitions; what became of each.

    What moved meanwhile is resolved again. When a whole attempt breaks, its halves are tried by
    themselves, so that one poisoned partition never holds up the others. `forced` is a person's
    reason to publish past failed checks; what passes them is published as ever.
    """
    outcomes = _tried(engine, unit, partitions, run, forced)
    parts = [[p for p in partitions if _is_broken(outcomes[p])]]
    tries_left = HALVINGS_MAX * len(partitions).bit_length()
    while parts and tries_left > 0:
        part = parts.pop(0)
        half = len(part) // 2
        for piece in (part[:half], part[half:]) if half else ():
            outcomes |= _tried(engine, unit, piece, run, forced)
            parts.append([p for p in piece if _is_broken(outcomes[p])])
            tries_left -= 1
    return outcomes


def _tried(
    engine: Engine, unit: Unit, partitions: Sequence[str], run: str, forced: str | None
) -> Outcomes:
    outcomes: Outcomes = {}
    todo = list(partitions)
    for _ in range(engine.policy.tries_max):
        outcomes |= _once(engine, unit, todo, run, forced)
        todo = [p for p in todo if isinstance(outcomes[p], Superseded)]
        if not todo:
            break
    return outcomes


def _is_broken(outcome: Outcome) -> bool:
    return isinstance(outcome, Failed) and not outcome.is_retryable


def _once(
    engine: Engine, unit: Unit, partitions: Sequence[str], run: str, forced: str | None
) -> Outcomes:
    lease_s = engine.policy.lease_s
    claim = engine.ledger.claim(unit.name, partitions, run=run, lease_s=lease_s, code=engine.code)
    outcomes: Outcomes = {p: Fenced("another attempt holds the lease") for p in claim.refused}
    if not claim.held:
        return outcomes
    try:
        with engine.alive(claim.attempt, lease_s):
            outcomes |= held(engine, unit, claim.attempt, claim.held, forced)
            outcomes |= _blocked(engine, unit, outcomes)
    except StoreUnavailable as error:
        outcomes = _failed(claim.held, str(error), is_retryable=True) | outcomes
    except Interrupted:
        told = f"stopped after {engine.policy.timeout_s:g} s; nothing was written"
        outcomes = _failed(claim.held, told, is_retryable=True) | outcomes
    except Exception as error:  # whatever a processor's SQL raises is its outcome
        LOG.exception("%s broke for %s", unit.name, ", ".join(claim.held[:3]))
        told = f"{type(error).__name__}: {error}"
        outcomes = _failed(claim.held, told, is_retryable=False) | outcomes
    finally:
        engine.ledger.release(claim.attempt)
    return outcomes


def _failed(partitions: Sequence[str], told: str, *, is_retryable: bool) -> Outcomes:
    return dict.fromkeys(partitions, Failed(told, is_retryable=is_retryable))


def held(
    engine: Engine, unit: Unit, number: int, partitions: Sequence[str], forced: str | None = None
) -> Outcomes:
    """Steps 2 to 7 for the partitions that an attempt holds."""
    own = [one.target.name for one in unit.processors]
    snapshot = engine.snapshot(min(partitions), max(partitions), of=own)
    outcomes: Outcomes = {}
    versions: dict[str, int] = {}
    todo, quiet = _apart(engine, unit, partitions, snapshot, outcomes)
    for wave in waves(unit):
        gated = [_gated(engine, one, todo, snapshot, outcomes) for one in wave]
        todo = [p for p in todo if p not in outcomes]
        if not todo and not quiet:
            return outcomes
        for one, (version, failed) in zip(
            wave, _computed(engine, wave, gated, (todo, quiet), number, snapshot), strict=True
        ):
            versions[one.target.name] = version
            outcomes = together(outcomes, failed) if forced is None else outcomes
            snapshot.staged.update({(one.target.name, p): version for p in todo})
        todo = [p for p in todo if p not in outcomes]
    failed = audit_group(engine, unit, versions, todo) if todo else {}
    outcomes |= {} if forced is not None else failed
    going = tuple(versions.values())
    outcomes |= _told(publish(engine, number, going), outcomes)
    back = [p for p in partitions if isinstance(outcomes.get(p), WithheldOutcome)]
    if forced is not None and back:
        told = _told(publish(engine, number, going, forced=forced), {})
        outcomes |= {p: told[p] for p in back if p in told}
    show(engine)
    return outcomes


def _apart(
    engine: Engine,
    unit: Unit,
    partitions: Sequence[str],
    snapshot: Snapshot,
    outcomes: Outcomes,
) -> tuple[list[str], list[str]]:
    """What is computed, and the dates without games of which readers may still see rows."""
    calendar = engine.pipeline.calendar
    quiet = [p for p in partitions if is_quiet(unit, p, snapshot, calendar)]
    shown = [p for p in quiet if is_public(unit, p, snapshot)]
    outcomes |= {p: NothingToDo(str(nothing_on(calendar, p))) for p in quiet if p not in set(shown)}
    return [p for p in partitions if p not in set(quiet)], shown


def _blocked(engine: Engine, unit: Unit, outcomes: Outcomes) -> Outcomes:
    """What will never come and is public all the same is taken down, with what came from it."""
    never = [p for p, one in outcomes.items() if isinstance(one, NothingToDo) and one.is_never]
    down = take_down(engine, unit, never) if never else {}
    return {p: Done(publication) for p, publication in down.items()}


def waves(unit: Unit) -> list[list[Processor]]:
    """The unit's processors in layers; those of one layer read nothing of each other."""
    layers: list[list[Processor]] = []
    level: dict[str, int] = {}
    for one in unit.processors:
        read = [
            level[t.name] for given in one.inputs.values() for t in given.tables if t.name in level
        ]
        level[one.target.name] = max(read, default=-1) + 1
        if level[one.target.name] == len(layers):
            layers.append([])
        layers[level[one.target.name]].append(one)
    return layers


def _gated(
    engine: Engine,
    one: Processor,
    partitions: Sequence[str],
    snapshot: Snapshot,
    outcomes: Outcomes,
) -> dict[str, Ready]:
    door = Door(one, snapshot, engine.pipeline.calendar)
    ready: dict[str, Ready] = {}
    for partition in partitions:
        match door.ask(partition):
            case Ready() as answer:
                ready[partition] = answer
            case Wait(reasons):
                outcomes.setdefault(partition, Waiting(reasons))
            case Blocked(reasons):
                told = "; ".join(map(str, reasons))
                outcomes.setdefault(partition, NothingToDo(told, is_never=True))
    return ready


def _computed(  # noqa: PLR0917
    engine: Engine,
    wave: Sequence[Processor],
    gated: Sequence[dict[str, Ready]],
    asked: tuple[Sequence[str], Sequence[str]],
    number: int,
    snapshot: Snapshot,
) -> list[tuple[int, Outcomes]]:
    partitions, quiet = asked
    made = []
    for one, ready in zip(wave, gated, strict=True):
        gathered = Gathered(quiet=list(quiet))
        for partition in partitions:
            gathered.add(partition, ready[partition])
        made.append(partial(compute, engine, one, gathered, number, snapshot))
    return engine.side_by_side(made)


def _told(published: Published, known: Outcomes) -> Outcomes:
    told: Outcomes = {p: Superseded("an input moved") for p in published.moved}
    told |= {p: Fenced("a newer attempt") for p in published.fenced if p not in known}
    unknown = (Reason("ledger", "withheld at publication"),)
    told |= {p: WithheldOutcome(unknown) for p in published.withheld if p not in known}
    buried = (Reason("ledger", "has the rows of a version that was withdrawn"),)
    told |= {p: WithheldOutcome(buried) for p in published.withdrawn}
    same = NothingToDo("computed again, with the rows that are public already")
    told |= dict.fromkeys(published.unchanged, same)
    if published.publication is not None:
        told |= {p: Done(published.publication) for p in published.published}
    return told
