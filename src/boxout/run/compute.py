"""From gated inputs to one audited version."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

from boxout.compiled import together_sql
from boxout.graph import Unit
from boxout.ledger.port import BEFORE, CALENDAR, LEFT_OUT
from boxout.ledger.records import Census, CheckCount, Finding, Read
from boxout.model import Calendar, Processor, Table
from boxout.model.inputs import Input, Need
from boxout.model.outcomes import Outcome, Reason, WithheldOutcome
from boxout.model.partitions import AFTER, date_of, look_back
from boxout.run.batch import broken, strictest
from boxout.run.engine import Engine
from boxout.run.gate import Ready
from boxout.run.snapshot import Snapshot
from boxout.run.verdict import census, judge
from boxout.run.watch import watch
from boxout.run.writes import write_computed
from boxout.warehouse import Pinned, Row

Outcomes = dict[str, Outcome]
EMPTY = "empty"
"""The content of a partition that is declared to have no rows."""


@dataclass(slots=True)
class Gathered:
    """What the gate let through for one processor: partitions, and pins by bound name.

    `quiet` are dates without games, which get no rows.
    """

    partitions: list[str] = field(default_factory=list)
    quiet: list[str] = field(default_factory=list)
    pins: dict[str, dict[tuple[str, int], None]] = field(default_factory=dict)
    left_out: set[tuple[str, str]] = field(default_factory=set)

    def add(self, partition: str, ready: Ready) -> None:
        """One more partition; what several read is bound once."""
        self.partitions.append(partition)
        self.left_out |= ready.left_out
        for name, pairs in ready.pins.items():
            self.pins.setdefault(name, {}).update(dict.fromkeys(pairs))


def compute(
    engine: Engine, one: Processor, gathered: Gathered, attempt: int, snapshot: Snapshot
) -> tuple[int, Outcomes]:
    """Append one version over exactly the gated rows and audit it; what failed, by partition."""
    compiled = engine.compiled.processors[one.target.name]
    reads = read_set(one, engine.pipeline.calendar, gathered, snapshot)
    version = engine.ledger.open_version(attempt, one.target.name, compiled.fingerprint, reads)
    shaped, pins = bindings(engine, one, gathered)
    with engine.limit(version, engine.policy.timeout_s):
        if gathered.partitions:
            write_computed(engine, one.target, version, compiled.sql, shaped, pins)
        asked, quiet = gathered.partitions, gathered.quiet
        return version, audit_version(engine, one.target, version, asked, quiet)


def bindings(
    engine: Engine, one: Processor, gathered: Gathered
) -> tuple[dict[str, str], dict[str, Pinned]]:
    """The inputs of a processor as SQL over the names of their feeds, and what those stand for."""
    pins: dict[str, Pinned] = {}
    shaped: dict[str, str] = {}
    for name, feeds in engine.compiled.processors[one.target.name].inputs.items():
        read_by = _read_by(one.inputs[name], engine.pipeline.calendar, gathered.partitions)
        for feed in feeds:
            found = list(gathered.pins.get(feed.bound_to, ()))
            pins[feed.bound_to] = Pinned(engine.graph.tables[feed.table], found, read_by)
        shaped[name] = together_sql(feeds, engine.warehouse.dialect)
    return shaped, pins


def _read_by(
    given: Input, calendar: Calendar, partitions: Sequence[str]
) -> list[tuple[str, str, str]] | None:
    """Who reads which keys of a window.

    The pins of all partitions together, cut by these ranges, are those of each: a key may be read
    or not, whoever asks within one snapshot.
    """
    if given.window_days is None:
        return None
    days = dict.fromkeys(map(date_of, partitions))
    return [(day, *calendar.window(day, given.window_days)) for day in days]


def read_set(
    one: Processor, calendar: Calendar, gathered: Gathered, snapshot: Snapshot
) -> list[Read]:
    """Everything that the gate looked at: the tables, what was expected, and of which days.

    A day is known when the calendar's own table has it, even with no partition on it; that
    matters to whatever is cut by date, and to every day of a window. Each partition is judged by
    its own window, whatever the others of the version read.
    """
    partitions = (*gathered.partitions, *gathered.quiet)
    first, last, number = min(partitions), max(partitions), snapshot.number
    since = calendar.since(first)
    windows = dict.fromkeys(given.window_days for given in one.inputs.values())
    is_by_date = one.target.scheme.name != calendar.scheme.name
    known = [
        Read(calendar.table.name, first, last, number, days, since if days else "")
        for days in (None, *windows)
        if days is not None or is_by_date
    ]
    tables = [
        Read(table.name, first, last, number, days, since if days else "")
        for given in one.inputs.values()
        for days in (given.window_days,)
        for table in given.tables
    ]
    said = [
        Read(CALENDAR, first, last, number, days, since if days else "")
        for days in (None, *windows)
    ]
    others = (*_cut(one, calendar, first, snapshot), *_left_out(one, calendar, gathered, snapshot))
    return list(dict.fromkeys((*tables, *said, *known, *others)))


def _cut(one: Processor, calendar: Calendar, first: str, snapshot: Snapshot) -> Iterator[Read]:
    """That the calendar began on a day inside a required window, or after it."""
    began = snapshot.beginning
    for given in one.inputs.values():
        days = given.window_days
        if days is None or began is None or calendar.begins or given.need is Need.OPTIONAL:
            continue
        if look_back(first, days)[0] < began.partition:
            table, day = BEFORE + calendar.table.name, began.partition
            yield Read(table, day, day, snapshot.number, days)


def _left_out(
    one: Processor, calendar: Calendar, gathered: Gathered, snapshot: Snapshot
) -> Iterator[Read]:
    """The stale partitions that were read as if they were absent, as runs of neighbours."""
    for given in one.inputs.values():
        for table in given.tables:
            keys = sorted(key for name, key in gathered.left_out if name == table.name)
            for first, last in _runs(keys, snapshot.keys(table.name, "", AFTER)):
                days, since = given.window_days, calendar.since(first) if given.window_days else ""
                yield Read(LEFT_OUT + table.name, first, last, snapshot.number, days, since)


def _runs(keys: Sequence[str], known: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The first and the last of each run of keys between which there is no other known one."""
    mine = set(keys)
    for is_mine, run in groupby(known, key=mine.__contains__):
        if is_mine:
            several = list(run)
            yield several[0], several[-1]


def audit_version(
    engine: Engine,
    table: Table,
    version: int,
    partitions: Sequence[str],
    empty: Sequence[str] = (),
) -> Outcomes:
    """All checks of a table in one scan of one version, kept in the ledger.

    `empty` are partitions that are declared to have no rows; one that has some is judged by them.
    """
    audit = engine.compiled.audits[table.name]
    rows = engine.warehouse.audit(audit.sql, {"audited": (table, version)})
    seen = {row["partition"] for row in rows}
    quiet = [partition for partition in empty if partition not in seen]
    counts, findings = judge(audit, rows, [p for p in partitions if p not in quiet], engine.today)
    kept = [*census(rows), *(Census(partition, 0, EMPTY) for partition in quiet)]
    if quiet:
        counts.append(CheckCount("has rows, or is declared empty", "block", len(kept), 0, 0))
    more, held = broken(table.rejects, findings, sorted({*partitions, *quiet}))
    found = [*findings, *held, *watch(engine, table, version)]
    engine.ledger.record_audit(version, kept, [*counts, *more], found)
    return withheld(found)


def audit_group(
    engine: Engine, unit: Unit, versions: Mapping[str, int], partitions: Sequence[str]
) -> Outcomes:
    """The checks that tie the tables of a group, kept with the versions they speak of."""
    outcomes: Outcomes = {}
    nothing: list[Census] = []
    limit = strictest(engine.graph.tables[name] for name in versions)
    for version, counts, findings in judge_group(engine, unit, versions, partitions):
        more, held = broken(limit, findings, partitions)
        engine.ledger.record_audit(version, nothing, [*counts, *more], [*findings, *held])
        outcomes = together(outcomes, withheld([*findings, *held]))
    return outcomes


def judge_group(
    engine: Engine, unit: Unit, versions: Mapping[str, int], partitions: Sequence[str]
) -> Iterator[tuple[int, list[CheckCount], list[Finding]]]:
    """What the checks that tie the tables of a group say, and the version they are kept with."""
    asked = set(partitions)
    audits = engine.compiled.across.get(unit.name, ())
    looks: list[Callable[[], list[Row]]] = []
    for audit in audits:
        bound = {n: (engine.graph.tables[t], versions[t]) for n, t in audit.bindings.items()}
        looks.append(partial(engine.warehouse.audit, audit.sql, bound))
    for audit, found in zip(audits, engine.side_by_side(looks), strict=True):
        rows = [row for row in found if row["partition"] in asked]
        first = versions[next(iter(audit.bindings.values()))]
        yield first, *judge(audit, rows, partitions, engine.today)


def together(one: Outcomes, other: Outcomes) -> Outcomes:
    """Both; what is withheld twice has all reasons, the first ones first."""
    both = one | other
    for partition in one.keys() & other.keys():
        match one[partition], other[partition]:
            case WithheldOutcome(first), WithheldOutcome(more):
                both[partition] = WithheldOutcome(tuple(dict.fromkeys((*first, *more))))
            case _:
                pass
    return both


def withheld(findings: Sequence[Finding]) -> Outcomes:
    """The partitions with a blocking finding, with every reason."""
    reasons: dict[str, list[Reason]] = {}
    for finding in findings:
        if finding.severity == "block":
            reason = Reason(finding.check, f"{finding.answer}, {finding.found}", finding.needed)
            reasons.setdefault(finding.partition, []).append(reason)
    return {partition: WithheldOutcome(tuple(of)) for partition, of in reasons.items()}
