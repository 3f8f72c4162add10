"""Nights that the calendar makes odd: overtime, midnight, clock changes, breaks."""

import pytest

from boxout.model.outcomes import Done, NothingToDo, Waiting
from boxout.report import look, status, why
from boxout.run import attempt, make_plan, run
from boxout.run.prove import prove, replay
from boxout.run.recheck import recheck
from boxout.run.repair import repair
from boxout_nba.simulator import play, schedule_rows, simulate_night
from conftest import SEED
from incidents.scene import ALL, DAY, OFFENSE, PLAYER, kinds, public_games, reasons
from incidents.small import SLATE


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


EVE, OFF, NEXT = "2026-02-03", "2026-02-04", "2026-02-05"


def covered(small, *days):
    """A schedule that says everything of three days, and has a final game on some of them."""
    rows = [{"day": day, "game": f"{day}/AB", "state": "final"} for day in days]
    return small.land(SLATE, rows, covers=(EVE, NEXT))


@pytest.fixture
def off_day(wide):
    """Three days, nothing on the second; lines have arrived for all of them all the same."""
    covered(wide, EVE, NEXT)
    wide.box({f"{EVE}/AB": 200, f"{NEXT}/AB": 210})
    wide.lines(EVE, OFF, NEXT)
    wide.run(EVE, NEXT)
    return wide


def told(small, day, table="form"):
    engine = small.engine
    seen = look(engine.ledger, engine.pipeline, engine.graph, engine.fingerprints, day, day)
    days = status(seen, day, day).days.get(day, {})
    return dict(days.get(table, {})), why(seen, table, day).because


def test_a_date_without_games_has_nothing_to_do_and_says_so(off_day):
    outcome = off_day.run(OFF).outcomes["form", OFF]
    assert outcome == NothingToDo(f"slate: knows no game on {OFF}")
    (step,) = make_plan(off_day.engine, OFF, OFF, {"form"}).steps
    assert (step.action, str(step.reasons[0])) == ("keep", f"slate: knows no game on {OFF}")


def test_nothing_waits_or_fails_for_a_date_without_games(off_day):
    results = repair(off_day.engine, EVE, NEXT)
    outcomes = [one for result in results for one in result.outcomes.values()]
    assert {type(one) for one in outcomes} <= {Done, NothingToDo}
    assert off_day.engine.ledger.work("", "~") == []
    assert told(off_day, OFF) == ({}, f"slate: knows no game on {OFF}")


def test_an_attempt_of_a_date_without_games_has_nothing_to_do(off_day):
    head = off_day.engine.ledger.head()
    outcomes = attempt(off_day.engine, off_day.unit("form"), [EVE, OFF], "r")
    assert outcomes[OFF] == NothingToDo(f"slate: knows no game on {OFF}")
    assert (off_day.engine.ledger.head(), off_day.rows(f"FROM form WHERE day = '{OFF}'")) == (
        head,
        [],
    )


def test_a_window_over_dates_does_not_wait_for_one_without_games(off_day):
    assert off_day.rows("SELECT day, games FROM trend ORDER BY day") == [
        {"day": EVE, "games": 0},
        {"day": NEXT, "games": 1},
    ]


@pytest.fixture
def emptied(wide):
    """Every game of the second day was public, and is listed there no more."""
    covered(wide, EVE, OFF, NEXT)
    wide.box({f"{day}/AB": 200 for day in (EVE, OFF, NEXT)})
    wide.lines(EVE, OFF, NEXT)
    wide.run(EVE, NEXT)
    covered(wide, EVE, NEXT)
    return wide


def test_rows_of_a_date_whose_games_all_moved_are_public_no_more(emptied):
    (step,) = make_plan(emptied.engine, OFF, OFF, {"form"}).steps
    assert step.action == "run"
    assert isinstance(emptied.run(EVE, NEXT).outcomes["form", OFF], Done)
    assert emptied.rows("SELECT day FROM form ORDER BY day") == [{"day": EVE}, {"day": NEXT}]
    (step,) = make_plan(emptied.engine, OFF, OFF, {"form"}).steps
    assert step.action == "keep"


def test_what_looked_back_at_a_date_whose_games_moved_is_computed_without_it(emptied):
    emptied.run(EVE, NEXT)
    rows = emptied.rows("SELECT day, games FROM trend ORDER BY day")
    assert rows == [{"day": EVE, "games": 0}, {"day": NEXT, "games": 1}]


def test_a_date_that_was_emptied_is_fresh_passes_a_recheck_and_can_be_replayed(emptied):
    emptied.run(EVE, NEXT)
    assert told(emptied, OFF)[0] == {"fresh": 1}
    assert recheck(emptied.engine, EVE, NEXT) == {}
    assert replay(emptied.engine, "form", OFF).is_equal
    assert prove(emptied.engine, "form", OFF).inputs == ()


def test_a_date_whose_games_come_back_has_its_rows_again(emptied):
    emptied.run(EVE, NEXT)
    covered(emptied, EVE, OFF, NEXT)
    emptied.run(EVE, NEXT)
    assert emptied.rows("SELECT day FROM form ORDER BY day") == [
        {"day": day} for day in (EVE, OFF, NEXT)
    ]


def test_an_emptied_date_goes_out_beside_others_of_the_same_attempt(emptied):
    before = emptied.engine.ledger.head()
    outcomes = attempt(emptied.engine, emptied.unit("form"), [OFF, NEXT], "r")
    assert outcomes == dict.fromkeys((OFF, NEXT), Done(before + 1))


@pytest.mark.parametrize("state", ["postponed", "cancelled"])
def test_a_date_on_which_no_game_is_left_is_a_date_without_games(wide, state):
    wide.slate(EVE, AB="final")
    wide.box({f"{EVE}/AB": 200})
    wide.lines(EVE)
    wide.run(EVE)
    assert len(wide.rows("FROM form")) == 1
    wide.slate(EVE, AB=state)
    wide.run(EVE)
    assert wide.rows("FROM form") == []


def test_a_date_whose_game_was_waived_keeps_its_rows(wide):
    wide.slate(EVE, AB="final")
    wide.lines(EVE)
    wide.run(EVE)
    wide.engine.ledger.waive(f"{EVE}/AB", "never delivered", "somebody")
    wide.run(EVE)
    assert wide.rows("SELECT day FROM form") == [{"day": EVE}]
