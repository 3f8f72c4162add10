"""What is expected, what is there, and what moved, is waived, or is not known at all."""

import pytest

from boxout.report import expected, look_at_arrivals, only
from boxout.run import land, run
from boxout_nba.simulator import gamebook_rows, schedule_rows, write_csv
from incidents.scene import ALL, DAY

LATER, LAST = "2026-02-10", "2026-03-01"


def asked(world, first=DAY, last=None):
    project = world.project
    seen = look_at_arrivals(
        world.engine.ledger, project.pipeline, project.graph, first, last or first
    )
    return expected(seen, first, last or first)


def one(world, game, first=DAY, last=LAST):
    (found,) = only(asked(world, first, last), game.game_id).partitions
    return found


def source(found, name):
    return next(one for one in found.sources if one.table == name)


def covered(world, games, first, last):
    """A schedule that speaks for every date of a range."""
    path = write_csv(schedule_rows(games), world.folder / "covered.csv")
    return land(world.engine, path, world.readers["schedule"], covers=(first, last))


def moved(game, day):
    return game._replace(game_date=day, status="scheduled")


@pytest.fixture
def scheduled(world):
    """The night's schedule, and nothing else."""
    world.schedule()
    return world


@pytest.fixture
def postponed(world):
    """The first game, postponed to a later date."""
    world.game = world.games[0]
    world.again = moved(world.game, LATER)
    world.schedule([world.game._replace(status="postponed"), *world.games[1:], world.again])
    return world


# What is there


def test_what_has_not_arrived_is_missing_and_its_date_is_not_complete(scheduled):
    found = asked(scheduled)
    assert {p.found for p in found.partitions} == {"missing"}
    assert found.totals[:4] == (4, 0, 0, 4)
    assert [(d.date, d.listed, d.is_complete) for d in found.dates] == [(DAY, 4, False)]


def test_a_game_with_all_that_is_needed_is_complete(scheduled):
    scheduled.gamebook()
    scheduled.team_box()
    found = asked(scheduled)
    assert found.totals[:4] == (4, 4, 0, 0)
    assert found.dates[0].is_complete
    gamebook = source(found.partitions[0], "gamebook_player_stats")
    assert (gamebook.state, gamebook.role, gamebook.rows) == ("fresh", "required", 28)
    assert gamebook.version == 2


def test_a_fallback_beside_its_primary_is_not_needed(scheduled):
    assert source(one(scheduled, scheduled.games[0]), "player_boxscore").state == "missing"
    scheduled.gamebook()
    assert source(one(scheduled, scheduled.games[0]), "player_boxscore").state == "not needed"


def test_a_fallback_alone_is_enough(scheduled):
    rows = scheduled.rows(gamebook_rows, None, None)
    scheduled.land("player_boxscore", [row for row in rows if row["minutes"]])
    scheduled.team_box()
    found = one(scheduled, scheduled.games[0])
    assert found.found == "complete"
    assert source(found, "gamebook_player_stats").state == "missing"


def test_shots_are_optional(scheduled):
    scheduled.gamebook()
    scheduled.team_box()
    shots = source(one(scheduled, scheduled.games[0]), "shots")
    assert (shots.role, shots.state) == ("optional", "missing")


def test_what_was_captured_at_half_time_is_incomplete_with_found_and_needed(scheduled):
    scheduled.gamebook()
    scheduled.team_box(scheduled.games[:1], periods=2)
    game = one(scheduled, scheduled.games[0])
    said = str(source(game, "team_boxscore").reasons[0])
    assert said == "team_boxscore: team minutes 120, at least 240 expected"
    assert source(game, "team_boxscore").state == "waiting"


def test_what_waits_says_when_it_is_looked_at_again(scheduled):
    scheduled.team_box(scheduled.games[:1])
    assert source(one(scheduled, scheduled.games[0]), "gamebook_player_stats").look_at is None
    run(scheduled.engine, DAY, DAY, ALL)
    (work,) = scheduled.engine.ledger.work(*[scheduled.games[0].game_id] * 2)
    game = one(scheduled, scheduled.games[0])
    assert source(game, "gamebook_player_stats").look_at == work.look_at
    assert source(game, "team_boxscore").look_at is None


# What the calendar says


@pytest.mark.parametrize(
    ("status", "outlook"),
    [
        ("final", "expected"),
        ("scheduled", "may come"),
        ("live", "may come"),
        ("postponed", "never"),
        ("cancelled", "never"),
    ],
)
def test_the_schedule_says_whether_a_game_is_expected_may_come_or_never_will(
    world, status, outlook
):
    world.schedule([world.games[0]._replace(status=status)])
    found = one(world, world.games[0])
    assert (found.state, found.outlook, found.since) == (status, outlook, 1)
    assert found.phase == "regular"


def test_a_game_stuck_live_keeps_its_date_open_also_when_its_box_score_is_there(world):
    world.schedule([world.games[0]._replace(status="live"), *world.games[1:]])
    world.gamebook()
    world.team_box()
    found = asked(world)
    assert found.totals[:5] == (3, 3, 0, 0, 1)
    assert not found.dates[0].is_complete
    assert one(world, world.games[0]).found == "complete"


def test_a_date_on_which_every_game_was_cancelled_is_complete(world):
    world.schedule([g._replace(status="cancelled") for g in world.games])
    found = asked(world)
    assert (found.totals.expected, found.totals.never) == (0, 4)
    assert (found.dates[0].listed, found.dates[0].is_complete) == (4, True)


def test_a_game_that_is_listed_no_more_is_told_as_that(world):
    world.schedule()
    world.schedule(world.games[1:])
    gone = one(world, world.games[0])
    assert (gone.state, gone.outlook, gone.moved_to) == ("unlisted", "never", ())
    assert asked(world).dates[0].listed == 3


# What moved


def test_a_postponed_game_says_where_it_went_and_where_it_came_from(postponed):
    before, after = one(postponed, postponed.game), one(postponed, postponed.again)
    assert (before.moved_to, before.moved_from) == ((after.partition,), ())
    assert (after.moved_to, after.moved_from) == ((), (before.partition,))
    assert asked(postponed).totals.moved == 1


def test_where_a_game_went_is_known_also_when_only_its_old_date_is_asked_for(postponed):
    assert one(postponed, postponed.game, DAY, DAY).moved_to == (postponed.again.game_id,)


def test_a_game_that_moved_without_a_word_is_found_by_its_id(world):
    world.schedule()
    world.schedule([*world.games[1:], moved(world.games[0], LATER)])
    assert one(world, world.games[0]).state == "unlisted"
    assert one(world, world.games[0]).moved_to == (moved(world.games[0], LATER).game_id,)


def test_a_game_that_moved_back_is_where_it_was(postponed):
    postponed.schedule()
    covered(postponed, [moved(postponed.games[1], "2026-02-11")], LATER, "2026-02-11")
    back, left = one(postponed, postponed.game), one(postponed, postponed.again)
    assert (back.outlook, back.moved_to, back.moved_from) == (
        "expected",
        (),
        (postponed.again.game_id,),
    )
    assert (left.state, left.moved_to) == ("unlisted", (postponed.game.game_id,))


def test_a_game_that_moved_twice_leads_to_where_it_is_now(postponed):
    third = moved(postponed.game, "2026-02-20")
    postponed.schedule([postponed.again._replace(status="postponed"), third])
    assert one(postponed, postponed.game).moved_to == (third.game_id,)
    assert one(postponed, postponed.again).moved_to == (third.game_id,)
    assert one(postponed, third).moved_from == (postponed.game.game_id, postponed.again.game_id)


def test_a_postponed_game_without_a_new_date_went_nowhere(world):
    world.schedule([world.games[0]._replace(status="postponed")])
    assert one(world, world.games[0]).moved_to == ()


def test_a_game_that_is_listed_at_two_dates_is_told_and_not_called_moved(world):
    world.schedule([*world.games, moved(world.games[0], LATER)])
    found = one(world, world.games[0])
    assert found.also_at == (moved(world.games[0], LATER).game_id,)
    assert (found.moved_to, found.moved_from) == ((), ())


def test_games_without_the_leagues_id_are_never_taken_for_one(world):
    rows = schedule_rows(
        [world.games[0]._replace(status="postponed"), moved(world.games[0], LATER)]
    )
    world.land("schedule", [row | {"nba_game_id": ""} for row in rows])
    assert one(world, world.games[0]).moved_to == ()


def test_home_and_away_swapped_is_one_game_under_another_key(world):
    game = world.games[0]
    swapped = game._replace(away=game.home, home=game.away)
    world.schedule([game])
    world.schedule([swapped])
    assert one(world, game).moved_to == (swapped.game_id,)


# What is waived


def test_a_waived_game_says_who_waived_it_and_why(scheduled):
    game = scheduled.games[0]
    number = scheduled.engine.ledger.waive(game.game_id, "no box score will be published", "ann")
    found = one(scheduled, game)
    assert (found.state, found.outlook, found.since) == ("waived", "never", number)
    assert (found.waiver.by, found.waiver.reason) == ("ann", "no box score will be published")
    totals = asked(scheduled).totals
    assert (totals.expected, totals.never, totals.waived) == (3, 1, 1)


def test_a_game_that_moved_and_was_waived_is_followed_to_the_waiver(postponed):
    postponed.engine.ledger.waive(postponed.again.game_id, "season over", "ann")
    assert one(postponed, postponed.game).moved_to == (postponed.again.game_id,)
    assert one(postponed, postponed.again).moved_from == (postponed.game.game_id,)


# What is known of a date


def test_a_date_nobody_spoke_of_is_unknown_and_neither_empty_nor_complete(scheduled):
    found = asked(scheduled, "2026-02-02", "2026-02-05")
    assert found.unknown == (("2026-02-02", "2026-02-02"), ("2026-02-04", "2026-02-05"))
    assert [d.date for d in found.dates] == [DAY]


def test_the_all_star_break_is_known_empty_and_complete(world):
    covered(world, [moved(world.games[0], "2026-02-12")], "2026-02-12", "2026-02-18")
    found = asked(world, "2026-02-13", "2026-02-18")
    assert found.unknown == ()
    assert [(d.listed, d.is_complete) for d in found.dates] == [(0, True)] * 6
    assert found.partitions == ()


def test_a_year_that_is_not_known_is_one_span(world):
    assert asked(world, "2031-01-01", "2031-12-31").unknown == (("2031-01-01", "2031-12-31"),)


def test_a_schedule_that_was_withheld_leaves_its_date_unknown_and_is_told(world):
    rows = schedule_rows(world.games)
    rows[0]["home_team"] = "XXX"
    world.land("schedule", rows)
    found = asked(world)
    assert found.unknown == ((DAY, DAY),)
    assert found.held_back == (DAY,)


@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01"])
def test_a_day_of_23_or_25_hours_is_one_date(world, day):
    covered(world, [moved(world.games[0], day)], day, day)
    found = asked(world, day)
    assert [(d.date, d.listed) for d in found.dates] == [(day, 1)]
    assert found.unknown == ()


def test_two_games_of_the_same_teams_on_a_date_are_two(world):
    """The home team of the second is the other one: a key is of a date and both teams."""
    game = world.games[0]
    second = game._replace(away=game.home, home=game.away, number=game.number + 500)
    world.schedule([game, second])
    found = asked(world)
    assert found.totals.expected == 2
    assert all(p.moved_to == p.moved_from == p.also_at == () for p in found.partitions)


# Phases


def test_totals_are_by_phase_and_each_game_is_in_one(world):
    rows = schedule_rows([*world.games, moved(world.games[0], "2026-04-20")._replace(number=901)])
    rows[-1] |= {"season_type": "play-offs", "nba_game_id": "0042500101"}
    world.land("schedule", rows)
    found = asked(world, DAY, "2026-04-20")
    assert list(found.phases) == ["regular", "play-offs"]
    assert found.phases["regular"].expected == 4
    assert found.phases["play-offs"].may_come == 1
    summed = [sum(of) for of in zip(*found.phases.values(), strict=True)]
    assert summed == list(found.totals)


def test_a_cup_game_is_a_game_of_its_phase(world):
    rows = schedule_rows(world.games[:1])
    rows[0] |= {"season_type": "In-Season Tournament Final", "nba_game_id": "0062500001"}
    world.land("schedule", rows)
    assert list(asked(world).phases) == ["cup final"]
