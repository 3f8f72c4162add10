"""`boxout quarantine`: what was set aside, the rows themselves, and reading them again."""

import pytest

from boxout_nba.simulator import team_rows
from cli.night import DAY
from cli.test_resolve import players, props, public


@pytest.fixture
def aside(landed, boxout):
    """A night of which three rows of team box scores were set aside."""
    rows = landed.rows(team_rows)
    rows[1]["pts"] = "many"
    rows[2]["team"] = "XXX"
    rows[4]["pts"] = "few"
    boxout("land", landed.csv("team_boxscore.csv", rows))
    return landed


def test_nothing_is_in_quarantine_at_first(landed, boxout):
    assert boxout("quarantine", "list", "--json").json == {"quarantine": []}
    assert boxout("quarantine", "show", "--json").json == {"rows": []}
    done = boxout("quarantine", "replay", "--json")
    assert (done.code, done.json) == (0, {"replayed": [], "refused": [], "waiting": 0})


def test_rows_are_counted_by_table_file_and_reason(aside, boxout):
    found = boxout("quarantine", "list", "--json").json["quarantine"]
    assert [(one["reason"], one["rows"], one["waiting"]) for one in found] == [
        ("pts is not of type int64", 2, 2),
        ("team does not play in the game", 1, 1),
    ]
    assert {(one["table"], one["file"]) for one in found} == {
        ("team_boxscore", "team_boxscore.csv")
    }
    assert "team_boxscore.csv pts is not of type int64 2 2" in boxout("quarantine", "list").out


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ((), [3, 4, 6]),
        (("--reason", "PTS"), [3, 6]),
        (("--table", "schedule"), []),
        (("--file", "other.csv"), []),
        (("--partition", DAY), [3, 4, 6]),
        (("--partition", "2026-02-04"), []),
    ],
)
def test_rows_are_found_by_table_file_reason_and_partition(aside, boxout, words, lines):
    rows = boxout("quarantine", "show", *words, "--json").json["rows"]
    assert [row["line"] for row in rows] == lines


def test_one_game_is_a_partition_too(aside, boxout):
    rows = boxout("quarantine", "show", "--partition", aside.ids[0], "--json").json["rows"]
    assert [row["line"] for row in rows] == [3]


def test_a_row_is_shown_as_its_file_had_it(aside, boxout):
    row = boxout("quarantine", "show", "--reason", "pts", "--json").json["rows"][0]
    assert row["original"]["pts"] == "many"
    assert row["key"] == {"game_id": aside.ids[0], "team": aside.games[0].home}
    assert '"pts": "many"' in boxout("quarantine", "show").raw


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--table", "team_boxscor"), "Did you mean team_boxscore?"),
        (("--partition", "soon"), "write 2026-02-03"),
    ],
)
@pytest.mark.parametrize("command", ["list", "show", "replay"])
def test_what_cannot_be_is_refused(landed, boxout, command, words, said):
    done = boxout("quarantine", command, *words)
    assert done.code == 2
    assert said in done.err


def test_before_anything_was_landed_it_says_so(night, boxout):
    assert boxout("quarantine", "list").code == 3


def test_rows_that_still_do_not_pass_go_on_waiting(aside, boxout):
    done = boxout("quarantine", "replay")
    assert done.code == 4
    assert "Still waiting: 3 rows. See: boxout quarantine show" in done.err


def test_a_replayed_row_is_no_longer_shown_and_still_counted(landed, boxout):
    known = players(landed, landed.games[0].home)
    boxout("land", props(landed, known[1], "nick"))
    boxout("resolve", "nick", known[0], "--reason", "his nickname")
    (one,) = boxout("quarantine", "list", "--json").json["quarantine"]
    assert (one["rows"], one["waiting"], one["taken_in"]) == (1, 0, 1)
    assert boxout("quarantine", "show", "--json").json == {"rows": []}
    assert "taken in by publication" in boxout("quarantine", "show", "--all").out


def test_a_later_arrival_is_never_displaced_and_it_is_told(landed, boxout):
    known = players(landed, landed.games[0].home)
    boxout("land", props(landed, known[1], "nick"))
    landed.csv("later_props.csv", landed.rows_of(props(landed, known[2])))
    boxout("land", "later_props.csv", "--reader", "player_props")
    boxout("resolve", "nick", known[0], "--reason", "his nickname")
    assert public(boxout) == [known[2]]
    (one,) = boxout("quarantine", "list", "--json").json["quarantine"]
    assert (one["waiting"], one["replaced"]) == (0, 1)
    assert "replaced by version" in boxout("quarantine", "show", "--all").out


def test_a_file_held_back_whole_names_the_next_step_and_goes_out_with_a_reason(night, boxout):
    rows = night.rows(team_rows)
    for row in rows[:5]:
        row["team"] = "XXX"
    name = night.csv("team_boxscore.csv", rows)
    done = boxout("land", name)
    assert done.code == 4
    assert "1 file held back whole: a rule or the file is wrong" in done.err
    assert f"boxout land {name} --force --reason WHY" in done.err
    assert boxout("land", name, "--force").code == 2
    assert boxout("land", name, "--reason", "seen on film").code == 2
    done = boxout("land", name, "--force", "--reason", "five teams of another league", "--json")
    (landed,) = done.json["landed"]
    assert (landed["rows"], landed["withheld"]) == (3, {})
    assert len(landed["public"]) == 2
