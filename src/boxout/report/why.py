"""Why a table's partition is as it is, with both sides of every comparison."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from boxout.ledger import Finding, Publication, Version
from boxout.model import TOLD_ONLY, Table
from boxout.model.outcomes import Reason
from boxout.model.partitions import date_of
from boxout.report.listed import meant
from boxout.report.look import Seen, ask_for_feed, lacking, lacking_in_calendar
from boxout.report.states import state_of


@dataclass(frozen=True, slots=True)
class InputSeen:
    """One table that an input reads, now and when the public version was built.

    `need` is required, optional, or fallback (of the table above it). `now` and `built_from` are
    version numbers, None where nothing was there; `partitions` counts those of a window. What
    `is_own` is computed and published with the table itself.
    """

    table: str
    need: str
    is_ready: bool
    is_own: bool
    now: int | None
    built_from: int | None
    rows: int
    partitions: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class NotPassed:
    """A check that a version did not pass, and that version."""

    table: str
    version: int
    check: str
    severity: str
    answer: str
    found: str
    needed: str


@dataclass(frozen=True, slots=True)
class Public:
    """What readers see, and the publication that showed it."""

    version: int
    publication: int
    at: str
    unit: str
    attempt: int
    rows: int
    forced: str | None
    """The reason for which it went past failed checks; None as a rule."""


@dataclass(frozen=True, slots=True)
class Why:
    """The whole answer. `because` says the state in one sentence, `next_steps` what to type.

    `observed` is what did not pass and holds nothing back: warnings, and rules on trial. `lacking`
    is what keeps the tables that are published together from being computed;
    `written` holds (table, version) of the latest attempt, when that was withheld.
    """

    table: str
    partition: str
    state: str
    because: str
    calendar: str
    inputs: tuple[InputSeen, ...]
    lacking: tuple[Reason, ...]
    not_passed: tuple[NotPassed, ...]
    observed: tuple[NotPassed, ...]
    written: tuple[tuple[str, int], ...]
    public: Public | None
    told: tuple[str, ...]
    next_steps: tuple[str, ...]


def why(seen: Seen, table: str, partition: str) -> Why:
    """Everything the ledger can say about (table, partition)."""
    one = seen.graph.tables[table]
    state = state_of(seen, one, partition)
    calendar = _calendar(seen, one, partition)
    public = _public(seen, table, partition)
    inputs = () if one.is_source else tuple(_inputs(seen, table, partition))
    written = _of_latest_attempt(seen, one, partition) if state == "withheld" else ()
    not_passed = tuple(_not_passed(seen, one, partition, written))
    events = seen.events.get((table, partition), ())
    return Why(
        table,
        partition,
        state,
        _because(seen, one, partition, state, not_passed),
        calendar,
        inputs,
        _lacking(seen, one, partition, state),
        not_passed,
        tuple(_observed(seen, one, partition, written)),
        written,
        public,
        tuple(f"{e.kind} {e.at}: {Reason(e.subject, e.found, e.needed)}" for e in events),
        tuple(_next_steps(seen, one, partition, state)),
    )


def _lacking(seen: Seen, table: Table, partition: str, state: str) -> tuple[Reason, ...]:
    """What else keeps it from being computed, beside the calendar, which has its own line."""
    if table.is_source or state in {"fresh", "withdrawn"}:
        return ()
    said = lacking_in_calendar(seen, table.name, partition)
    return tuple(one for one in lacking(seen, table.name, partition) if one not in said)


def _calendar(seen: Seen, table: Table, partition: str) -> str:
    source = seen.pipeline.calendar.table.name
    if table.scheme.name != seen.pipeline.calendar.scheme.name:
        known = seen.snapshot.pointer(source, date_of(partition))
        return f"{source} of {date_of(partition)} " + ("is public" if known else "has not arrived")
    said = seen.snapshot.expectations.get(partition)
    if said is not None:
        return f"{source} says {said.state}, since publication {said.since}"
    if seen.snapshot.pointer(source, date_of(partition)) is None:
        return f"no rows of {source} for {date_of(partition)} have arrived"
    slip = meant(partition, seen.snapshot.expectations)
    return f"{source} does not list {partition}" + (f". Did you mean {slip}?" if slip else "")


def _public(seen: Seen, table: str, partition: str) -> Public | None:
    pointer = seen.snapshot.pointer(table, partition)
    if pointer is None or pointer.version is None:
        return None
    known = {u.publication: u for _, u in seen.ledger.history(table, partition)}
    shown: Publication = known[pointer.since]
    rows = _rows(seen, pointer.version, partition)
    forced = shown.reason if shown.kind == "forced" else None
    said = (shown.at, shown.unit, shown.attempt, rows, forced)
    return Public(pointer.version, pointer.since, *said)


def _rows(seen: Seen, version: int, partition: str) -> int:
    return sum(one.rows for one in seen.ledger.census(version, partition, partition))


def _inputs(seen: Seen, table: str, partition: str) -> Iterator[InputSeen]:
    version = _version(seen, table, partition)
    own = {one.target.name for one in seen.processors(table)}
    for given in seen.graph.processors[table].inputs.values():
        for at, feed in enumerate(given.feeds):
            reasons, pins = ask_for_feed(seen, table, partition, given, feed)
            key, now = pins[0] if len(pins) == 1 else (partition, 0)
            yield InputSeen(
                table=feed.table.name,
                need="fallback" if at else given.need.value,
                is_ready=not reasons,
                is_own=feed.table.name in own,
                now=now or None,
                built_from=_built_from(seen, table, partition, feed.table, version),
                rows=_rows(seen, now, key) if now else 0,
                partitions=len(pins),
                reasons=reasons,
            )


def _version(seen: Seen, table: str, partition: str) -> Version | None:
    pointer = seen.snapshot.pointer(table, partition)
    if pointer is None or pointer.version is None:
        return None
    return seen.snapshot.built.of(pointer.version, partition)


def _built_from(
    seen: Seen, table: str, partition: str, read_table: Table, version: Version | None
) -> int | None:
    """The version of a table that the public version was built from; None for a window."""
    read = (
        next((one for one in version.reads if one.table == read_table.name), None)
        if version
        else None
    )
    if version is None or read is None or read.window_days is not None:
        return None
    pointer = seen.snapshot.pointer(table, partition)
    tables = {one.target.name for one in seen.processors(table)}
    at = pointer.since if pointer and read.table in tables else read.snapshot
    same = seen.graph.tables[table].scheme == read_table.scheme
    key = partition if same else date_of(partition)
    found = seen.ledger.pointers([read.table], key, key, at)
    return found[0].version if found else None


def _not_passed(
    seen: Seen, table: Table, partition: str, written: Sequence[tuple[str, int]]
) -> Iterator[NotPassed]:
    """The findings of what the latest attempt wrote; of a public source, what is incomplete."""
    pointer = seen.snapshot.pointer(table.name, partition)
    if not written and table.is_source and pointer and pointer.version is not None:
        lacking = seen.snapshot.incomplete.get((pointer.version, partition), ())
        yield from (_named(table.name, pointer.version, one) for one in lacking)
    for name, number in written:
        for one in seen.ledger.findings([number], partition, partition):
            if one.severity not in TOLD_ONLY:
                yield _named(name, number, one)


def _observed(
    seen: Seen, table: Table, partition: str, written: Sequence[tuple[str, int]]
) -> Iterator[NotPassed]:
    """What did not pass and holds nothing back, of the latest attempt or else of what is public."""
    pointer = seen.snapshot.pointer(table.name, partition)
    public = ((table.name, pointer.version),) if pointer and pointer.version else ()
    for name, number in written or public:
        for one in seen.ledger.findings([number], partition, partition):
            if one.severity in TOLD_ONLY:
                yield _named(name, number, one)


def _named(table: str, version: int, one: Finding) -> NotPassed:
    return NotPassed(table, version, one.check, one.severity, one.answer, one.found, one.needed)


def _of_latest_attempt(seen: Seen, table: Table, partition: str) -> tuple[tuple[str, int], ...]:
    """What the latest attempt wrote: this table, and those that are published with it."""
    tables = (
        [table.name]
        if table.is_source
        else [one.target.name for one in seen.processors(table.name)]
    )
    numbers = {n for name in tables for n in seen.ledger.latest_versions(name, partition, 1)}
    versions = seen.ledger.versions(numbers)
    latest = max((one.attempt for one in versions), default=0)
    return tuple((one.table, one.version) for one in versions if one.attempt == latest)


def _because(
    seen: Seen, table: Table, partition: str, state: str, not_passed: Sequence[NotPassed]
) -> str:
    if state == "withdrawn":
        pointer = seen.snapshot.pointer(table.name, partition)
        return f"it was taken back by publication {pointer.since if pointer else '?'}"
    if state == "withheld":
        return _withheld(seen, table, partition, not_passed)
    return (_of_source if table.is_source else _of_derived)(seen, table, partition, state)


def _of_derived(seen: Seen, table: Table, partition: str, state: str) -> str:
    if state == "stale":
        return str(seen.snapshot.stale(table.name, partition))
    if state == "fresh":
        return "it is public, and nothing it read has moved"
    by_calendar = lacking_in_calendar(seen, table.name, partition)
    if seen.is_quiet(table.name, partition):
        return "; ".join(map(str, by_calendar))
    if by_calendar:
        return _calendar(seen, table, partition) + _needed(by_calendar)
    if state == "missing":
        return "everything it needs is ready, and nothing has been computed yet"
    subjects = dict.fromkeys(one.subject for one in lacking(seen, table.name, partition))
    return f"{', '.join(subjects)} not ready"


def _needed(reasons: Sequence[Reason]) -> str:
    needed = next((one.needed for one in reasons if one.needed), "")
    return f", {needed}" if needed else ""


def _withheld(seen: Seen, table: Table, partition: str, not_passed: Sequence[NotPassed]) -> str:
    if not_passed:
        count = len(not_passed)
        return f"{count} check{'s' * (count > 1)} did not pass"
    event = seen.last_event(table.name, partition)
    return str(Reason(event.subject, event.found, event.needed)) if event else "not known"


def _of_source(seen: Seen, table: Table, partition: str, state: str) -> str:
    if state == "fresh":
        return "it is public and complete"
    if state == "waiting":
        return "it is public and not complete, so nothing is computed from it"
    said = _calendar(seen, table, partition)
    is_asked = table.scheme.name == seen.pipeline.calendar.scheme.name
    return f"it has not arrived; {said}" if is_asked else "it has not arrived"


def _next_steps(seen: Seen, table: Table, partition: str, state: str) -> Iterator[str]:
    calendar = seen.pipeline.calendar.table.name
    if state in {"fresh", "withdrawn"}:
        yield f"boxout history {table} {partition}"
        return
    if table.is_source:
        yield f"boxout land FILE   # one that holds {table} of {partition}"
        return
    listed = seen.snapshot.expectations
    slip = None if partition in listed else meant(partition, listed)
    if slip is not None:
        yield f"boxout why {table} {slip}"
        return
    if seen.is_quiet(table.name, partition):
        return
    if lacking_in_calendar(seen, table.name, partition):
        yield f"boxout land FILE   # one that holds {calendar} of {date_of(partition)}"
    elif state == "waiting":
        needed = dict.fromkeys(one.subject for one in lacking(seen, table.name, partition))
        yield from (f"boxout why {name} {partition}" for name in needed)
    elif state == "withheld":
        yield "boxout land FILE   # with the rows put right"
    yield f"boxout run {partition}"
