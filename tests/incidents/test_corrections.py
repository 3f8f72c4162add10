"""What changes after it was public: corrections, late play-by-play, late evidence."""

import pytest

from boxout.model.outcomes import Done, NothingToDo
from boxout.project import open_project
from boxout.run import make_plan, run
from boxout_nba.simulator import gamebook_rows, team_rows
from incidents.scene import ALL, DAY, PLAYER, UNIT, Clock, at_clock, close, kinds

DATE = "2026-02-03"
GAME = f"{DATE}/AB"


@pytest.fixture
def corrected(published):
    """The next day one rebound of the first game is somebody else's."""
    published.clock = Clock()
    at_clock(published, published.clock)
    published.before = published.engine.ledger.head()
    published.clock.pass_s(86400)
    published.game = published.games[0].game_id
    rows = published.rows(gamebook_rows, published.games[:1], None)
    played = [r for r in rows if r["team"] == published.games[0].home and r["minutes"]]
    loser = next(r for r in played if r["dreb"])
    winner = next(r for r in played if r is not loser)
    loser["dreb"] -= 1
    winner["dreb"] += 1
    published.winner = winner
    published.land("gamebook_player_stats", rows)
    return published


def test_a_stat_correction_makes_its_game_stale_and_only_it(corrected):
    plan = make_plan(corrected.engine, DAY, DAY, ALL)
    assert plan.of(UNIT, "run") == [corrected.game]
    assert len(plan.of(UNIT, "keep")) == 3


def test_a_corrected_game_is_computed_again_with_the_new_numbers(corrected):
    assert kinds(run(corrected.engine, DAY, DAY, ALL)) == {"NothingToDo": 3, "Done": 1}
    (row,) = corrected.engine.warehouse.query(
        f"SELECT dreb FROM {PLAYER} WHERE game_id = $game AND player_id = $player",
        {"game": corrected.game, "player": corrected.winner["player_id"]},
    )
    assert row == {"dreb": corrected.winner["dreb"]}


def test_readers_see_the_old_numbers_until_the_correction_is_public(corrected):
    (row,) = corrected.engine.warehouse.query(
        f"SELECT dreb FROM {PLAYER} WHERE game_id = $game AND player_id = $player",
        {"game": corrected.game, "player": corrected.winner["player_id"]},
    )
    assert row == {"dreb": corrected.winner["dreb"] - 1}


def test_the_old_version_stays_and_is_readable_at_its_snapshot(corrected):
    run(corrected.engine, DAY, DAY, ALL)
    assert len(corrected.engine.ledger.history(PLAYER, corrected.game)) == 2
    close(corrected)
    rows = open_project(corrected.folder).table(PLAYER, at=corrected.before)
    mine = rows.filter(
        (rows.game_id == corrected.game) & (rows.player_id == corrected.winner["player_id"])
    )
    assert mine.dreb.sum().to_pyarrow().as_py() == corrected.winner["dreb"] - 1


def test_a_correction_that_breaks_the_sum_is_withheld_and_the_old_numbers_stay(published):
    game = published.games[0].game_id
    rows = published.rows(team_rows, published.games[:1], None)
    rows[0]["ast"] += 1
    published.land("team_boxscore", rows)
    assert kinds(run(published.engine, DAY, DAY, ALL)) == {"NothingToDo": 3, "WithheldOutcome": 1}
    assert len(published.engine.ledger.history(PLAYER, game)) == 1
    assert len(published.public(f"FROM {PLAYER} WHERE game_id = '{game}'")) > 15


def test_a_correction_that_changes_nothing_derived_is_fresh_again_without_a_publication(small):
    small.slate(DATE, AB="final")
    small.box({GAME: 200}, overtimes="1")
    small.run(DATE)
    small.box({GAME: 200}, overtimes="01")
    head = small.engine.ledger.head()
    assert isinstance(small.run(DATE).outcomes["totals", GAME], NothingToDo)
    assert small.engine.ledger.head() == head
    assert make_plan(small.engine, DATE, DATE, {"totals"}).of("totals", "keep") == [GAME]


def test_a_game_goes_out_without_its_play_by_play(small):
    small.slate(DATE, AB="final")
    small.box({GAME: 200})
    assert isinstance(small.run(DATE).outcomes["totals", GAME], Done)
    assert small.rows("SELECT points, threes FROM totals") == [{"points": 200, "threes": None}]


def test_play_by_play_four_days_late_makes_its_game_stale_and_is_then_in_it(small):
    small.slate(DATE, AB="final", CD="final")
    small.box({GAME: 200, f"{DATE}/CD": 210})
    small.run(DATE)
    small.clock.pass_s(4 * 86400)
    small.shots(GAME, 3, 2, 3)
    plan = make_plan(small.engine, DATE, DATE, {"totals"})
    (step,) = [s for s in plan.steps if s.action == "run"]
    assert (step.partition, step.reasons[0].subject) == (GAME, "shots")
    small.run(DATE)
    assert small.rows("SELECT threes FROM totals ORDER BY game") == [
        {"threes": 2},
        {"threes": None},
    ]


def test_late_play_by_play_leaves_the_version_before_it_readable(small):
    small.slate(DATE, AB="final")
    small.box({GAME: 200})
    small.run(DATE)
    before = small.engine.ledger.head()
    small.shots(GAME, 3)
    small.run(DATE)
    small.engine.warehouse.close()
    then = small.project.table("totals", at=before).threes.count().to_pyarrow().as_py()
    now = small.project.table("totals").threes.count().to_pyarrow().as_py()
    assert (then, now) == (0, 1)
