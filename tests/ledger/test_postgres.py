import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from boxout.errors import StoreUnavailable
from boxout.ledger import SqliteLedger, open_postgres
from boxout.ledger.postgres_sql import given, translated
from boxout.ledger.revisions import HEAD
from ledger.acts import ONE, Time, claim, public, write
from ledger.postgres import crash, empty_ledger, serving

CLAIMER = """
import sys
from boxout.ledger import open_postgres
ledger = open_postgres(sys.argv[1])
keys = [f"2026-02-03/{n:03}" for n in range(200)]
print(sum(len(ledger.claim("u", [k], run="r", lease_s=600).held) for k in keys))
"""
COLLATIONS = """
SELECT c.relname, a.attname, o.collname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_collation o ON o.oid = a.attcollation
WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'alembic_version'
"""
TURN = "SELECT pg_advisory_xact_lock(hashtext('boxout'), hashtext(current_schema()))"
END_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@pytest.fixture
def shared(server: str, time: Time) -> Iterator[SqliteLedger]:
    with empty_ledger(server, time) as opened:
        yield opened


def run(text: str, url: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", text, url]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def database(server: str, name: str, words: str = "") -> str:
    with psycopg.connect(server, autocommit=True) as c:
        c.execute(f"DROP DATABASE IF EXISTS {name}")
        c.execute(f"CREATE DATABASE {name} {words}")
    return server.replace("/postgres?", f"/{name}?")


def test_two_processes_never_hold_the_same_lease(server: str, shared: SqliteLedger) -> None:
    with ThreadPoolExecutor(2) as pool:
        held = list(pool.map(lambda _: int(run(CLAIMER, server)), range(2)))
    assert sum(held) == 200


def test_a_claim_waits_for_no_publication(server: str, shared: SqliteLedger) -> None:
    with psycopg.connect(server) as another:
        another.execute(TURN)
        with ThreadPoolExecutor(1) as pool:
            taken = pool.submit(shared.claim, "u", [ONE], run="r", lease_s=60).result(timeout=10)
    assert taken.held == (ONE,)


def test_a_lease_that_ran_out_is_not_taken_over_while_its_holder_publishes(
    server: str, shared: SqliteLedger, time: Time
) -> None:
    late = shared.claim("u", [ONE], run="late", lease_s=10)
    time.pass_s(11)
    with psycopg.connect(server) as publishing:
        publishing.execute("SELECT 1 FROM lease WHERE attempt = %s FOR UPDATE", [late.attempt])
        assert shared.claim("u", [ONE], run="next", lease_s=10).refused == (ONE,)
    assert shared.claim("u", [ONE], run="next", lease_s=10).held == (ONE,)


def test_two_who_claim_the_same_in_another_order_never_wait_for_each_other(
    shared: SqliteLedger,
) -> None:
    keys = [f"2026-02-03/{n:03}" for n in range(300)]

    def held(asked: list[str]) -> int:
        return len(shared.claim("u", asked, run="r", lease_s=60).held)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(held, [keys, keys[::-1]])) == 300


def test_the_time_of_a_shared_ledger_is_the_servers(server: str, shared: SqliteLedger) -> None:
    ledger = open_postgres(server)
    before, now = shared.now(), ledger.now()
    with psycopg.connect(server) as c:
        (said,) = c.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'").fetchone() or (None,)
    ledger.close()
    assert before < now <= said.isoformat(timespec="milliseconds") + "+00:00"


def test_every_text_sorts_by_code_whatever_language_the_server_speaks(
    server: str, shared: SqliteLedger
) -> None:
    with psycopg.connect(server) as c:
        found = c.execute(COLLATIONS).fetchall()
    assert len(found) > 50
    assert {collation for *_, collation in found} == {"C"}


def test_an_undone_publication_leaves_no_gap_in_the_numbers(shared: SqliteLedger) -> None:
    public(shared, ONE, table="box")
    with pytest.raises(RuntimeError):
        begin_and_break_off(shared)
    assert shared.head() == 1
    public(shared, "2026-02-04/BOS@DAL", table="box")
    assert shared.head() == 2


def begin_and_break_off(ledger: SqliteLedger) -> None:
    with ledger._store.writing() as c:
        c.exec_driver_sql("INSERT INTO publication SELECT 2, 1, 'u', '', 1, 'normal', ''")
        raise RuntimeError


def test_a_database_of_somebody_else_is_refused_and_left_alone(server: str) -> None:
    url = database(server, "theirs")
    with psycopg.connect(url, autocommit=True) as c:
        c.execute("CREATE TABLE orders (id int)")
    with pytest.raises(StoreUnavailable, match="not a ledger: it holds the tables orders"):
        open_postgres(url)
    with psycopg.connect(url) as c:
        assert c.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall() == [("orders",)]


def test_a_ledger_of_a_newer_boxout_is_refused(server: str) -> None:
    url = database(server, "newer")
    open_postgres(url).close()
    with psycopg.connect(url, autocommit=True) as c:
        c.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnavailable, match=f"schema 9999, this one knows {HEAD}"):
        open_postgres(url)


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    url = f"postgresql://ann:secret@/there?host={tmp_path}"
    with pytest.raises(StoreUnavailable) as refused:
        open_postgres(url, wait_s=2)
    assert "ann:***@/there" in str(refused.value)
    assert "cannot be used now" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_connection_that_the_server_ended_is_opened_again(
    server: str, shared: SqliteLedger
) -> None:
    public(shared, ONE, table="box")
    with psycopg.connect(server, autocommit=True) as c:
        assert len(c.execute(END_ALL).fetchall()) >= 1
    assert shared.head() == 1


def test_a_connection_lost_inside_a_publication_undoes_all_of_it(
    server: str, shared: SqliteLedger
) -> None:
    mine = claim(shared, ONE)
    version = write(shared, mine, ONE)
    with pytest.raises(StoreUnavailable, match="terminating connection"):
        lose_the_connection(server, shared)
    assert not shared.versions([version])[0].is_collected
    assert shared.publish(mine, [version]).publication == 1


def lose_the_connection(server: str, ledger: SqliteLedger) -> None:
    with ledger._store.writing() as c:
        c.exec_driver_sql("UPDATE version SET collected_at = 'x'")
        with psycopg.connect(server, autocommit=True) as other:
            other.execute(END_ALL)
        c.exec_driver_sql("SELECT 1")


def test_a_server_that_crashed_and_started_again_has_what_was_published(time: Time) -> None:
    with serving() as server:
        ledger = open_postgres(server.get_uri(), clock=time)
        public(ledger, ONE, table="box")
        crash(server)
        assert ledger.head() == 1
        ledger.close()


def test_values_keep_the_order_and_the_names_of_their_places() -> None:
    assert translated("SELECT ?, '10 %' WHERE a = ?") == "SELECT %s, '10 %%' WHERE a = %s"
    assert translated("SELECT ?1, :name, ?1") == "SELECT %(p1)s, %(name)s, %(p1)s"
    assert given("SELECT ?1, ?2", ("a", "b")) == {"p1": "a", "p2": "b"}
    assert given("SELECT ?, ?", ("a", "b")) == ("a", "b")
    assert given("SELECT ?1", [("a",), ("b",)]) == [{"p1": "a"}, {"p1": "b"}]
