"""Collection: rows that no pointer, no snapshot within retention and no live attempt names."""

from typing import Final

from boxout.run.engine import Engine, catch_up

TOLD_S: Final = 30 * 86400
"""Seconds for which what happened stays in the outbox, once every reader of it has had it."""


def collect(engine: Engine, keep_publications: int, older_than_s: float) -> dict[str, int]:
    """Delete the rows of versions that nobody can need; how many versions, by table.

    The latest `keep_publications` snapshots stay readable. The ledger marks first, so that no
    run can pin what is about to go; a crash before the rows are deleted is made good by the
    next collection, which names all that was ever marked. What the outbox told longer ago than
    `TOLD_S` goes too.
    """
    catch_up(engine)
    engine.ledger.prune_outbox(engine.ledger.now(-TOLD_S))
    before = max(engine.ledger.head() - keep_publications, 0)
    gone: dict[str, list[int]] = {}
    for table, version in engine.ledger.collect(before, engine.ledger.now(-older_than_s)):
        gone.setdefault(table, []).append(version)
    for table, versions in gone.items():
        if table in engine.graph.tables:
            engine.warehouse.drop(engine.graph.tables[table], versions, before)
    return {table: len(versions) for table, versions in gone.items()}
