"""`boxout audit` and `prove --replay` on a project that somebody has changed by hand."""

from shutil import copyfile

import duckdb
import pytest

from cli.night import DAY, Night, held

PLAYERS = "player_game_summary"


@pytest.fixture
def public(landed, boxout) -> Night:
    """A night of four games, all public."""
    assert boxout("run", DAY).code == 0
    return landed


def by_hand(night: Night, sql: str) -> None:
    with duckdb.connect(str(night.folder / "warehouse.duckdb")) as connection:
        connection.execute(sql)


def test_a_project_that_nobody_touched_passes_and_says_what_was_compared(public, boxout):
    done = boxout("audit")
    assert done.code == 0
    assert "compared up to publication" in done.out
    assert done.out.endswith(": 0 faults")
    said = boxout("audit", DAY, "--json").json
    assert (said["faults"], said["told"]) == ([], [])
    assert said["partitions"] == 1 + 4 * 5
    assert said["rows"] == 4 + 4 * (28 + 2 + 2 + 2 + 28)


def test_an_edited_row_ends_with_4_and_says_what_to_type_next(public, boxout):
    game = public.ids[0]
    by_hand(public, f"UPDATE versions.{PLAYERS} SET dnp_reason = 'x' WHERE game_id = '{game}'")
    assert boxout("audit", "2026-02-04").code == 0
    done = boxout("audit", DAY, "--json")
    assert done.code == done.json["exit_code"] == 4
    (fault,) = done.json["faults"]
    assert (fault["kind"], fault["table"], fault["partition"]) == ("edited", PLAYERS, game)
    step = fault["next_step"]
    assert step == f"boxout recheck {DAY} --take-back, then boxout run {DAY}"
    shown = boxout("audit")
    assert shown.code == 4
    assert f"Next: {step}" in shown.err
    for words in step.split(", then "):
        assert boxout(*words.split()[1:]).code == 0
    assert boxout("audit").code == 0


def test_a_row_that_was_edited_by_hand_is_not_replayed_as_the_same(public, boxout):
    game = public.ids[0]
    by_hand(public, f"UPDATE versions.{PLAYERS} SET dnp_reason = 'x' WHERE game_id = '{game}'")
    done = boxout("prove", PLAYERS, game, "--replay")
    assert done.code == 4
    assert "OTHER ROWS in the warehouse than were published, which came out again" in done.out
    assert f"Next: boxout recheck {DAY} --take-back" in done.err
    said = boxout("prove", PLAYERS, game, "--replay", "--json").json["replayed"]
    assert (said["is_equal"], said["is_as_published"]) == (False, False)
    assert said["public"] == said["again"] != said["held"]


def test_recheck_tells_rows_that_no_check_looks_at(public, boxout):
    game = public.ids[0]
    by_hand(public, f"UPDATE versions.{PLAYERS} SET dnp_reason = 'x' WHERE game_id = '{game}'")
    done = boxout("recheck", DAY)
    assert done.code == 4
    assert f"rows of {PLAYERS}: failed, not those that were published" in done.out


def test_pointers_and_views_are_mended_and_nothing_else_is_written(public, boxout):
    by_hand(public, "DELETE FROM boxout.pointers WHERE tbl = 'schedule'")
    by_hand(public, f"CREATE OR REPLACE VIEW {PLAYERS} AS SELECT 1 AS pts")
    done = boxout("audit", "--json")
    assert done.code == 4
    assert {one["kind"] for one in done.json["faults"]} == {"pointer", "view"}
    assert {one["next_step"] for one in done.json["faults"]} == {"boxout audit --mend"}
    assert boxout("audit", "--mend").code == 0
    assert boxout("query", "SELECT count(*) AS n FROM schedule", "--json").json == [{"n": 4}]


def test_the_audit_itself_writes_nothing(public, boxout):
    by_hand(public, "DELETE FROM boxout.pointers WHERE tbl = 'schedule'")
    files = [public.folder / name for name in ("warehouse.duckdb", "ledger.sqlite")]
    before = [file.read_bytes() for file in files]
    assert boxout("audit").code == 4
    assert [file.read_bytes() for file in files] == before


def test_a_held_warehouse_is_told(public, boxout):
    with held(public.folder):
        assert boxout("audit").code == 5


def test_before_anything_was_landed_there_is_nothing_to_audit(night, boxout):
    assert boxout("audit").code == 3


def test_a_forced_game_is_told_and_is_no_fault(landed, boxout):
    assert boxout("land", landed.broken(0)).code == 0
    boxout("run", DAY)
    assert boxout("run", landed.ids[0], "--force", "--reason", "seen on film").code == 0
    done = boxout("audit")
    assert done.code == 0
    assert "3 forced" in done.out
    assert "seen on film" in done.out


def test_a_backup_in_the_place_of_the_ledger_is_refused_until_it_is_mended(public, boxout):
    ledger, backup = public.folder / "ledger.sqlite", public.folder / "backup.sqlite"
    copyfile(ledger, backup)
    boxout("rollback", PLAYERS, public.ids[0], "--reason", "wrong", "--yes")
    copyfile(backup, ledger)
    for words in (("run", DAY), ("rollback", PLAYERS, public.ids[1], "--reason", "x", "--yes")):
        done = boxout(*words)
        assert done.code == 5
        assert "of another history" in done.err
    assert "history" in boxout("audit").out
    boxout("audit", "--mend")
    assert boxout("run", DAY).code == 0
    assert boxout("audit").code == 0
