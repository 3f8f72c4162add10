"""What publishers do to their files: empty, renamed, retyped, newly null, and mostly refused."""

from contextlib import suppress

import pytest

from boxout.errors import BoxoutError, Withheld
from boxout.run import land, make_plan, run
from boxout_nba.simulator import gamebook_rows, schedule_rows, team_rows
from incidents.scene import ALL, DAY, PLAYER, UNIT, kinds, reasons


def reasons_in_quarantine(world):
    rows = world.public("SELECT DISTINCT reason FROM boxout.quarantine ORDER BY 1")
    return [row["reason"] for row in rows]


def test_a_file_of_no_bytes_is_refused_whole(night):
    path = night.folder / "gamebook.csv"
    path.write_text("")
    with pytest.raises(Withheld, match="Nothing was landed"):
        land(night.engine, path, night.readers["gamebook_player_stats"])


def test_a_source_that_is_silently_empty_is_refused(night):
    path = night.folder / "gamebook.csv"
    path.write_text(",".join(night.rows(gamebook_rows, None, None)[0]) + "\n")
    with pytest.raises(BoxoutError):
        land(night.engine, path, night.readers["gamebook_player_stats"])


def test_an_empty_file_displaces_nothing(published):
    path = published.folder / "gamebook.csv"
    path.write_text(",".join(published.rows(gamebook_rows, None, None)[0]) + "\n")
    head = published.engine.ledger.head()
    with suppress(BoxoutError):
        land(published.engine, path, published.readers["gamebook_player_stats"])
    assert published.engine.ledger.head() == head
    assert kinds(run(published.engine, DAY, DAY, ALL)) == {"NothingToDo": 4}


def test_a_renamed_column_refuses_the_file_whole_and_says_which(night):
    rows = [
        {("mins" if k == "minutes" else k): v for k, v in r.items()}
        for r in night.rows(team_rows, None, None)
    ]
    head = night.engine.ledger.head()
    with pytest.raises(Withheld, match=r"columns are missing:\s+minutes"):
        night.land("team_boxscore", rows)
    assert night.engine.ledger.head() == head


def test_a_retyped_column_goes_to_quarantine_with_its_reason(world):
    world.schedule()
    world.gamebook()
    rows = world.rows(team_rows, None, None)
    for row in rows[:2]:
        row["minutes"] = "240:00"
    landed = world.land("team_boxscore", rows)
    assert landed.rejected == {"minutes is not of type float64": 2}
    assert reasons_in_quarantine(world) == ["minutes is not of type float64"]
    game = world.games[0].game_id
    assert game not in landed.published


@pytest.mark.parametrize("minutes", ["nan", "inf"])
def test_a_number_that_is_none_goes_to_quarantine(world, minutes):
    rows = world.rows(team_rows, None, None)
    rows[0]["minutes"] = minutes
    assert sum(world.land("team_boxscore", rows).rejected.values()) == 1


def test_a_newly_null_column_goes_to_quarantine_with_its_reason(world):
    rows = world.rows(team_rows, None, None)
    rows[0]["fga"] = None
    landed = world.land("team_boxscore", rows)
    assert landed.rejected == {"fga is missing": 1}


def test_a_game_whose_players_are_newly_null_waits(world):
    world.schedule()
    world.team_box()
    rows = world.rows(gamebook_rows, None, None)
    game = world.games[0].game_id
    for row in rows:
        if row["game_id"] == game and row["minutes"] is not None:
            row["player_id"] = None
    world.land("gamebook_player_stats", rows)
    result = run(world.engine, DAY, DAY, ALL)
    assert kinds(result) == {"Done": 3, "Waiting": 1}
    assert "players with minutes in the lesser team 0" in reasons(result.outcomes[UNIT, game])


def test_a_rule_that_rejects_most_of_a_file_is_not_success_with_few_rows(night):
    rows = night.rows(gamebook_rows, None, None)
    for row in rows[: 9 * len(rows) // 10]:
        row["team"] = "XXX"
    landed = night.land("gamebook_player_stats", rows)
    assert landed.published == ()
    assert len(landed.withheld) > 0


def test_a_rule_that_rejects_everything_is_not_success_with_no_rows(night):
    rows = night.rows(gamebook_rows, None, None)
    for row in rows:
        row["team"] = "XXX"
    landed = night.land("gamebook_player_stats", rows)
    assert (landed.published, landed.rows) == ((), 0)
    assert sum(landed.rejected.values()) == len(rows)


def test_a_schedule_row_in_quarantine_does_not_unlist_its_game(night):
    rows = schedule_rows(night.games)
    rows[0]["neutral_site"] = "perhaps"
    with suppress(Withheld):
        night.land("schedule", rows)
    said = night.engine.ledger.expectations(DAY, DAY + "~", night.engine.ledger.head())
    assert [one.partition for one in said if not one.is_expected] == []


def test_a_schedule_with_a_row_in_quarantine_makes_no_date_complete(world):
    rows = schedule_rows(world.games)
    rows[0]["home_team"] = rows[0]["away_team"] = "XXX"
    rows[0]["game_id"] = f"{DAY}/XXX@XXX"
    with suppress(Withheld):
        world.land("schedule", rows)
    assert make_plan(world.engine, DAY, DAY, ALL).steps == ()


def test_an_unknown_status_withholds_the_whole_date(world):
    rows = schedule_rows(world.games)
    rows[0]["status"] = "abandoned"
    assert world.land("schedule", rows).withheld == (DAY,)
    assert world.public(f"FROM {PLAYER}") == []


def test_what_a_reader_sets_aside_is_kept_with_its_line_and_its_row(world):
    rows = world.rows(team_rows, None, None)
    rows[4]["pts"] = "many"
    world.land("team_boxscore", rows)
    (kept,) = world.public(
        "SELECT line, original->>'pts' AS pts, original->>'team' AS team FROM boxout.quarantine"
    )
    assert kept == {"line": 6, "pts": "many", "team": rows[4]["team"]}


def test_the_same_file_twice_is_in_quarantine_once(world):
    rows = world.rows(team_rows, None, None)
    rows[4]["pts"] = "many"
    for _ in range(2):
        world.land("team_boxscore", rows)
    assert world.public("SELECT count(*) AS n FROM boxout.quarantine") == [{"n": 1}]
