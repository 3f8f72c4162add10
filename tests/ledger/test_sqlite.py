import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import upgrade
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from boxout.errors import StoreUnavailable
from boxout.ledger import Census, SqliteLedger, Tombstone, Waiver, publishing_sql
from boxout.ledger.revisions import HEAD, _alembic
from boxout.ledger.schema import METADATA
from boxout.ledger.store import _WAL, Store, _on_connect
from ledger.acts import ONE, PASSED, Time, claim, public, write

CLAIMER = """
import sys
from boxout.ledger import SqliteLedger
from datetime import UTC, datetime
ledger = SqliteLedger.open(sys.argv[1], clock=lambda: datetime.now(UTC))
keys = [f"2026-02-03/{n:03}" for n in range(200)]
print(sum(len(ledger.claim("u", [k], run="r", lease_s=600).held) for k in keys))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def layout(path: Path) -> list[tuple[str, str]]:
    """Every table and index as it was made; a column that came later stands on the same line."""
    with sqlite3.connect(path) as c:
        found = c.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        return [(n, " ".join(sql.split())) for n, sql in found if n != "alembic_version"]


def test_the_head_is_the_last_step() -> None:
    assert ScriptDirectory.from_config(_alembic()).get_current_head() == HEAD


def test_the_steps_make_the_schema(path: Path, tmp_path: Path) -> None:
    SqliteLedger.open(path, clock=Time()).close()
    plain = Store(tmp_path / "plain.db", 1)
    METADATA.create_all(plain.engine)
    plain.close()
    assert layout(path) == layout(tmp_path / "plain.db")


def test_the_steps_leave_nothing_to_compare(path: Path) -> None:
    store = SqliteLedger.open(path, clock=Time())._store
    with store.reading() as c:
        assert compare_metadata(MigrationContext.configure(c), METADATA) == []


def test_opening_an_up_to_date_ledger_does_not_load_the_migrations(path: Path) -> None:
    SqliteLedger.open(path, clock=Time()).close()
    text = (
        "import sys; from boxout.ledger import SqliteLedger; print('sqlalchemy' in sys.modules);"
        "SqliteLedger.open(sys.argv[1], clock=None); print('alembic' in sys.modules)"
    )
    assert told(text, path) == "False\nFalse\n"


def told(text: str, path: Path) -> str:
    command = [sys.executable, "-c", text, str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_two_processes_never_hold_the_same_lease(path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        held = list(pool.map(lambda _: int(told(CLAIMER, path)), range(2)))
    assert sum(held) == 200


def test_a_ledger_of_the_first_schema_is_brought_forward_with_its_waivers(path: Path) -> None:
    store = Store(path, 1)
    with store.writing() as c:
        alembic = _alembic()
        alembic.attributes["connection"] = c
        upgrade(alembic, "0001")
        c.exec_driver_sql("INSERT INTO waiver VALUES (?, 7, 'lost', 'ann')", (ONE,))
    store.close()
    ledger = SqliteLedger.open(path, clock=Time())
    assert ledger.waivers() == [Waiver(ONE, "lost", "ann", 7)]
    ledger.close()


def test_what_was_buried_before_stays_buried_with_the_rows_of_its_record(path: Path) -> None:
    store = Store(path, 5)
    with store.writing() as c:
        alembic = _alembic()
        alembic.attributes["connection"] = c
        upgrade(alembic, "0002")
        c.exec_driver_sql("INSERT INTO census VALUES (7, ?, 2, 'bad')", (ONE,))
        c.exec_driver_sql("INSERT INTO tombstone VALUES ('box', ?, 7, 3, NULL, 'wrong')", (ONE,))
    store.close()
    ledger = SqliteLedger.open(path, clock=Time())
    assert ledger.tombstones("", "~") == [Tombstone("box", ONE, 7, 3, "wrong", 2, "bad")]
    ledger.close()


class RefusedOnce:
    """A connection to a file that another process is turning to WAL at the same moment."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def execute(self, statement: str) -> None:
        self.asked.append(statement)
        if len(self.asked) == 1:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorname = "SQLITE_BUSY"
            raise error


def test_two_processes_may_make_one_ledger_at_the_same_moment() -> None:
    connection = RefusedOnce()
    _on_connect(connection, None)
    assert connection.asked[:4] == [_WAL, "BEGIN IMMEDIATE", "ROLLBACK", _WAL]


def test_threads_never_hold_the_same_lease(path: Path) -> None:
    ledger = SqliteLedger.open(path, clock=Time())
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: ledger.claim("u", [ONE], run="r", lease_s=9), range(40)))
    assert sum(len(one.held) for one in claims) == 1
    assert len({one.attempt for one in claims}) == 40
    ledger.close()


def test_a_file_of_something_else_is_refused(path: Path) -> None:
    path.write_text("date,home,away\n" * 100)
    with pytest.raises(StoreUnavailable, match=r"ledger\.db is not a ledger"):
        SqliteLedger.open(path, clock=Time())


def test_a_database_of_something_else_is_refused_and_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as c:
        c.execute("CREATE TABLE song (name TEXT)")
    with pytest.raises(StoreUnavailable, match="not a ledger: it holds the tables song"):
        SqliteLedger.open(path, clock=Time())
    assert [name for name, _ in layout(path)] == ["song"]


def test_a_ledger_of_a_newer_boxout_is_refused(path: Path) -> None:
    SqliteLedger.open(path, clock=Time()).close()
    with sqlite3.connect(path) as c:
        c.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnavailable, match="a newer Boxout"):
        SqliteLedger.open(path, clock=Time())


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        SqliteLedger.open(tmp_path / "nowhere" / "ledger.db", clock=Time())


def test_a_locked_ledger_is_told(path: Path) -> None:
    ledger = SqliteLedger.open(path, clock=Time(), wait_s=0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match=r"is locked.*try again"):
        claim(ledger, ONE)
    assert ledger.head() == 0
    other.close()
    ledger.close()


def test_a_full_disk_is_told_and_nothing_is_kept(path: Path) -> None:
    ledger = SqliteLedger.open(path, clock=Time())
    version = write(ledger, claim(ledger, ONE))
    with ledger._store.reading() as c:
        pages = int(c.exec_driver_sql("PRAGMA page_count").scalar_one())
        c.connection.execute("PRAGMA max_page_count = " + str(pages + 5))
    many = [Census(f"2026-02-03/{n}", 1, "x" * 50) for n in range(5000)]
    with pytest.raises(StoreUnavailable, match="no room left"):
        ledger.record_audit(version, many, [], [])
    assert ledger.census(version, "", "~") == []
    ledger.close()


def test_a_crash_within_a_publication_leaves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = SqliteLedger.open(path, clock=Time())
    attempt = claim(ledger, ONE)
    version = write(ledger, attempt, ONE, counts=[PASSED])
    with monkeypatch.context() as patched:
        patched.setattr(publishing_sql, "MOVE", "INSERT INTO nowhere VALUES (?, ?, ?, ?)")
        with pytest.raises(Exception, match="nowhere"):
            ledger.publish(attempt, [version])
    assert (ledger.head(), ledger.pointers(["totals"], "", "~", 9)) == (0, [])
    assert ledger.publish(attempt, [version]).publication == 1
    ledger.close()


def test_what_is_public_is_there_after_opening_again(path: Path) -> None:
    first = SqliteLedger.open(path, clock=Time())
    public(first, ONE, table="box")
    first.close()
    again = SqliteLedger.open(path, clock=Time())
    assert again.head() == 1
    again.close()
