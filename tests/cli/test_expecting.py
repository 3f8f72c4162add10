"""`boxout expect`, as somebody reads it."""

import pytest

from boxout_nba.simulator import schedule_rows
from cli.night import DAY, Night
from seeded import seed

LATER = "2026-02-10"


@pytest.fixture
def games(tmp_path, monkeypatch, boxout):
    """A project of games alone, in which nothing has arrived."""
    made = Night(tmp_path / "project")
    assert boxout("init", str(made.folder), "--pipeline", "nba-games").code == 0
    seed(made.folder, "nba-games")
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def half(games, boxout):
    """One game complete, one at half-time, one without a box score, one postponed."""
    team, book = games.rows_of, games.csv
    games.team_box(games.games[1:2], periods=2)
    cut = team("team_boxscore.csv")
    games.team_box(games.games[:1])
    book("team_boxscore.csv", [*team("team_boxscore.csv"), *cut])
    again = games.games[3]._replace(game_date=LATER, status="scheduled")
    rows = schedule_rows([*games.games[:3], games.games[3]._replace(status="postponed"), again])
    games.again = again.game_id
    games.csv("schedule.csv", rows)
    boxout("land", "schedule.csv", games.gamebook(games.games[:1]), "team_boxscore.csv")
    return games


def line_of(done, game):
    return next(" ".join(one.split()) for one in done.raw.splitlines() if one.startswith(game))


def test_each_game_has_a_line_with_what_the_schedule_says_and_a_mark_per_source(half, boxout):
    done = boxout("expect", DAY)
    assert done.code == 0
    assert line_of(done, half.ids[0]) == f"{half.ids[0]} regular final ● – ● ·"
    captured = line_of(done, half.ids[1])
    assert "final · · … ·" in captured
    assert captured.endswith("team_boxscore: team minutes 120, at least 240 expected")
    assert "gamebook_player_stats has not arrived" in line_of(done, half.ids[2])
    assert line_of(done, half.ids[3]).endswith(f"moved to {half.again}")


def test_the_totals_tell_what_is_there_from_what_is_not_and_what_moved(half, boxout):
    said = boxout("expect", DAY).out
    assert (
        "regular: 3 expected (1 complete, 0 incomplete, 2 missing); 1 will not come; 1 moved"
        in (said)
    )


def test_it_only_reports_and_ends_well_also_when_something_is_missing(half, boxout):
    assert boxout("expect", DAY).code == 0
    assert "ends with 0 also when something is missing" in boxout("expect", "--help").out


def test_in_json_it_is_one_document_with_every_partition(half, boxout):
    said = boxout("expect", f"{DAY}..{LATER}", "--json").json
    by_game = {one["partition"]: one for one in said["partitions"]}
    assert by_game[half.ids[3]]["moved_to"] == [half.again]
    assert by_game[half.again]["moved_from"] == [half.ids[3]]
    assert said["totals"]["expected"] == said["phases"]["regular"]["expected"] == 3
    assert said["unknown"] == [["2026-02-04", "2026-02-09"]]


def test_one_game_can_be_asked_for(half, boxout):
    said = boxout("expect", half.ids[0])
    assert half.ids[1] not in said.out
    assert "1 expected (1 complete" in said.out


def test_a_game_that_is_not_listed_is_told_as_that(half, boxout):
    assert "schedule does not list it" in boxout("expect", f"{DAY}/BOS@MIL").out


def test_a_range_has_its_totals_by_phase(games, boxout):
    rows = schedule_rows([*games.games, games.games[0]._replace(game_date="2026-04-20", number=9)])
    rows[-1] |= {"season_type": "Playoffs", "nba_game_id": "0042500101"}
    boxout("land", games.csv("schedule.csv", rows))
    said = boxout("expect", f"{DAY}..2026-04-20").out
    assert "regular: 4 expected" in said
    assert "play-offs: 1 expected" in said
    assert "all: 5 expected" in said


def test_a_waived_game_says_who_and_why(half, boxout):
    boxout("waive", half.ids[2], "--reason", "abandoned", "--by", "ann")
    assert line_of(boxout("expect", DAY), half.ids[2]).endswith("waived by ann: abandoned")


def test_a_date_of_the_off_season_is_one_calm_line(games, boxout):
    boxout("land", games.schedule(), "--covers", "2025-07-01..2026-02-03")
    done = boxout("expect", "2025-07-15")
    assert done.code == 0
    assert done.raw == "2025-07-15: nothing is on; schedule says so since publication 1.\n"


def test_a_quiet_range_counts_its_dates(games, boxout):
    boxout("land", games.schedule(), "--covers", "2025-07-01..2026-02-03")
    assert boxout("expect", "2025-07-01..2025-07-31").raw == (
        "31 dates with nothing on, as schedule says.\n"
    )


def test_an_unknown_date_says_that_nobody_spoke_of_it_and_who_could(games, boxout):
    done = boxout("expect", "2031-01-01")
    assert done.code == 0
    assert "2031-01-01: nobody has said anything about it." in done.out
    assert "Next: boxout land FILE # one that holds schedule of 2031-01-01" in done.out
    assert "--covers 2031-01-01" in done.out


def test_a_schedule_that_was_not_believed_is_named(games, boxout):
    rows = schedule_rows(games.games)
    rows[0]["home_team"] = "XXX"
    boxout("land", games.csv("schedule.csv", rows))
    assert f"Next: boxout why schedule {DAY}" in boxout("expect", DAY).out


def test_without_a_date_what_is_months_ahead_is_not_the_latest(games, boxout):
    later = [
        g._replace(game_date="2999-01-01", status="scheduled", number=g.number + 90)
        for g in games.games
    ]
    boxout("land", games.csv("schedule.csv", schedule_rows([*games.games, *later])))
    done = boxout("expect")
    assert games.ids[0] in done.out
    assert "2999" not in done.out


def test_without_any_schedule_it_says_what_to_land(games, boxout):
    done = boxout("expect")
    assert done.code == 3
    assert "Next: boxout land FILE" in done.err


def test_on_a_terminal_of_plain_letters_the_marks_are_plain(half, boxout, monkeypatch):
    monkeypatch.setattr("rich.console.ConsoleOptions.ascii_only", True)
    assert line_of(boxout("expect", DAY), half.ids[0]).endswith("final + - + .")
