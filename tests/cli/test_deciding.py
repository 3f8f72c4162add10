"""What a person decides and asks on the command line: rollback, waiver, force, proof, diff."""

import pytest

from boxout.cli.main import answer
from boxout_nba.simulator import gamebook_rows, team_rows
from cli.night import DAY

PLAYERS, OFFENSE = "player_game_summary", "team_offense_game_summary"
UNIT_TABLES = 3


@pytest.fixture(scope="module")
def public_once(landed_once, tmp_path_factory):
    """A night of four games, all public; made once, and copied for every test."""
    made = landed_once.copied(tmp_path_factory.mktemp("public") / "project")
    assert answer(["run", DAY, "-p", str(made.folder)]) == 0
    return made


@pytest.fixture(scope="module")
def corrected_once(public_once, tmp_path_factory):
    """One line of one game corrected, and the game computed again."""
    made = public_once.copied(tmp_path_factory.mktemp("corrected") / "project")
    rows = made.rows(gamebook_rows, [made.games[0]])
    rows[0]["player_name"] = "Some Body"
    file = made.folder / made.csv("gamebook_fix.csv", rows)
    assert answer(["land", str(file), "-p", str(made.folder)]) == 0
    assert answer(["repair", "-p", str(made.folder)]) == 0
    return made


@pytest.fixture
def public(public_once, tmp_path, monkeypatch):
    """A night of four games, all public; the test is in its folder."""
    made = public_once.copied(tmp_path / "project")
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def corrected(corrected_once, tmp_path, monkeypatch):
    """The same with one line corrected; the test is in its folder."""
    made = corrected_once.copied(tmp_path / "project")
    monkeypatch.chdir(made.folder)
    return made


def names(boxout, game: str) -> set[str]:
    sql = f"SELECT player_name AS name FROM {PLAYERS} WHERE game_id = '{game}'"
    return {row["name"] for row in boxout("query", sql, "--json").json}


def test_a_rollback_shows_its_plan_and_does_it_in_one_publication(corrected, boxout):
    game = corrected.ids[0]
    assert "Some Body" in names(boxout, game)
    done = boxout("rollback", "gamebook_player_stats", game, "--reason", "typo", "--yes")
    assert done.code == 0
    assert "Undo it with: boxout rollback --publication" in done.out
    assert "Some Body" not in names(boxout, game)
    assert len(names(boxout, game)) > 20
    told = boxout("history", PLAYERS, game).out
    assert "ROLLBACK: typo" in told


def test_a_rollback_is_undone_by_rolling_it_back(corrected, boxout):
    game = corrected.ids[0]
    asked = ("rollback", "gamebook_player_stats", game, "--reason", "typo", "--yes", "--json")
    number = boxout(*asked).json["publication"]
    boxout("rollback", "--publication", str(number), "--reason", "it was right", "--yes")
    assert "Some Body" in names(boxout, game)
    assert boxout("repair").code == 0


def test_without_yes_a_rollback_in_json_only_shows(corrected, boxout):
    asked = ("rollback", "gamebook_player_stats", corrected.ids[0], "--reason", "typo", "--json")
    said = boxout(*asked).json
    assert said["publication"] is None
    assert {one["to"] is None for one in said["plan"]} == {False}
    assert "Some Body" in names(boxout, corrected.ids[0])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("rollback", "--publication", "1"), "say why"),
        (("rollback", "--reason", "x"), "name one target"),
        (("rollback", "--publication", "1", "--run", "r", "--reason", "x"), "name one target"),
        (("rollback", "--publication", "99", "--reason", "x"), "there are 1 to"),
        (("rollback", "nothing", DAY, "--reason", "x"), "no such table"),
        (("waive", "2031-01-01/BOS@LAL", "--reason", "x"), "never listed it"),
        (("waive", "2031-01-01/BOS@LAL"), "say why"),
        (("waive", "2031-01-01/BOS@LAL", "--undo"), "say why"),
        (("waive", "2031-01-01/BOS@LAL", "--undo", "--reason", "x"), "it is not waived"),
        (("acknowledge", "2031-01-01/BOS@LAL"), "nobody waits for it"),
        (("run", DAY, "--force"), "say why"),
        (("run", DAY, "--reason", "x"), "--reason goes with --force"),
    ],
)
def test_a_decision_that_says_too_little_changes_nothing(public, boxout, words, told):
    done = boxout(*words)
    assert done.code == 2
    assert told in done.err


def test_a_waived_game_is_asked_for_no_more(night, boxout):
    boxout("land", night.schedule(), night.gamebook(night.games[1:]))
    boxout("land", night.team_box(night.games[1:]))
    assert boxout("run", DAY).code == 3
    assert night.ids[0] in boxout("waiting").out
    assert boxout("waive", night.ids[0], "--reason", "the league lost it").code == 0
    assert boxout("run", DAY).code == 0
    assert boxout("waiting", "--json").json["work"][0]["ended"] == "waived"


def test_a_waiver_that_is_undone_lets_the_game_come_after_all(night, boxout):
    boxout("land", night.schedule(), night.gamebook(night.games[1:]))
    boxout("land", night.team_box(night.games[1:]))
    boxout("run", DAY)
    boxout("waive", night.ids[0], "--reason", "the league lost it")
    done = boxout("waive", night.ids[0], "--undo", "--reason", "it was found")
    assert done.code == 0
    assert "waived no more" in done.out
    assert boxout("waiting", "--json").json["work"][0]["ended"] is None
    boxout("land", night.gamebook(), night.team_box())
    assert boxout("repair").code == 0
    assert boxout("why", PLAYERS, night.ids[0], "--json").json["state"] == "fresh"


def test_a_waiver_is_undone_with_the_word_that_the_calendar_has_by_then(night, boxout):
    boxout("land", night.schedule(), night.gamebook(), night.team_box())
    boxout("waive", night.ids[0], "--reason", "the league lost it")
    boxout("land", night.schedule(g0="postponed"))
    assert "1 waived" in boxout("run", DAY).out
    boxout("waive", night.ids[0], "--undo", "--reason", "it was found")
    assert "1 postponed" in boxout("run", DAY).out


def test_an_alert_is_acknowledged(night, boxout):
    boxout("land", night.schedule(), night.gamebook(night.games[1:]))
    boxout("run", DAY)
    assert boxout("acknowledge", night.ids[0]).code == 0
    work = boxout("waiting", "--json").json["work"]
    assert {one["ended"] for one in work if one["partition"] == night.ids[0]} == {"acknowledged"}


def test_a_forced_publication_is_marked_in_every_view_of_it(landed, boxout):
    rows = landed.rows(team_rows)
    rows[0]["blk"] += 1
    boxout("land", landed.csv("team_boxscore_fix.csv", rows), "--reader", "team_boxscore")
    assert boxout("run", DAY).code == 4
    assert boxout("run", DAY, "--force", "--reason", "seen on tape").code == 0
    game = landed.ids[0]
    for words in (
        ("status", DAY),
        ("why", PLAYERS, game),
        ("history", PLAYERS, game),
        ("prove", PLAYERS, game),
    ):
        assert "FORCED" in boxout(*words).out, words
    assert boxout("status", DAY, "--json").json["forced"]


def test_a_number_is_proved_down_to_its_file_and_computed_again(public, boxout):
    done = boxout("prove", PLAYERS, public.ids[0], "--replay")
    assert done.code == 0
    assert "the same rows, bit by bit" in done.out
    assert "SHA-256" in done.out
    assert "gamebook.csv" in done.out
    said = boxout("prove", PLAYERS, public.ids[0], "--replay", "--json").json
    assert said["replayed"]["is_equal"] is True
    assert said["proof"]["is_present_code"] is True


def test_a_diff_names_row_column_before_and_after(corrected, boxout):
    done = boxout("diff", PLAYERS, corrected.ids[0])
    assert "0 rows added, 0 gone, 1 changed" in done.out
    assert "player_name" in done.out
    assert "Some Body" in done.out
    assert boxout("diff", PLAYERS, corrected.ids[1], "--from", "1", "--to", "1").code == 0


def test_what_is_public_passes_its_checks_again(public, boxout):
    assert boxout("recheck").code == 0


def test_rows_that_nobody_can_need_are_deleted_and_the_rest_stays(corrected, boxout):
    gone = boxout("gc", "--keep", "0", "--older-than", "0", "--json").json["deleted"]
    assert gone
    assert "Some Body" in names(boxout, corrected.ids[0])
    assert boxout("repair").code == 0


def test_the_pipeline_is_simulated(public, boxout):
    done = boxout("simulate", "--seeds", "5")
    assert done.code == 0
    assert "no promise was broken" in done.out


def test_a_query_sees_what_an_earlier_publication_left(corrected, boxout):
    game = corrected.ids[0]
    before = boxout("history", PLAYERS, game, "--json").json[-1]["publication"]
    sql = f"SELECT player_name AS name FROM {PLAYERS} WHERE game_id = '{game}'"
    then = {row["name"] for row in boxout("query", sql, "--at", str(before), "--json").json}
    assert len(then) > 20
    assert "Some Body" not in then
    assert "Some Body" in names(boxout, game)
    assert boxout("query", sql, "--at", "999").code == 5


def test_a_query_of_what_is_not_kept_any_more_is_refused(corrected, boxout):
    fixed = boxout("history", PLAYERS, corrected.ids[0], "--json").json[0]["publication"]
    rows = corrected.rows(gamebook_rows, [corrected.games[0]])
    rows[0]["player_name"] = "Any Body"
    boxout("land", corrected.csv("gamebook_fix.csv", rows))
    boxout("repair")
    boxout("gc", "--keep", "0", "--older-than", "0")
    done = boxout("query", f"FROM {PLAYERS}", "--at", str(fixed))
    assert done.code == 2
    assert "not kept any more" in done.err
