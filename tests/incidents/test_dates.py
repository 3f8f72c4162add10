"""Nights that the calendar makes odd: overtime, midnight, clock changes, breaks."""

import pytest

from boxout.model.outcomes import Done, Waiting
from boxout.run import run
from boxout_nba.simulator import play, schedule_rows, simulate_night
from conftest import SEED
from incidents.scene import ALL, DAY, OFFENSE, PLAYER, kinds, public_games, reasons


def overtimes(game):
    seconds = play(SEED, game.away, game.home, game.game_id).seconds
    return (seconds - 4 * 720) // 300


@pytest.fixture
def overtime_night(world):
    """A night on which some game needed an overtime."""
    nights = (simulate_night(seed, DAY, games=15) for seed in range(100))
    world.games = next(n for n in nights if any(map(overtimes, n)))
    world.schedule()
    world.gamebook()
    world.team_box()
    return world


def test_overtime_counts_in_minutes_and_in_every_sum(overtime_night):
    assert kinds(run(overtime_night.engine, DAY, DAY, ALL)) == {"Done": 15}
    found = overtime_night.public(
        f"SELECT DISTINCT game_id, overtime_periods AS n, minutes FROM {OFFENSE}"
    )
    said = {g.game_id: overtimes(g) for g in overtime_night.games}
    assert {row["game_id"]: row["n"] for row in found} == said
    assert all(row["minutes"] == 240 + 25 * row["n"] for row in found)


def test_a_game_captured_before_its_overtime_is_never_public_as_a_tie(overtime_night):
    game = next(g for g in overtime_night.games if overtimes(g))
    run(overtime_night.engine, DAY, DAY, ALL)
    overtime_night.gamebook([game], periods=4)
    overtime_night.team_box([game], periods=4)
    run(overtime_night.engine, DAY, DAY, ALL)
    found = overtime_night.engine.warehouse.query(
        f"SELECT minutes, sum(win::int) AS winners FROM {OFFENSE} WHERE game_id = $game GROUP BY 1",
        {"game": game.game_id},
    )
    assert found == [{"minutes": 240 + 25 * overtimes(game), "winners": 1}]


def test_a_game_that_tips_off_after_midnight_utc_belongs_to_its_eastern_date(night):
    rows = schedule_rows(night.games)
    for row in rows:
        row["tipoff_utc"] = "2026-02-04 03:30:00"
    night.land("schedule", rows)
    assert kinds(run(night.engine, DAY, DAY, ALL)) == {"Done": 4}
    dates = night.public(f"SELECT DISTINCT game_date AS d FROM {PLAYER}")
    assert dates == [{"d": DAY}]


@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01"])
def test_a_day_of_23_or_25_hours_is_a_day(world, day):
    games = simulate_night(SEED, day, games=3)
    world.schedule(games)
    world.gamebook(games)
    world.team_box(games)
    assert kinds(run(world.engine, day, day, ALL)) == {"Done": 3}
    assert public_games(world) == sorted(g.game_id for g in games)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        ("2026-03-09", ("2026-03-07", "2026-03-08")),
        ("2026-11-02", ("2026-10-31", "2026-11-01")),
        ("2028-03-01", ("2028-02-28", "2028-02-29")),
    ],
)
def test_a_window_counts_days_and_not_hours(small, day, before):
    small.days(*before, day)
    small.lines(day)
    small.box({f"{one}/AB": 200 for one in before})
    assert isinstance(small.run(before[0], day).outcomes["form", day], Done)
    assert small.rows("SELECT games, points FROM form") == [{"games": 2, "points": 400}]


def test_a_date_whose_schedule_has_not_arrived_is_not_an_empty_date(small):
    small.slate("2026-02-03", AB="final")
    small.slate("2026-02-05", AB="scheduled")
    small.lines("2026-02-05")
    small.box({"2026-02-03/AB": 200})
    outcome = small.run("2026-02-03", "2026-02-05").outcomes["form", "2026-02-05"]
    assert isinstance(outcome, Waiting)
    assert "slate: no rows for 2026-02-04 have arrived" in reasons(outcome)


def test_a_date_on_which_every_game_was_postponed_is_empty_and_complete(small):
    small.slate("2026-02-03", AB="final")
    small.slate("2026-02-04", AB="postponed")
    small.slate("2026-02-05", AB="scheduled")
    small.lines("2026-02-05")
    small.box({"2026-02-03/AB": 200})
    small.run("2026-02-03", "2026-02-05")
    assert small.rows("SELECT games, points FROM form") == [{"games": 1, "points": 200}]


def test_a_window_over_the_all_star_break_is_ready(small):
    games = {"2026-02-11": "final", "2026-02-12": "final", "2026-02-15": "scheduled"}
    rows = [{"day": d, "game": f"{d}/AB", "state": state} for d, state in games.items()]
    small.land(small.engine.graph.tables["slate"], rows, covers=("2026-02-11", "2026-02-15"))
    small.lines("2026-02-15")
    small.box({"2026-02-12/AB": 200})
    outcome = small.run("2026-02-12", "2026-02-15").outcomes["form", "2026-02-15"]
    assert isinstance(outcome, Done)


def test_a_date_without_a_schedule_asks_for_nothing_and_publishes_nothing(world):
    world.gamebook()
    head = world.engine.ledger.head()
    assert run(world.engine, DAY, DAY, ALL).outcomes == {}
    assert world.engine.ledger.head() == head
