from boxout_nba.names import player_lookup
from boxout_nba.simulator import play, simulate_season, team_rows

COUNTED = (
    "pts",
    "fgm",
    "fga",
    "fg3m",
    "fg3a",
    "ftm",
    "fta",
    "oreb",
    "dreb",
    "ast",
    "stl",
    "blk",
    "tov",
    "pf",
)


def schedule_row(world, **changed):
    from boxout_nba.simulator import schedule_rows  # noqa: PLC0415

    return schedule_rows(world.games[:1])[0] | changed


def test_bad_rows_are_set_aside_with_their_reason_and_the_rest_lands(world):
    good = schedule_row(world)
    day = good["game_date"]
    landed = world.land(
        "schedule",
        [
            good,
            good | {"game_id": f"{day}/XXX@LAL", "away_team": "XXX", "home_team": "LAL"},
            good | {"game_id": "LAL@BOS"},
            good | {"game_id": ""},
            good | {"game_id": f"{day}/ATL@MIA", "season": ""},
        ],
    )
    assert landed.rows == 1
    assert landed.rejected == {
        "unknown team": 1,
        "game id is not YYYY-MM-DD/AWY@HOM": 1,
        "game id is missing": 1,
        "season is missing": 1,
    }
    assert len(world.public("FROM boxout.quarantine")) == 4


def test_of_two_rows_with_one_key_neither_is_chosen(world):
    row = schedule_row(world)
    assert world.land("schedule", [row, row]).rejected == {"key is there twice": 2}


def test_a_reversed_game_is_withheld_from_the_schedule(world):
    row = schedule_row(world)
    row["home_team"], row["away_team"] = row["away_team"], row["home_team"]
    assert world.land("schedule", [row]).published == ()


def test_text_where_a_number_belongs_is_set_aside(world):
    rows = world.rows(team_rows, world.games[:1], None)
    rows[0]["pts"] = "many"
    assert world.land("team_boxscore", rows).rejected == {"pts is not of type int64": 1}


def test_names_lose_accents_and_keep_suffixes():
    assert player_lookup("Gary Trent Jr.") == "garytrentjr"
    assert player_lookup("Nikola Jokić") == "nikolajokic"
    assert player_lookup("Franz Fuß Junior") == "franzfussjr"


def test_a_simulated_game_is_the_same_every_time_and_has_one_winner():
    game = simulate_season(3, "2025-10-21", games=40)[0]
    first, again = (play(3, game.away, game.home, game.game_id) for _ in range(2))
    assert team_rows(game.game_id, first) == team_rows(game.game_id, again)
    away, home = team_rows(game.game_id, first)
    assert away["pts"] != home["pts"]
    assert all(away[stat] >= 0 for stat in COUNTED)
