"""What waits for the disk before it is answered, and what rests on the next thing that does."""

from pathlib import Path

from sqlalchemy import event

from boxout.ledger import SqliteLedger
from boxout.ledger.store import Store
from ledger.acts import LEASE_S, ONE, PASSED, Time, claim, write

NORMAL, FULL = 1, 2


def waiting(store: Store) -> list[int]:
    """How each transaction that is written from now on waits for the disk."""
    seen: list[int] = []

    def on_commit(connection: object) -> None:
        seen.append(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())

    event.listen(store.engine, "commit", on_commit)
    return seen


def test_what_becomes_public_waits_and_what_leads_there_rests_on_it(tmp_path: Path) -> None:
    store = SqliteLedger.open(tmp_path / "ledger.db", clock=Time())._store
    ledger = SqliteLedger(store, Time())
    seen = waiting(store)
    ledger.begin_run("r", "all")
    attempt = claim(ledger, ONE)
    ledger.heartbeat(attempt, LEASE_S)
    assert seen == [NORMAL] * 3
    version = ledger.open_version(attempt, "totals", "f", [])
    assert seen.pop() == FULL, "a number that rows will bear must never be given twice"
    ledger.record_audit(version, [], [PASSED], [])
    assert seen.pop() == NORMAL
    ledger.publish(attempt, [version])
    assert seen.pop() == FULL
    ledger.release(attempt)
    assert seen.pop() == NORMAL
    ledger.close()


def test_whoever_waits_waits_for_all_that_was_written_before(tmp_path: Path) -> None:
    """One log, in order: a copy of it up to a publication has everything that led there."""
    ledger = SqliteLedger.open(tmp_path / "ledger.db", clock=Time())
    attempt = claim(ledger, ONE)
    done = ledger.publish(attempt, [write(ledger, attempt, ONE)])
    for name in ("ledger.db", "ledger.db-wal"):
        (tmp_path / f"copy-{name}").write_bytes((tmp_path / name).read_bytes())
    (tmp_path / "copy-ledger.db-wal").rename(tmp_path / "copy.db-wal")
    (tmp_path / "copy-ledger.db").rename(tmp_path / "copy.db")
    copy = SqliteLedger.open(tmp_path / "copy.db", clock=Time())
    assert copy.head() == done.publication == 1
    assert copy.counts(1) == [PASSED]
    copy.close()
    ledger.close()
