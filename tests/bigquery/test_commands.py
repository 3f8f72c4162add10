"""The commands of a project whose rows are in BigQuery."""

from boxout.project import open_project
from cli.night import DAY


def test_nothing_can_be_asked_before_anything_was_landed(boxout, night):
    said = boxout("query", "SELECT 1")
    assert (said.code, "nothing has been landed" in said.err) == (3, True)


def test_a_night_is_landed_computed_asked_and_taken_back(boxout, night):
    first = night.ids[0]
    assert boxout("land", *night.files()).code == 0
    told = boxout("run", DAY, "--dry-run", "--json").json
    assert [(one["table"], one["partitions"]) for one in told["tables"]] == [
        ("team_offense_game_summary", 4),
        ("team_defense_game_summary", 4),
        ("player_game_summary", 4),
    ]
    assert (told["bytes_read"], told["bytes_billed_max"]) == (0, 100_000_000_000)
    assert boxout("query", "SELECT 1 FROM player_game_summary", "--json").json == []
    ran = boxout("run", DAY, "--json")
    assert (ran.code, ran.json["billed"]["jobs"] > 10) == (0, True)
    assert not list(night.folder.glob("*.duckdb"))
    asked = "SELECT DISTINCT game_id FROM player_game_summary ORDER BY game_id"
    assert [row["game_id"] for row in boxout("query", asked, "--json").json] == sorted(night.ids)
    assert boxout("audit").code == 0
    assert boxout("rollback", "team_boxscore", first, "--reason", "wrong file", "--yes").code == 0
    assert first not in boxout("query", asked).out
    assert first in boxout("query", asked, "--at", "4").out
    assert boxout("audit").code == 0
    table = open_project(night.folder).table("team_offense_game_summary").to_polars()
    assert sorted(set(table["game_id"])) == sorted(night.ids[1:])


def test_a_question_cannot_write(boxout, night):
    boxout("land", night.schedule())
    said = boxout("query", "DELETE FROM schedule WHERE TRUE")
    assert (said.code, "one statement that reads expected" in said.err) == (2, True)


def test_one_broken_game_is_withheld_and_the_others_go_out(boxout, night):
    first, second = night.ids[:2]
    boxout("land", night.schedule(), night.gamebook(), night.broken(game=0))
    assert boxout("run", DAY).code == 4
    assert "blk" in boxout("why", "player_game_summary", first).out
    public = boxout("query", "SELECT DISTINCT game_id FROM player_game_summary").out
    assert (first in public, second in public) == (False, True)
