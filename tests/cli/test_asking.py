"""`boxout status`, `why` and `history`, as somebody reads them."""

import re
import sqlite3
from contextlib import closing

import pytest

from boxout_nba.simulator import gamebook_rows
from cli.night import DAY

PLAYERS = "player_game_summary"


def correct(night, game: int) -> str:
    rows = night.rows(gamebook_rows, [night.games[game]])
    rows[0]["player_name"] = "Some Body"
    return night.csv("gamebook_fix.csv", rows)


@pytest.fixture
def mixed(night, boxout):
    """One game fresh, one withheld, one at half-time, one live."""
    team = night.rows_of(night.broken(1))
    night.team_box(night.games[2:3], periods=2)
    team[4:] = night.rows_of("team_boxscore.csv")
    night.csv("team_boxscore.csv", team)
    night.gamebook(night.games[2:3], periods=2)
    half = night.rows_of("gamebook.csv")
    night.gamebook(night.games[:2])
    night.csv("gamebook.csv", [*night.rows_of("gamebook.csv"), *half])
    boxout("land", night.schedule(g3="live"), "gamebook.csv", "team_boxscore.csv")
    boxout("run", DAY)
    return night


def test_status_tells_the_states_apart_in_a_grid_with_totals(mixed, boxout):
    done = boxout("status", DAY)
    assert done.code == 0
    assert f"{DAY} ●1 ●2 …1 ·3 ●2 …1 ·3 ●1 ✗1 …2 ●1 ✗1 …2 ●1 ✗1 …2" in done.out
    assert "● 8 fresh ✗ 3 withheld … 8 waiting · 6 missing" in done.out
    assert "See: boxout why team_offense_game_summary" in done.out


def test_status_in_json_has_days_totals_and_what_to_look_at(mixed, boxout):
    said = boxout("status", DAY, "--json").json
    assert said["days"][DAY][PLAYERS] == {"fresh": 1, "withheld": 1, "waiting": 2}
    assert said["totals"] == {"fresh": 8, "withheld": 3, "waiting": 8, "missing": 6}
    assert {one["partition"] for one in said["look_at"]} == {mixed.ids[1]}


def test_status_without_a_date_shows_the_latest(landed, boxout):
    assert boxout("status").out.count(DAY) == 1


def test_status_of_a_date_without_anything_says_so(landed, boxout):
    done = boxout("status", "2031-01-01")
    assert done.code == 0
    assert "2031-01-01: nothing has arrived, and nothing is expected." in done.out


def test_status_names_a_table_that_the_pipeline_has_no_more(landed, boxout):
    assert boxout("run", DAY).code == 0
    with closing(sqlite3.connect(landed.folder / "ledger.sqlite")) as ledger, ledger:
        ledger.execute("INSERT INTO publication_move VALUES ('old_summary', 1, 'a', 'b')")
    told = "not in the pipeline any more, so not shown: old_summary (the rows are kept)"
    assert told in boxout("status", DAY).out
    assert boxout("status", DAY, "--json").json["retired"] == ["old_summary"]


def test_what_was_corrected_is_stale_with_both_versions(mixed, boxout):
    assert boxout("land", correct(mixed, 0)).code == 0
    assert boxout("status", DAY, "--json").json["days"][DAY][PLAYERS]["stale"] == 1
    said = boxout("why", PLAYERS, mixed.ids[0]).out
    assert f"{PLAYERS} {mixed.ids[0]}: stale, gamebook_player_stats: is version" in said
    assert "ready, 28 rows, version 7; last built from version 2" in said
    assert re.search("Readers still see version [56], 28 rows, since publication 4", said)
    assert f"Next: boxout run {mixed.ids[0]}" in said


def test_what_is_fresh_names_its_publication_and_its_inputs(mixed, boxout):
    said = boxout("why", PLAYERS, mixed.ids[0]).out
    assert "fresh, it is public, and nothing it read has moved." in said
    assert "gamebook_player_stats ready, 28 rows, version 2" in said
    assert "team_offense_game_summary published together with it, version 4" in said
    assert "schedule says final, since publication 1" in said
    assert re.search("Readers see version [56], 28 rows, since publication 4", said)


@pytest.mark.parametrize("table", [PLAYERS, "team_offense_game_summary"])
def test_what_is_withheld_shows_check_count_rows_and_what_readers_see(mixed, boxout, table):
    said = boxout("why", table, mixed.ids[1]).out
    assert "withheld, 1 check did not pass." in said
    assert "sum of players' blk failed: 1 of 2 rows fail, all equal expected" in said
    assert f"game_id {mixed.ids[1]} team {mixed.games[1].away} sum_blk" in said
    assert "Readers see nothing of it." in said
    assert "Next: boxout land FILE # with the rows put right" in said


def test_examples_are_rows_in_json(mixed, boxout):
    said = boxout("why", PLAYERS, mixed.ids[1], "--json").json
    (row,) = said["examples"]["sum of players' blk"]
    assert row["game_id"] == mixed.ids[1]
    assert row["blk"] == row["sum_blk"] + 1


def test_without_the_warehouse_there_are_no_examples_and_the_answer_says_why(mixed, boxout, held):
    with held(mixed.folder):
        done = boxout("why", PLAYERS, mixed.ids[1])
    assert done.code == 0
    assert "sum of players' blk failed: 1 of 2 rows fail" in done.out
    assert "No example rows:" in done.out
    assert "is held by process" in done.out


def test_a_withheld_correction_says_what_readers_still_see(mixed, boxout):
    boxout("land", mixed.broken(0))
    assert boxout("run", mixed.ids[0]).code == 4
    assert boxout("status", DAY, "--json").json["days"][DAY][PLAYERS]["withheld"] == 2
    said = boxout("why", PLAYERS, mixed.ids[0]).out
    assert "withheld, 1 check did not pass." in said
    assert re.search("Readers still see version [56], 28 rows, since publication 4", said)


def test_what_waits_names_each_input_with_found_and_needed(mixed, boxout):
    said = boxout("why", PLAYERS, mixed.ids[2]).out
    assert "waiting, team_boxscore, gamebook_player_stats, player_boxscore not ready." in said
    assert "not ready: player minutes off team minutes 120, 0 to 2 expected" in said
    assert "team_boxscore not ready: team minutes 120, at least 240 expected" in said
    assert "player_boxscore (fallback) not ready: has not arrived" in said
    assert f"Next: boxout why team_boxscore {mixed.ids[2]}" in said


def test_a_game_that_is_not_final_says_so_first(mixed, boxout):
    said = boxout("why", PLAYERS, mixed.ids[3]).out
    assert "waiting, schedule says live, since publication 1, final needed." in said


def test_without_a_schedule_the_answer_is_the_schedule(mixed, boxout):
    said = boxout("why", PLAYERS, "2026-02-11/BOS@LAL").out
    assert "waiting, no rows of schedule for 2026-02-11 have arrived." in said
    assert "Next: boxout land FILE # one that holds schedule of 2026-02-11" in said


def test_a_reversed_game_is_answered_with_the_game_that_was_meant(mixed, boxout):
    away, home = mixed.games[0].away, mixed.games[0].home
    said = boxout("why", PLAYERS, f"{DAY}/{home}@{away}").out
    assert f"schedule does not list {DAY}/{home}@{away}. Did you mean {mixed.ids[0]}?" in said
    assert f"Next: boxout why {PLAYERS} {mixed.ids[0]}" in said


def test_what_is_ready_and_was_never_run_is_missing(landed, boxout):
    said = boxout("why", PLAYERS, landed.ids[0]).out
    assert "missing, everything it needs is ready, and nothing has been computed yet." in said
    assert f"Next: boxout run {landed.ids[0]}" in said


def test_an_incomplete_source_says_what_is_lacking(mixed, boxout):
    said = boxout("why", "team_boxscore", mixed.ids[2]).out
    assert "waiting, it is public and not complete, so nothing is computed from it." in said
    assert "team minutes failed: 120, at least 240 expected (team_boxscore version 3)" in said


def test_a_source_that_has_not_arrived_says_what_the_schedule_expects(landed, boxout):
    said = boxout("why", "player_boxscore", landed.ids[0]).out
    assert "missing, it has not arrived; schedule says final" in said


def test_changed_code_is_seen_by_status_and_why(mixed, boxout, monkeypatch):
    monkeypatch.setattr("boxout.project.Project.fingerprints", lambda _: {PLAYERS: "another"})
    assert boxout("status", DAY, "--json").json["days"][DAY][PLAYERS]["stale"] == 1
    said = boxout("why", PLAYERS, mixed.ids[0]).out
    assert "stale, player_game_summary: its code or its checks changed" in said


def test_a_bare_date_is_answered_with_the_games_of_it(landed, boxout):
    done = boxout("why", PLAYERS, DAY)
    assert done.code == 2
    assert f"name one of {', '.join(sorted(landed.ids))}" in done.err


def test_history_shows_what_was_ever_public_and_what_is(mixed, boxout):
    boxout("land", correct(mixed, 0))
    boxout("run", mixed.ids[0])
    rows = boxout("history", PLAYERS, mixed.ids[0], "--json").json
    assert [row["is_public"] for row in rows] == [True, False]
    assert rows[0]["publication"] > rows[1]["publication"]
    assert all(row["rows"] == 28 for row in rows)
    assert "readers see it" in boxout("history", PLAYERS, mixed.ids[0]).out


def test_history_of_what_was_never_public_says_so(landed, boxout):
    done = boxout("history", PLAYERS, landed.ids[0])
    assert done.code == 0
    assert "was never public. See: boxout why" in done.out
