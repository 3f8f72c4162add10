"""Folds over the ledger; none of them needs the warehouse."""

from typing import Any

from boxout.graph import Graph
from boxout.ledger import Ledger
from boxout.model import Pipeline, Table
from boxout.model.partitions import AFTER, date_of
from boxout.run.snapshot import Snapshot, load


def status(
    ledger: Ledger, graph: Graph, calendar: str, first: str, last: str
) -> dict[str, dict[str, dict[str, int]]]:
    """Per date and table: how many partitions are in which state; `calendar` is the expected scheme.

    States: missing, waiting, fresh, stale, withheld. A source is fresh when it is public and
    complete. Whether code changed is not asked here; `plan` does.
    """
    snapshot = load(ledger, tuple(graph.tables), graph.look_back(first), last, None)
    events = {
        (e.table, e.partition): e
        for e in ledger.latest_events(tuple(graph.tables), first, last + AFTER)
    }
    days: dict[str, dict[str, dict[str, int]]] = {}
    expected = {p for p, e in snapshot.expectations.items() if e.is_expected}
    for name, table in graph.tables.items():
        known = set(snapshot.pointers[name])
        asked = known | expected if table.scheme.name == calendar else known
        for partition in asked:
            event = events.get((name, partition))
            state = state_of(snapshot, table, partition, event.kind if event else "missing")
            cell = days.setdefault(date_of(partition), {}).setdefault(name, {})
            cell[state] = cell.get(state, 0) + 1
    return dict(sorted(days.items()))


def state_of(snapshot: Snapshot, table: Table, partition: str, last: str) -> str:
    """The state of one (table, partition); `last` is the kind of its latest event."""
    pointer = snapshot.pointer(table.name, partition)
    if pointer is None:
        return last
    if pointer.version is None:
        return "withdrawn"
    if table.is_source:
        return "waiting" if (pointer.version, partition) in snapshot.incomplete else "fresh"
    return "stale" if snapshot.stale(table.name, partition) else "fresh"


def why(
    ledger: Ledger, graph: Graph, pipeline: Pipeline, table: str, partition: str
) -> dict[str, Any]:
    """Why (table, partition) is as it is: what is public, what did not pass, what it waits for."""
    day = date_of(partition)
    snapshot = load(ledger, tuple(graph.tables), graph.look_back(day), day, None)
    pointer = snapshot.pointer(table, partition)
    event = ledger.latest_events((table,), partition, partition)
    numbers = ledger.latest_versions(table, partition, 1)
    findings = ledger.findings(numbers, partition, partition) if numbers else []
    expectation = snapshot.expectations.get(partition)
    last = event[-1].kind if event else "missing"
    stale = (
        snapshot.stale(table, partition) if pointer and not graph.tables[table].is_source else None
    )
    return {
        "table": table,
        "partition": partition,
        "state": state_of(snapshot, graph.tables[table], partition, last),
        f"{pipeline.calendar.table.name} says": expectation.state if expectation else "nothing",
        "public": f"version {pointer.version}, publication {pointer.since}"
        if pointer
        else "nothing",
        "latest version": numbers[0] if numbers else None,
        "not passed": [f"{f.check}: {f.answer}, found {f.found}, {f.needed}" for f in findings],
        "last event": [
            f"{e.kind} {e.at}: {e.subject}: {e.found}" + (f", {e.needed}" if e.needed else "")
            for e in event
        ],
        "stale because": str(stale) if stale else None,
    }


def history(ledger: Ledger, table: str, partition: str) -> list[dict[str, Any]]:
    """Every pointer that (table, partition) had, newest first."""
    return [
        {
            "publication": u.publication,
            "at": u.at,
            "version": p.version,
            "attempt": u.attempt,
            "unit": u.unit,
        }
        for p, u in ledger.history(table, partition)
    ]
