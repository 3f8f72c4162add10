"""Collection: rows that no pointer, no snapshot within retention and no live attempt names."""

from collections import Counter
from typing import Final

from boxout.run.engine import Engine, catch_up

TOLD_S: Final = 30 * 86400
"""Seconds for which what happened stays in the outbox, once every reader of it has had it."""

PART: Final = 1000
"""So many versions go at a time: whoever publishes meanwhile waits for one part at most."""


def collect(engine: Engine, keep_publications: int, older_than_s: float) -> dict[str, int]:
    """Delete the rows of versions that nobody can need; how many versions, by table.

    The latest `keep_publications` snapshots stay readable. What the outbox told longer ago than
    `TOLD_S` goes too.
    """
    engine.ledger.prune_outbox(engine.ledger.now(-TOLD_S))
    gone: Counter[str] = Counter()
    while part := collect_part(engine, keep_publications, older_than_s):
        gone.update(part)
    return dict(gone)


def collect_part(
    engine: Engine, keep_publications: int, older_than_s: float, most: int = PART
) -> dict[str, int]:
    """Some of it; nothing when there is no more.

    The ledger marks first, so that no run can pin what is about to go, and is told last: a crash
    in between is made good by the next part, which begins with what was marked and not dropped.
    """
    catch_up(engine)
    before = max(engine.ledger.head() - keep_publications, 0)
    tables, since = engine.graph.tables, engine.ledger.now(-older_than_s)
    gone: dict[str, list[int]] = {}
    for table, version in engine.ledger.collect(before, since, tables, most):
        gone.setdefault(table, []).append(version)
    for table, versions in gone.items():
        engine.warehouse.drop(tables[table], versions, before)
        engine.ledger.dropped(versions)
    return {table: len(versions) for table, versions in gone.items()}
