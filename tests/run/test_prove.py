"""Proof: what a public number rests on, down to the bytes of a file, and the same again."""

import hashlib
import sqlite3
from dataclasses import replace

import pytest

from boxout.errors import NotReady, StoreUnavailable, Withheld
from boxout.run import run
from boxout.run.collect import collect
from boxout.run.prove import prove, replay
from boxout_nba.simulator import gamebook_rows
from incidents.scene import ALL, DAY, OFFENSE, PLAYER, spoil

D1, D2, D3 = (f"2026-02-0{n}" for n in range(1, 4))
GAME = f"{D2}/AB"


def tables_in(proof):
    return {proof.pointer.table} | {t for one in proof.inputs for t in tables_in(one)}


def leaves(proof):
    return [proof] if not proof.inputs else [leaf for p in proof.inputs for leaf in leaves(p)]


@pytest.fixture
def week(small):
    small.days(D1, D2, D3)
    small.box({f"{day}/AB": 200 for day in (D1, D2)})
    small.lines(D3)
    small.run(D1, D3)
    return small


def changed_code(small, table="totals"):
    compiled = small.engine.compiled
    one = compiled.processors[table]._replace(fingerprint="another")
    processors = {**compiled.processors, table: one}
    return replace(small.engine, compiled=compiled._replace(processors=processors), code="second")


def test_a_proof_goes_down_to_the_digest_of_every_file(published):
    game = published.games[0].game_id
    proof = prove(published.engine, PLAYER, game)
    assert tables_in(proof) == {PLAYER, OFFENSE, "gamebook_player_stats", "team_boxscore"}
    files = {leaf.arrival.reader: leaf.arrival.digest for leaf in leaves(proof)}
    assert files == {
        name: hashlib.sha256((published.folder / f"{name}.csv").read_bytes()).hexdigest()
        for name in ("gamebook_player_stats", "team_boxscore")
    }


def test_a_proof_names_the_publication_the_checks_and_the_code(published):
    proof = prove(published.engine, PLAYER, published.games[0].game_id)
    assert proof.publication.publication == published.engine.ledger.head()
    assert {c.failed + c.unknown for c in proof.checks} == {0}
    assert proof.findings == ()
    assert proof.is_present_code is True
    assert proof.attempt.code == published.engine.code


def test_a_proof_of_a_window_names_every_game_in_it(week):
    proof = prove(week.engine, "form", D3)
    read = {(p.pointer.table, p.pointer.partition) for p in proof.inputs}
    assert read == {("lines", D3), ("totals", f"{D1}/AB"), ("totals", GAME)}


def test_a_proof_names_the_versions_that_were_read_and_not_those_of_today(week):
    before = prove(week.engine, "totals", GAME).inputs
    week.box({GAME: 250})
    assert prove(week.engine, "totals", GAME).inputs == before


def test_a_forced_number_says_so_in_its_proof(small):
    small.days(D2)
    small.box({GAME: 700})
    small.run(D2, forced="a record game")
    proof = prove(small.engine, "totals", GAME)
    assert (proof.publication.kind, proof.publication.reason) == ("forced", "a record game")
    assert [f.check for f in proof.findings] == ["fewer than 500"]


def test_what_is_not_public_cannot_be_proved(week):
    with pytest.raises(NotReady, match="nothing is public"):
        prove(week.engine, "totals", f"{D2}/XX")


def test_a_replay_gives_the_same_rows_bit_by_bit(published):
    head = published.engine.ledger.head()
    for table in ALL:
        assert replay(published.engine, table, published.games[0].game_id).is_equal
    assert published.engine.ledger.head() == head


def test_a_replay_of_a_window_gives_the_same_rows(week):
    assert replay(week.engine, "form", D3).is_equal


def test_a_replay_reads_what_was_read_then(week):
    week.box({GAME: 250})
    assert replay(week.engine, "totals", GAME).is_equal


def test_a_replay_holds_no_lease_that_a_run_needs(week):
    replay(week.engine, "totals", GAME)
    assert week.engine.ledger.holders("totals", D1, D3 + "~") == {}


def test_rows_that_were_changed_behind_our_back_are_not_equal(week):
    spoil(week.engine, "UPDATE versions.box SET points = 201")
    assert not replay(week.engine, "totals", GAME).is_equal


def test_a_row_that_was_edited_in_the_warehouse_is_not_the_same(week):
    spoil(week.engine, f"UPDATE versions.totals SET points = 201 WHERE game = '{GAME}'")
    again = replay(week.engine, "totals", GAME)
    assert (again.is_as_published, again.is_again, again.is_equal) == (False, True, False)


def test_rows_that_are_gone_from_the_warehouse_are_not_the_same(week):
    spoil(week.engine, f"DELETE FROM versions.totals WHERE game = '{GAME}'")
    assert not replay(week.engine, "totals", GAME).is_equal


def test_a_replay_of_what_has_no_record_is_not_equal(week):
    with sqlite3.connect(week.folder / "ledger.sqlite") as c:
        c.execute("DELETE FROM census WHERE partition = ?", (GAME,))
    assert not replay(week.engine, "totals", GAME).is_equal


def test_a_replay_by_other_code_is_refused_and_names_the_revision(week):
    with pytest.raises(Withheld, match=r"Nothing was computed\. Install revision first"):
        replay(changed_code(week), "totals", GAME)


def test_a_proof_tells_that_the_code_has_changed(week):
    assert prove(changed_code(week), "totals", GAME).is_present_code is False


def test_rows_that_other_code_confirmed_are_replayed_by_it(week):
    week.engine = changed_code(week)
    week.run(D1, D3)
    assert prove(week.engine, "totals", GAME).is_present_code


def test_a_proof_is_whole_when_only_one_table_of_the_group_changed(published):
    game = published.games[0].game_id
    rows = published.rows(gamebook_rows, published.games[:1], None)
    rows[0]["player_name"] = "Somebody Else"
    published.land("gamebook_player_stats", rows)
    run(published.engine, DAY, DAY, ALL)
    assert OFFENSE in tables_in(prove(published.engine, PLAYER, game))


def test_a_proof_lists_the_waivers_it_rests_on(week):
    week.engine.ledger.waive("2026-04-01/XY", "never played", "an editor")
    assert prove(week.engine, "totals", GAME).waivers == ()


class Dropping:
    """A warehouse around another that says what it is asked to delete, or breaks instead."""

    def __init__(self, warehouse, is_broken=False):
        self._warehouse, self._is_broken = warehouse, is_broken
        self.dropped, self.asked = [], []

    def __getattr__(self, name):
        return getattr(self._warehouse, name)

    def drop(self, table, versions, before):
        self.asked += [(table.name, version) for version in versions]
        if self._is_broken:
            raise StoreUnavailable("the disk is away")
        self.dropped = self.asked


def collected(small, keep):
    small.clock.pass_s(86400)
    warehouse = Dropping(small.engine.warehouse)
    return warehouse, collect(replace(small.engine, warehouse=warehouse), keep, 3600)


def test_nothing_that_is_public_or_was_public_within_retention_is_collected(week):
    week.box({GAME: 250})
    week.run(D1, D3)
    warehouse, gone = collected(week, 99)
    assert (warehouse.dropped, gone) == ([], {})


def test_what_was_displaced_before_retention_and_what_was_never_public_is_collected(week):
    week.box({GAME: 700})
    week.run(D1, D3)
    week.box({GAME: 250})
    week.run(D1, D3)
    _, gone = collected(week, 0)
    assert gone == {"box": 1, "totals": 1, "form": 1}


def test_what_a_live_attempt_wrote_is_not_collected(week):
    claim = week.engine.ledger.claim("totals", [GAME], run="slow", lease_s=7 * 86400)
    version = week.engine.ledger.open_version(claim.attempt, "totals", "f", ())
    warehouse, _ = collected(week, 0)
    assert ("totals", version) not in warehouse.dropped


def test_what_was_marked_is_named_again_until_it_is_gone(week):
    week.box({GAME: 250})
    week.run(D1, D3)
    broken = Dropping(week.engine.warehouse, is_broken=True)
    week.clock.pass_s(86400)
    with pytest.raises(StoreUnavailable):
        collect(replace(week.engine, warehouse=broken), 0, 3600)
    again, gone = collected(week, 0)
    assert set(broken.asked) <= set(again.dropped)
    assert sum(gone.values()) == len(again.dropped) > 0
    assert collected(week, 0)[0].dropped == []


def test_every_public_row_is_there_after_a_collection(week):
    week.box({GAME: 250})
    week.run(D1, D3)
    before = week.rows("FROM form")
    warehouse, _ = collected(week, 0)
    for table, version in warehouse.dropped:
        spoil(week.engine, f'DELETE FROM versions."{table}" WHERE _version = {version}')
    assert week.rows("FROM form") == before
    assert week.rows("SELECT sum(points) AS n FROM totals") == [{"n": 450}]
