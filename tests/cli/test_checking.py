"""`boxout checks list` and `checks replay`: what checks cover, and what a rule would have done."""

import pytest

from cli.night import DAY, Night

PLAYERS = "player_game_summary"
RULE = "points add up"


@pytest.fixture
def public(landed, boxout) -> Night:
    """A night of four games, all public."""
    assert boxout("run", DAY).code == 0
    return landed


def test_list_names_the_columns_that_no_check_reads(public, boxout):
    done = boxout("checks", "list", PLAYERS)
    assert done.code == 0
    assert "no check reads: dnp_reason, starter" in done.out
    assert "0 checks prove nothing" in done.out
    (table,) = boxout("checks", "list", PLAYERS, "--json").json["tables"]
    check = next(one for one in table["checks"] if one["name"] == RULE)
    assert check["columns"] == ["pts", "fgm", "fg3m", "ftm", "is_dnp"]
    assert check["last"]["counts"]["passed"] == 4


def test_a_check_that_never_ran_is_shown_as_proving_nothing(landed, boxout):
    done = boxout("checks", "list", PLAYERS)
    assert done.code == 0
    assert "never evaluated" in done.out
    assert "checks prove nothing" in done.out


def test_checks_of_a_table_that_is_not_there_are_refused_with_the_likely_slip(landed, boxout):
    done = boxout("checks", "list", "player_game_sumary")
    assert done.code == 2
    assert f"Did you mean {PLAYERS}?" in done.err


def test_a_replay_asks_a_rule_of_what_is_public_and_writes_nothing(public, boxout):
    files = [public.folder / name for name in ("warehouse.duckdb", "ledger.sqlite")]
    before = [file.read_bytes() for file in files]
    done = boxout("checks", "replay", RULE, "--table", PLAYERS, "--season", "2025-26")
    assert done.code == 0
    assert f"'{RULE}' of {PLAYERS}, 2025-07-01..2026-06-30; not on trial" in done.out
    assert "judged 4: 4 passed, 0 would have been withheld (0 failed, 0 unknown)" in done.out
    assert "Nothing was written." in done.out
    assert [file.read_bytes() for file in files] == before


def test_a_replay_shows_what_failed_with_its_rows_and_keys(landed, boxout):
    landed.broken(0)
    assert boxout("land", "team_boxscore.csv").code == 0
    boxout("run", DAY)
    game = landed.ids[0]
    assert boxout("run", game, "--force", "--reason", "seen on film").code == 0
    rule = "sum of players' blk"
    done = boxout("checks", "replay", rule, "--from", DAY, "--to", DAY)
    assert done.code == 0
    assert "judged 4: 3 passed, 1 would have been withheld (1 failed, 0 unknown)" in done.out
    assert f"{game} failed: 1 of 2 rows fail, all equal expected" in done.out
    assert f"game_id {game}" in done.out
    said = boxout("checks", "replay", rule, "--json").json
    assert (said["judged"], said["rows_failed"]) == (4, 1)
    (row,) = said["examples"][game]
    assert row["game_id"] == game
    assert said["findings"][0]["versions"].keys() == {PLAYERS, "team_offense_game_summary"}


def test_a_replay_that_judged_nothing_is_no_pass(public, boxout):
    done = boxout("checks", "replay", RULE, "--table", PLAYERS, "--season", "2023-24", "--json")
    assert done.code == done.json["exit_code"] == 3
    assert done.json["judged"] == 0
    assert "judged 0 partitions" in done.err


def test_a_rule_that_is_not_there_or_not_alone_is_refused(public, boxout):
    done = boxout("checks", "replay", "points ad up")
    assert done.code == 2
    assert f"Did you mean {RULE}?" in done.err
    done = boxout("checks", "replay", RULE)
    assert done.code == 2
    assert "several tables have one of this name; say --table with one of" in done.err
    done = boxout("checks", "replay", RULE, "--table", "schedule")
    assert done.code == 2
    assert "schedule has none of this name" in done.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--season", "2023"], "write it as 2023-24"),
        (["--season", "2023-25"], "write it as 2023-24"),
        (["--season", "2023-24", "--from", DAY], "leave --from and --to away"),
        (["--from", "2026-02-04", "--to", DAY], "the range ends before it begins"),
    ],
)
def test_a_range_that_cannot_be_is_refused(public, boxout, words, told):
    done = boxout("checks", "replay", RULE, "--table", PLAYERS, *words)
    assert done.code == 2
    assert told in done.err
