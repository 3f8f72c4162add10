"""A file that is not like those before it: refused with what it would break, or taken on record."""

import pytest

from boxout_nba.simulator import gamebook_rows, schedule_rows, team_rows
from cli.night import DAY

SEEN = "SELECT count(*) AS n, min(minutes) AS least FROM team_boxscore"


def in_seconds(night) -> str:
    rows = [row | {"minutes": 60 * float(row["minutes"])} for row in night.rows(team_rows)]
    return night.csv("team_boxscore.csv", rows)


def with_ids(night, prefix: str) -> str:
    rows = [row | {"player_id": f"{prefix}{row['player_id']}"} for row in night.rows(gamebook_rows)]
    return night.csv("gamebook.csv", rows)


def test_the_first_file_has_nothing_to_compare_with_and_the_next_one_is_like_it(night, boxout):
    assert "nothing to compare with" in boxout("land", night.schedule()).out
    (again,) = boxout("land", night.schedule(), "--json").json["landed"]
    assert again["drift"]["compared"] == 1
    assert again["drift"]["found"] == []


def test_minutes_in_seconds_are_refused_with_what_they_would_break(landed, boxout):
    (before,) = boxout("query", SEEN, "--json").json
    done = boxout("land", in_seconds(landed))
    assert done.code == 4
    assert "it is not like the file before it" in done.err
    assert "minutes: another unit found median 14,400 (60 times as much) needed 240" in done.err
    assert "team_boxscore.minutes -> team_offense_game_summary: columns minutes" in done.err
    assert "through these: player_game_summary, team_defense_game_summary" in done.err
    assert "the file is where it was, readers still see what they saw" in done.err
    assert "--reader team_boxscore --accept" in done.err
    (after,) = boxout("query", SEEN, "--json").json
    assert after == before
    assert boxout("query", "FROM boxout.quarantine", "--json").json == []


def test_a_refusal_is_told_of_its_games(landed, boxout):
    boxout("land", in_seconds(landed))
    told = boxout("why", "team_boxscore", landed.ids[0]).out
    assert "minutes another unit" in told
    assert "withheld" in told


def test_a_refused_file_is_not_what_the_next_one_is_compared_with(landed, boxout):
    for _ in range(2):
        assert boxout("land", in_seconds(landed)).code == 4
    done = boxout("land", landed.team_box(), "--json")
    assert done.code == 0
    assert done.json["landed"][0]["drift"]["found"] == []


def test_what_a_person_accepts_is_landed_on_record_and_is_the_new_normal(landed, boxout):
    name = with_ids(landed, "P-")
    assert boxout("land", name).code == 4
    done = boxout("land", name, "--accept", "the source has new ids")
    assert "accepted the source has new ids; the next files are compared with this one" in done.out
    assert (
        boxout("land", with_ids(landed, "P-"), "--json").json["landed"][0]["drift"]["found"] == []
    )
    assert boxout("land", landed.gamebook()).code == 4


def test_a_reason_is_kept_only_where_it_was_needed(landed, boxout):
    done = boxout("land", landed.gamebook(), "--accept", "just in case", "--json")
    assert done.json["landed"][0]["accepted"] == ""


def test_a_needed_column_by_another_name_is_found_by_its_values(landed, boxout):
    rows = [{("playing_time" if k == "minutes" else k): v for k, v in row.items()}
            for row in landed.rows(team_rows)]  # fmt: skip
    done = boxout("land", landed.csv("team_boxscore.csv", rows))
    assert done.code == 4
    assert "minutes: playing_time looks like it" in done.err
    assert "--map minutes=playing_time" in done.err
    assert "breaks team_boxscore.minutes -> team_offense_game_summary" in done.err
    mapped = boxout("land", "team_boxscore.csv", "--map", "minutes=playing_time")
    assert mapped.code == 0
    assert "minutes: renamed, called playing_time in the file" in mapped.out


def test_a_needed_column_that_is_missing_in_the_first_file_has_nothing_to_compare_with(
    night, boxout
):
    rows = [{k: v for k, v in row.items() if k != "season"} for row in schedule_rows(night.games)]
    done = boxout("land", night.csv("schedule.csv", rows))
    assert done.code == 4
    assert "nothing to compare with" in done.err


def test_a_new_column_is_told_and_the_file_is_landed(landed, boxout):
    rows = [row | {"referee": "A. Smith"} for row in landed.rows(team_rows)]
    done = boxout("land", landed.csv("team_boxscore.csv", rows))
    assert done.code == 0
    assert "drift referee: new column" in done.out


def test_games_of_which_the_file_was_taken_early_are_no_drift(landed, boxout):
    done = boxout("land", landed.team_box(periods=1), "--json")
    assert done.json["landed"][0]["drift"]["found"] == []


def test_few_rows_are_not_taken_for_compared(landed, boxout):
    done = boxout("land", landed.team_box(landed.games[:1]))
    assert done.code == 0
    assert "yes, few rows" in done.out


@pytest.mark.parametrize("column", ["team", "game_id"])
def test_a_needed_column_that_came_empty_is_refused(landed, boxout, column):
    rows = [row | {column: ""} for row in landed.rows(gamebook_rows)]
    done = boxout("land", landed.csv("gamebook.csv", rows))
    assert done.code == 4
    assert f"{column}: always null" in done.err
    assert boxout("query", "FROM boxout.quarantine", "--json").json == []
    assert boxout("status", DAY).code == 0
