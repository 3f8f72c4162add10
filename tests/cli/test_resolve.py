"""`boxout resolve`: who waits, who is meant, and how a word is taken back."""

import pytest

from boxout.cli.main import answer
from boxout_nba.simulator import gamebook_rows
from cli.night import DAY


def props(night, *lookups, game=0, **changed):
    """A file with a line on each of these players in one game."""
    rows = [
        {
            "game_date": DAY,
            "game_id": night.ids[game],
            "player_lookup": one,
            "player_name": one,
            "market": "points",
            "bookmaker": "book",
            "seen_at": "12:00",
            "line": 20.5,
            "over_odds": -110,
            "under_odds": -110,
        }
        | changed
        for one in lookups
    ]
    return night.csv("player_props.csv", rows)


def players(night, team):
    return [r["player_lookup"] for r in night.rows(gamebook_rows) if r["team"] == team]


@pytest.fixture
def home(landed):
    """The team at home in the first game."""
    return landed.games[0].home


def public(boxout):
    rows = boxout("query", "SELECT player_lookup FROM player_props ORDER BY 1", "--json").json
    return [row["player_lookup"] for row in rows]


def test_landing_says_that_rows_wait_to_be_resolved(landed, boxout):
    done = boxout("land", props(landed, "nick"))
    assert done.code == 4
    assert "set aside 1 row: unresolved player, line 2" in done.out
    assert "To be resolved: 1 row. See: boxout resolve" in done.err


def test_nobody_waits_at_first(landed, boxout):
    assert boxout("resolve", "--json").json == {"unresolved": []}


def test_the_queue_has_rows_files_teams_and_who_may_be_meant(landed, home, boxout):
    known = players(landed, home)[0]
    boxout("land", props(landed, known[:-1], "nick", "nick"))
    (first, second) = boxout("resolve", "--json").json["unresolved"]
    assert (first["value"], first["rows"], second["value"]) == ("nick", 2, known[:-1])
    assert second["likely"][0] == known
    assert second["groups"] == sorted([landed.games[0].away, home])
    assert second["files"] == ["player_props.csv"]
    assert known in boxout("resolve").out


def test_a_resolved_name_goes_public_at_once(landed, home, boxout):
    known = players(landed, home)
    boxout("land", props(landed, known[1], "nick"))
    done = boxout("resolve", "nick", known[0], "--reason", "his nickname")
    assert done.code == 0, done.err
    assert f"nick means {known[0]}: his nickname" in done.out
    assert public(boxout) == sorted(known[:2])
    assert boxout("resolve", "--json").json == {"unresolved": []}


def test_what_is_typed_as_a_name_is_brought_into_the_form_of_the_directory(landed, home, boxout):
    row = next(r for r in landed.rows(gamebook_rows) if r["team"] == home)
    boxout("land", props(landed, "nick"))
    assert boxout("resolve", "Nick", row["player_name"], "--reason", "it is him").code == 0
    assert public(boxout) == [row["player_lookup"]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nick", "nobodyatall"), "nobodyatall: is not known. Nothing was changed."),
        (("nick", "{known}", "--team", "XXX"), "--team XXX: nobody is known there"),
        (("nick", "{known}", "--team", "{other}"), "is not known"),
        (("{known}", "{known}"), "means himself"),
        (("nick",), "say VALUE OFFICIAL, or VALUE --undo"),
        (("nick", "{known}", "--undo"), "say VALUE OFFICIAL, or VALUE --undo"),
        (("nick", "--undo"), "no alias holds"),
        (("nick", "{known}", "--kind", "coach"), "--kind coach: no such directory"),
    ],
)
def test_a_word_that_cannot_hold_is_refused(landed, home, boxout, words, said):
    boxout("land", props(landed, "nick"))
    names = {"known": players(landed, home)[0], "other": landed.games[1].home}
    asked = [word.format(**names) for word in words]
    done = boxout("resolve", *asked, "--reason", "because")
    assert done.code == 2
    assert said in done.err
    assert boxout("resolve", "--list", "--json").json == {"aliases": []}


def test_a_word_without_a_reason_is_refused(landed, home, boxout):
    done = boxout("resolve", "nick", players(landed, home)[0])
    assert done.code == 2
    assert "say why" in done.err


def test_a_second_meaning_is_refused_until_the_first_is_taken_back(landed, home, boxout):
    known = players(landed, home)
    boxout("resolve", "nick", known[0], "--reason", "his nickname")
    done = boxout("resolve", "nick", known[1], "--reason", "his too")
    assert done.code == 2
    assert f"nick: means {known[0]} already" in done.err
    assert boxout("resolve", "nick", "--undo", "--reason", "wrong").code == 0
    assert boxout("resolve", "nick", known[1], "--reason", "his too").code == 0


def test_an_alias_of_one_team_is_for_its_rows_only(landed, home, boxout):
    known = players(landed, home)
    boxout("land", props(landed, "nick", game=1))
    done = boxout("resolve", "nick", known[0], "--team", home, "--reason", "his nickname", "--json")
    assert (done.code, done.json["replayed"]) == (0, [])
    assert [one["value"] for one in boxout("resolve", "--json").json["unresolved"]] == ["nick"]


def test_an_alias_that_is_taken_back_takes_its_rows_out_and_names_the_files(landed, home, boxout):
    known = players(landed, home)
    boxout("land", props(landed, known[1], "nick"))
    boxout("resolve", "nick", known[0], "--reason", "his nickname")
    boxout("land", props(landed, known[1], "nick", seen_at="13:00"))
    assert public(boxout) == sorted(known[:2])
    done = boxout("resolve", "nick", "--undo", "--reason", "it was his brother", "--json")
    assert done.json["files"] == ["player_props.csv"]
    boxout("land", "player_props.csv")
    assert public(boxout) == [known[1]]
    assert [one["value"] for one in boxout("resolve", "--json").json["unresolved"]] == ["nick"]


def test_the_history_of_aliases_has_who_when_and_why(landed, home, boxout):
    known = players(landed, home)[0]
    boxout("resolve", "nick", known, "--reason", "his nickname", "--by", "ann")
    boxout("resolve", "nick", "--undo", "--reason", "it was not", "--by", "bob")
    (one,) = boxout("resolve", "--list", "--json").json["aliases"]
    assert (one["given"], one["official"], one["by"]) == ("nick", known, "ann")
    assert (one["ended_by"], one["ended_reason"]) == ("bob", "it was not")
    assert "by bob: it was not" in boxout("resolve", "--list").out


def test_when_nobody_is_known_yet_what_waits_comes_in_after_the_box_score(night, boxout):
    night.schedule()
    boxout("land", "schedule.csv")
    name = players(night, night.games[0].home)[0]
    assert boxout("land", props(night, name)).code == 4
    assert answer(["land", night.gamebook()]) == 0
    assert boxout("quarantine", "replay").code == 0
    assert public(boxout) == [name]
