"""Proof: everything a public number rests on, down to the files, and the same computed again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from boxout.errors import DefinitionError, NotReady, Withheld
from boxout.ledger.port import CALENDAR, LEFT_OUT
from boxout.ledger.records import (
    Arrival,
    Attempt,
    Census,
    CheckCount,
    Finding,
    Pointer,
    Publication,
    Version,
)
from boxout.model import Processor
from boxout.model.partitions import date_of, look_back
from boxout.run.compute import Gathered, compute
from boxout.run.contents import compared, held
from boxout.run.engine import Engine
from boxout.run.gate import Door, Ready
from boxout.run.quiet import quiet_days
from boxout.run.snapshot import Snapshot

REPLAY = "(replay)"


class Proof(NamedTuple):
    """One public partition of one table, with the proofs of all that it was computed from.

    `version` is the one that came out with these rows last, and `attempt` the try that made it;
    `is_present_code` tells whether the present code did, None for a source. `checks` are those of
    the whole version, `findings` what did not pass here, `waivers` what it does not count on.
    """

    pointer: Pointer
    publication: Publication
    attempt: Attempt
    version: Version
    census: Census | None
    checks: tuple[CheckCount, ...]
    findings: tuple[Finding, ...]
    arrival: Arrival | None
    is_present_code: bool | None
    waivers: tuple[str, ...]
    inputs: tuple["Proof", ...]


class Replayed(NamedTuple):
    """The rows as they were recorded, as readers see them now, and computed again.

    `version` holds those that were computed again. None is no record of what was published.
    """

    version: int
    public: Census | None
    held: Census
    again: Census

    @property
    def is_as_published(self) -> bool:
        """Whether the warehouse holds the rows that were published."""
        return compared(self.public, self.held, self.held.partition) is None

    @property
    def is_again(self) -> bool:
        """Whether the inputs give the rows that were published."""
        return self.public == self.again

    @property
    def is_equal(self) -> bool:
        """Whether all three are the same rows, bit by bit."""
        return self.is_as_published and self.is_again


@dataclass(frozen=True, slots=True)
class Past:
    """The state in which one public version was computed."""

    one: Processor
    pointer: Pointer
    version: Version
    snapshot: Snapshot
    ready: Ready | None
    """What it read; None for a date without games, which has no rows."""


def prove(engine: Engine, table: str, partition: str) -> Proof:
    """The chain behind what is public; NotReady when nothing is."""
    return _proof(engine, _public(engine, table, partition), set())


def _public(engine: Engine, table: str, partition: str) -> Pointer:
    for pointer, _ in engine.ledger.history(table, partition)[:1]:
        if pointer.version is not None:
            return pointer
    raise NotReady(f"{table} {partition}: nothing is public, so there is nothing to prove.")


def _proof(engine: Engine, pointer: Pointer, seen: set[tuple[str, str]]) -> Proof:
    table, partition, number = pointer.table, pointer.partition, pointer.basis or 0
    ledger = engine.ledger
    (version,) = ledger.versions((number,))
    published = next(u for p, u in ledger.history(table, partition) if p.since == pointer.since)
    present = engine.fingerprints.get(table)
    above = seen | {(table, partition)}
    inputs = [p for p in _inputs(engine, pointer) if (p.table, p.partition) not in above]
    return Proof(
        pointer,
        published,
        ledger.attempts((version.attempt,))[0],
        version,
        _recorded(engine, number, partition),
        tuple(ledger.counts(number)),
        tuple(ledger.findings((number,), partition, partition)),
        next(iter(ledger.arrivals((number,))), None),
        None if present is None else present == version.fingerprint,
        tuple(_waived(engine, version, partition)),
        tuple(_proof(engine, one, above) for one in inputs),
    )


def _inputs(engine: Engine, pointer: Pointer) -> list[Pointer]:
    if engine.graph.tables[pointer.table].is_source:
        return []
    past = _past(engine, pointer)
    if past.ready is None:
        return []
    named = {
        (engine.compiled.processors[pointer.table].inputs[name][int(number)].table, *pair)
        for bound, pairs in past.ready.pins.items()
        for name, number in [bound.rsplit("__", 1)]
        for pair in pairs
    }
    return [one for key in sorted(named) for one in _shown(engine, *key, pointer.checked)]


def _shown(engine: Engine, table: str, partition: str, version: int, at: int) -> list[Pointer]:
    """The pointer under which the rows of a version were public; it may be an earlier one's."""
    of = [p for p, _ in engine.ledger.history(table, partition)]
    exact = [p for p in of if version in {p.version, p.basis}]
    return exact[:1] or [p for p in of if p.since <= at][:1]


def _waived(engine: Engine, version: Version, partition: str) -> Iterator[str]:
    said = [read for read in version.reads if read.table == CALENDAR]
    latest = {one.partition: one for one in engine.ledger.waivers()}
    for one in latest.values():
        if one.is_undo:
            continue
        is_near = one.partition == partition or date_of(one.partition) == partition
        reach = (
            look_back(partition, read.window_days, read.since)
            for read in said
            if read.window_days is not None
        )
        if is_near or any(first <= one.partition <= last for first, last in reach):
            yield f"{one.partition}: {one.reason} ({one.by})"


def _past(engine: Engine, pointer: Pointer) -> Past:
    """The inputs as they stood when the rows came out last, chosen by the gate once more."""
    (version,) = engine.ledger.versions((pointer.basis or 0,))
    if not version.reads:
        raise DefinitionError(f"{pointer.table}: has no read set, so nothing can be computed again")
    partition, at = pointer.partition, version.reads[0].snapshot
    one = engine.graph.processors[pointer.table]
    snapshot = engine.snapshot(partition, partition, at=at)
    snapshot.left_out = _left_out(snapshot, version)
    snapshot.staged.update(_own(engine, pointer, version))
    if partition in quiet_days(snapshot, engine.pipeline.calendar):
        return Past(one, pointer, version, snapshot, None)
    answer = Door(one, snapshot, engine.pipeline.calendar).ask(partition)
    if not isinstance(answer, Ready):
        reasons = "\n  ".join(map(str, answer.reasons))
        raise Withheld(
            f"{pointer.table} {partition}: its inputs at publication {at} cannot be established:\n"
            f"  {reasons}\nNothing was changed. See: boxout history {pointer.table} {partition}"
        )
    return Past(one, pointer, version, snapshot, answer)


def _left_out(snapshot: Snapshot, version: Version) -> frozenset[tuple[str, str]]:
    """What was stale then, as it was written down: a pointer forgets it once it is fresh."""
    return frozenset(
        (table, key)
        for read in version.reads
        if read.table.startswith(LEFT_OUT)
        for table in [read.table.removeprefix(LEFT_OUT)]
        for key in snapshot.keys(table, read.first, read.last)
    )


def _own(engine: Engine, pointer: Pointer, version: Version) -> dict[tuple[str, str], int]:
    """What the same attempt had staged: tables of the group, by what they were published as."""
    own: dict[tuple[str, str], int] = {}
    unit = engine.graph.processors[pointer.table].unit
    for name, one in engine.graph.processors.items():
        if one.unit == unit and name != pointer.table:
            for number in engine.ledger.latest_versions(name, pointer.partition, 1_000_000):
                if engine.ledger.versions((number,))[0].attempt == version.attempt:
                    own[name, pointer.partition] = number
                    break
    return own


def replay(engine: Engine, table: str, partition: str) -> Replayed:
    """Compute what is public again from the very inputs it was computed from.

    The rows are kept as a version that is never published. Withheld when the code or an input
    is no longer there to do it.
    """
    pointer = _public(engine, table, partition)
    past = _past(engine, pointer)
    if past.version.fingerprint != engine.fingerprints[table]:
        raise Withheld(
            f"{table} {partition}: computed by code {past.version.fingerprint}, and the present"
            f" code is {engine.fingerprints[table]}. Nothing was computed. Install revision"
            f" {engine.ledger.attempts((past.version.attempt,))[0].code} to replay it."
        )
    lease_s = engine.policy.lease_s
    run = engine.new_run()
    claim = engine.ledger.claim(REPLAY, (f"{partition} {table} {run}",), run=run, lease_s=lease_s)
    try:
        gathered = Gathered()
        if past.ready is None:
            gathered.quiet.append(partition)
        else:
            gathered.add(partition, past.ready)
        number, _ = compute(engine, past.one, gathered, claim.attempt, past.snapshot)
    finally:
        engine.ledger.release(claim.attempt)
    seen = pointer.version or 0
    nothing = Census(partition, 0, "")
    now = held(engine, table, {seen}, partition, partition).get((seen, partition), nothing)
    public, again = (_recorded(engine, v, partition) for v in (seen, number))
    return Replayed(number, public, now, again or nothing)


def _recorded(engine: Engine, version: int, partition: str) -> Census | None:
    return next(iter(engine.ledger.census(version, partition, partition)), None)
