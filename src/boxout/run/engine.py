"""What a run works with, and one attempt in the seven steps of the protocol."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from boxout.compiled import Compiled
from boxout.graph import Graph, Unit
from boxout.ledger import Ledger
from boxout.ledger.port import CALENDAR
from boxout.ledger.records import Census, Event, Finding, Published, Read
from boxout.model import Pipeline, Processor, Table
from boxout.model.outcomes import (
    Done,
    Fenced,
    Outcome,
    Reason,
    Superseded,
    Waiting,
    WithheldOutcome,
)
from boxout.model.partitions import date_of, look_back
from boxout.run.gate import Wait, ask
from boxout.run.snapshot import Snapshot, load
from boxout.run.verdict import census, judge
from boxout.warehouse import Warehouse

LEASE_S = 900
SUPERSEDED_TRIES_MAX = 3


@dataclass(frozen=True, slots=True)
class Engine:
    """A pipeline, judged and compiled, and the two stores; `now` and `until` are the clock."""

    pipeline: Pipeline
    graph: Graph
    compiled: Compiled
    ledger: Ledger
    warehouse: Warehouse
    now: Callable[[], str]
    until: Callable[[int], str]
    new_run: Callable[[], str]
    pool: ThreadPoolExecutor

    @property
    def fingerprints(self) -> Mapping[str, str]:
        """The present fingerprint of every derived table."""
        return {name: one.fingerprint for name, one in self.compiled.processors.items()}

    def snapshot(self, first: str, last: str) -> Snapshot:
        """The latest snapshot of every table in a range."""
        return load(self.ledger, tuple(self.graph.tables), first, last, self.fingerprints)


Outcomes = dict[str, Outcome]


def attempt(engine: Engine, unit: Unit, partitions: Sequence[str], run: str) -> Outcomes:
    """Compute, audit and publish a unit for these partitions; what became of each.

    A crash before publication leaves rows that nobody can see and a lease that runs out;
    after it, the pointer table is behind and the next reader or run moves it.
    """
    outcomes: Outcomes = {}
    todo = list(partitions)
    for _ in range(SUPERSEDED_TRIES_MAX):
        outcomes |= _once(engine, unit, todo, run)
        todo = [p for p in todo if isinstance(outcomes[p], Superseded)]
        if not todo:
            break
    _record(engine, unit, run, outcomes)
    return outcomes


def _once(engine: Engine, unit: Unit, partitions: Sequence[str], run: str) -> Outcomes:
    now, until = engine.now(), engine.until(LEASE_S)
    claim = engine.ledger.claim(unit.name, partitions, run=run, now=now, until=until)
    outcomes: Outcomes = {p: Fenced("another attempt holds the lease") for p in claim.refused}
    try:
        if claim.held:
            outcomes |= _held(engine, unit, claim.attempt, claim.held)
    finally:
        engine.ledger.release(claim.attempt)
    return outcomes


def _held(engine: Engine, unit: Unit, number: int, held: Sequence[str]) -> Outcomes:
    snapshot = engine.snapshot(*_reach(unit, held))
    outcomes: Outcomes = {}
    open_partitions = list(held)
    versions: dict[str, int] = {}
    for wave in waves(unit):
        asked = {one.name: _gated(engine, one, open_partitions, snapshot, outcomes) for one in wave}
        open_partitions = [p for p in open_partitions if p not in outcomes]
        if not open_partitions:
            return outcomes
        made = [
            engine.pool.submit(
                compute, engine, one, asked[one.name], open_partitions, number, snapshot
            )
            for one in wave
        ]
        for one, (version, failed) in zip(wave, [m.result() for m in made], strict=True):
            versions[one.target.name] = version
            outcomes |= failed
            for partition in open_partitions:
                snapshot.staged[one.target.name, partition] = version
        open_partitions = [p for p in open_partitions if p not in outcomes]
    outcomes |= audit_group(engine, unit, versions, open_partitions)
    published = engine.ledger.publish(number, tuple(versions.values()), now=engine.now())
    catch_up(engine)
    return outcomes | _told(published, outcomes)


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
) -> dict[str, dict[str, list[tuple[str, int]]]]:
    ready: dict[str, dict[str, list[tuple[str, int]]]] = {}
    for partition in partitions:
        answer = ask(one, partition, snapshot, engine.pipeline.calendar)
        if isinstance(answer, Wait):
            outcomes.setdefault(partition, Waiting(answer.reasons))
        else:
            ready[partition] = answer.pins
    return ready


def compute(  # noqa: PLR0917
    engine: Engine,
    one: Processor,
    ready: Mapping[str, Mapping[str, Sequence[tuple[str, int]]]],
    partitions: Sequence[str],
    number: int,
    snapshot: Snapshot,
) -> tuple[int, Outcomes]:
    """Append one version over exactly the gated rows and audit it; what failed, by partition."""
    compiled = engine.compiled.processors[one.target.name]
    reads = _read_set(one, partitions, snapshot.number)
    version = engine.ledger.open_version(
        number, one.target.name, compiled.fingerprint, reads, engine.now()
    )
    pins: dict[str, tuple[Table, list[tuple[str, int]]]] = {}
    shaped: dict[str, str] = {}
    for name, feeds in compiled.inputs.items():
        for feed in feeds:
            found = {pair for p in partitions for pair in ready[p].get(feed.bound_to, ())}
            pins[feed.bound_to] = (engine.graph.tables[feed.table], sorted(found))
        shaped[name] = " UNION ALL BY NAME ".join(f"({feed.sql})" for feed in feeds)
    engine.warehouse.append(one.target, version, compiled.sql, shaped, pins)
    return version, audit_version(engine, one.target, version, partitions)


def _read_set(one: Processor, partitions: Sequence[str], snapshot: int) -> list[Read]:
    first, last = min(partitions), max(partitions)
    reads = [
        Read(table.name, first, last, snapshot, given.window_days)
        for given in one.inputs.values()
        for table in given.tables
    ]
    return [*dict.fromkeys(reads), Read(CALENDAR, first, last, snapshot, None)]


def audit_version(
    engine: Engine, table: Table, version: int, partitions: Sequence[str]
) -> Outcomes:
    """All checks of a table in one scan of one version, kept in the ledger."""
    audit = engine.compiled.audits[table.name]
    rows = engine.warehouse.audit(audit.sql, {"audited": (table, version)})
    counts, findings = judge(audit, rows, partitions)
    engine.ledger.record_audit(version, census(rows), counts, findings)
    return _withheld(findings)


def audit_group(
    engine: Engine, unit: Unit, versions: Mapping[str, int], partitions: Sequence[str]
) -> Outcomes:
    """The checks that tie the tables of a group, kept with the versions they speak of."""
    outcomes: Outcomes = {}
    for audit in engine.compiled.across.get(unit.name, ()):
        bound = {n: (engine.graph.tables[t], versions[t]) for n, t in audit.bindings.items()}
        asked = set(partitions)
        rows = [r for r in engine.warehouse.audit(audit.sql, bound) if r["partition"] in asked]
        counts, findings = judge(audit, rows, partitions)
        first = versions[next(iter(audit.bindings.values()))]
        nothing: list[Census] = []
        engine.ledger.record_audit(first, nothing, counts, findings)
        for partition, outcome in _withheld(findings).items():
            outcomes.setdefault(partition, outcome)
    return outcomes


def _withheld(findings: Sequence[Finding]) -> Outcomes:
    reasons: dict[str, list[Reason]] = {}
    for finding in findings:
        if finding.severity == "block":
            reason = Reason(finding.check, f"{finding.answer}, {finding.found}", finding.needed)
            reasons.setdefault(finding.partition, []).append(reason)
    return {partition: WithheldOutcome(tuple(of)) for partition, of in reasons.items()}


def _told(published: Published, known: Outcomes) -> Outcomes:
    told: Outcomes = {p: Superseded("an input moved") for p in published.moved}
    told |= {p: Fenced("a newer attempt") for p in published.fenced if p not in known}
    unknown = (Reason("ledger", "withheld at publication"),)
    told |= {p: WithheldOutcome(unknown) for p in published.withheld if p not in known}
    if published.publication is not None:
        told |= {p: Done(published.publication) for p in published.published}
    return told


def catch_up(engine: Engine) -> None:
    """Move the warehouse's pointers up to the ledger's latest publication; anyone may."""
    head, seen = engine.ledger.head(), engine.warehouse.projected()
    if seen < head:
        moves = [
            (m.table, m.partition, m.version, m.since) for m in engine.ledger.moves(seen, head)
        ]
        engine.warehouse.project(moves, head)


def _reach(unit: Unit, partitions: Sequence[str]) -> tuple[str, str]:
    from_first = [given.window_days for one in unit.processors for given in one.inputs.values()]
    days = max((d for d in from_first if d is not None), default=0)
    return look_start(min(partitions), days), max(partitions)


def look_start(partition: str, days: int) -> str:
    """The first date that a window of `days` before the partition reaches."""
    return look_back(partition, days)[0] if days else date_of(partition)


def _record(engine: Engine, unit: Unit, run: str, outcomes: Outcomes) -> None:
    now = engine.now()
    events = [
        Event(
            now, run, one.target.name, partition, kind, reason.subject, reason.found, reason.needed
        )
        for partition, outcome in outcomes.items()
        for kind, reason in _reasons(outcome)
        for one in unit.processors
    ]
    if events:
        engine.ledger.record_events(events)


def _reasons(outcome: Outcome) -> list[tuple[str, Reason]]:
    match outcome:
        case Waiting(reasons):
            return [("waiting", reason) for reason in reasons]
        case WithheldOutcome(reasons):
            return [("withheld", reason) for reason in reasons]
        case Superseded(moved):
            return [("superseded", Reason("read set", moved))]
        case Fenced(holder):
            return [("fenced", Reason("lease", holder))]
        case _:
            return []
