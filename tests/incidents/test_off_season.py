"""Between two seasons nothing is played, and that is known; what is not known is not empty."""

from dataclasses import replace

from boxout.model.outcomes import Waiting
from boxout_nba.names import nba_game_id
from boxout_nba.seasons import whole_seasons
from incidents.scene import reasons
from incidents.small import SLATE, SMALL


def season_rows(*days, season="2025-26", kind="regular"):
    return [
        {
            "game_id": nba_game_id(kind, season, number),
            "game_date": day,
            "tipoff_utc": f"{day} 23:30:00",
            "season": season,
            "season_type": kind,
            "home_team": "LAL",
            "away_team": "BOS",
            "arena": "",
            "neutral_site_source": "false",
        }
        for number, day in enumerate(days, start=1)
    ]


def known_days(world, first, last):
    ledger = world.engine.ledger
    return [p.partition for p in ledger.pointers(("schedule",), first, last, ledger.head())]


def states(world, day):
    ledger = world.engine.ledger
    return [(e.partition, e.state) for e in ledger.expectations(day, day + "~", ledger.head())]


def test_a_season_speaks_for_the_off_season_before_it():
    assert whole_seasons("2023-10-24", "2024-06-17") == ("2023-07-01", "2024-06-17")
    assert whole_seasons("2020-12-22", "2021-07-20") == ("2020-10-12", "2021-07-20")
    assert whole_seasons("2021-10-19", "2023-06-12") == ("2021-07-21", "2023-06-12")


def test_a_whole_season_leaves_no_date_before_its_first_game_unknown(world):
    world.land("season_games", season_rows("2025-10-21", "2025-10-23"))
    days = known_days(world, "2025-01-01", "2026-12-31")
    assert (days[0], days[-1], len(days)) == ("2025-07-01", "2025-10-23", 115)


def test_a_file_of_two_seasons_leaves_no_date_between_them_unknown(world):
    world.land("season_games", season_rows("2024-10-22") + season_rows("2025-10-21"))
    days = known_days(world, "2024-01-01", "2026-12-31")
    assert (days[0], days[-1], len(days)) == ("2024-07-01", "2025-10-21", 478)


def test_a_season_without_its_pre_season_does_not_take_down_what_is_known_of_it(world):
    world.schedule([world.games[0]._replace(game_date="2025-10-05", season="2025-26")])
    before = states(world, "2025-10-05")
    world.land("season_games", season_rows("2025-10-21"))
    assert [state for _, state in before] == ["final"]
    assert states(world, "2025-10-05") == before
    assert "2025-10-06" in known_days(world, "2025-10-06", "2025-10-06")


def test_a_date_between_two_games_of_a_whole_season_has_nothing_on_it_any_more(world):
    world.land("season_games", season_rows("2025-10-21", "2025-10-22", "2025-10-23"))
    world.land("season_games", season_rows("2025-10-21", "2025-10-23"))
    assert [state for _, state in states(world, "2025-10-22")] == ["unlisted"]


def test_a_date_whose_every_game_was_set_aside_is_not_an_empty_date(world):
    rows = season_rows("2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04")
    rows[1]["home_team"] = rows[1]["away_team"] = ""
    landed = world.land("season_games", rows)
    assert sum(landed.rejected.values()) == 1
    assert known_days(world, "2026-05-01", "2026-05-04") == [
        "2026-05-01",
        "2026-05-03",
        "2026-05-04",
    ]


def test_a_row_without_a_date_may_be_of_any_so_none_is_empty(world):
    rows = season_rows("2026-05-01", "2026-05-03", "2026-05-04")
    rows[1]["game_date"] = ""
    world.land("season_games", rows)
    assert known_days(world, "2025-01-01", "2026-12-31") == []


def test_the_window_of_a_first_week_is_known_when_its_file_speaks_for_the_days_before(small):
    (reader,) = (one for one in SMALL.readers if one.table == SLATE)
    earlier = {"day": "2026-02-01", "game": "2026-02-01/AB", "state": "scheduled"}
    rows = [{"day": "2026-02-05", "game": "2026-02-05/AB", "state": "scheduled"}]
    small.land(SLATE, [earlier])
    small.land(SLATE, rows)
    small.lines("2026-02-05")
    waiting = small.run("2026-02-05").outcomes["form", "2026-02-05"]
    assert isinstance(waiting, Waiting)
    assert "no rows for 2026-02-03" in reasons(waiting)
    small.land(SLATE, rows, reader=replace(reader, covers=lambda _, last: ("2026-02-01", last)))
    small.run("2026-02-05")
    assert small.rows("SELECT games FROM form") == [{"games": 0}]
