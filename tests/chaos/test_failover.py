"""The line to the server of a shared ledger breaks, the server dies, or another one takes over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from boxout.errors import OtherHistory, StoreUnavailable
from boxout.ledger import open_postgres
from boxout.run import catch_up
from boxout.run.audit import audit, mend
from chaos.cuts import ANSWERED, MOMENTS, SENT, Cut
from chaos.servers import ENDS, Server, following, serving, until, url_of
from chaos.severed import Seen, publishing, rehearsed, tried
from chaos.shared import AFTER, BEFORE, D1, D2, ONE, at_work, copied, correct, wrong
from chaos.takeover import LASTING, failed_over, project, restarted

FOLLOWS = "SELECT count(*) FROM pg_stat_wal_receiver"
LOST_SIGHT = ("ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()")


@pytest.fixture(scope="module")
def base() -> Iterator[tuple[Server, tuple[Path, str]]]:
    """Two games, public, with the ledger on a server that waits for its disk."""
    with serving(settings=LASTING) as server, project(server) as found:
        yield server, found


@pytest.fixture(scope="module")
def at(base: tuple[Server, tuple[Path, str]]) -> int:
    """The statement that makes a corrected game public."""
    return publishing(rehearsed(*base))


def test_a_line_that_breaks_where_a_publication_ends_leaves_all_of_it_or_nothing(
    base: tuple[Server, tuple[Path, str]], at: int
) -> None:
    seen = Seen()
    for moment in MOMENTS:
        tried(*base, Cut(at, moment), seen)
    assert seen.faults == []
    assert sorted(seen.cuts) == [f"{moment} COMMIT" for moment in sorted(MOMENTS)]
    assert not [told for told in seen.told if told.startswith("badly")]


@pytest.mark.parametrize("how", ENDS)
def test_a_server_that_ends_in_a_publication_and_starts_again_has_all_of_it_or_nothing(
    base: tuple[Server, tuple[Path, str]], at: int, how: str
) -> None:
    server, found = base
    assert restarted(server, copied(server, found, how), Cut(at, SENT), how) == []


def test_what_was_public_is_there_on_a_standby_that_acknowledged_it(at: int) -> None:
    assert failed_over(Cut(at, ANSWERED)) == []


@pytest.fixture(scope="module")
def lost() -> Iterator[tuple[Path, str]]:
    """A correction was public and shown; the standby that took over never heard of it."""
    with following(is_synchronous=False) as (primary, standby), project(primary) as (folder, name):
        until(lambda: head_on(standby, name) == head_on(primary, name))
        for statement in LOST_SIGHT:
            standby.ask(statement)
        until(lambda: standby.ask(FOLLOWS) == [(0,)])
        with at_work(folder, url_of(primary, database=name)) as small:
            correct(small)
            assert wrong(small, AFTER) == []
        primary.kill()
        standby.promote()
        yield folder, url_of(primary, standby, database=name)


def head_on(server: Server, database: str) -> int:
    ledger = open_postgres(url_of(server, database=database))
    try:
        return ledger.head()
    finally:
        ledger.close()


def test_a_standby_that_lacks_what_readers_see_is_refused_until_it_is_mended(
    lost: tuple[Path, str],
) -> None:
    with at_work(*lost) as small:
        shown, ledger = small.engine.warehouse.projected(), small.engine.ledger
        for act in (lambda: correct(small), lambda: small.run(D1, D2)):
            with pytest.raises(OtherHistory):
                act()
        while ledger.head() < shown:
            ledger.waive(ONE, "the number is given again", "ann")
        with pytest.raises(OtherHistory):
            catch_up(small.engine)
        assert small.rows("FROM totals ORDER BY game")[0]["points"] == AFTER[ONE]
        found = {one.kind for one in audit(small.engine, D1, D2).faults}
        assert {"history", "pointer", "foreign"} <= found
        mend(small.engine)
        assert small.rows("FROM totals ORDER BY game")[0]["points"] == BEFORE[ONE]


def test_an_attempt_begun_on_a_lost_server_is_never_taken_for_another(
    lost: tuple[Path, str],
) -> None:
    with at_work(*lost) as small:
        ledger = small.engine.ledger
        claim = ledger.claim("totals", [ONE], run="after", lease_s=60)
        assert claim.attempt > 1_000_000
        with pytest.raises(StoreUnavailable, match="was lost with a server"):
            ledger.publish(claim.attempt - 1, [claim.attempt])
