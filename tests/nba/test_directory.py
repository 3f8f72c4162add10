"""Files that name a player without an id: known in his team, or set aside until he is resolved."""

import pytest

from boxout.ledger import Alias
from boxout.run import run
from boxout_nba.simulator import gamebook_rows


@pytest.fixture
def world(whole_world):
    return whole_world


DAY = "2026-02-03"
UNKNOWN = "unresolved player"
AMBIGUOUS = "unresolved player, several have this name"


def props(world, *lookups, game=0):
    game_id = world.games[game].game_id
    return [
        {
            "game_date": DAY,
            "game_id": game_id,
            "player_lookup": one,
            "player_name": one or "nobody",
            "market": "points",
            "bookmaker": "book",
            "seen_at": "2026-02-03T12:00",
            "line": 20.5,
            "over_odds": -110,
            "under_odds": -110,
        }
        for one in lookups
    ]


def reported(world, *lookups, team):
    game = next(g for g in world.games if team in (g.away, g.home))
    return [
        {
            "game_date": DAY,
            "game_id": game.game_id,
            "team": team,
            "player_lookup": one,
            "player_name": one,
            "status": "out",
            "reason": "ankle",
            "reported_utc": "",
        }
        for one in lookups
    ]


def of_team(world, team):
    rows = world.rows(gamebook_rows, None, None)
    return [row["player_lookup"] for row in rows if row["team"] == team]


def alias(world, given, official, group=""):
    kept = Alias("player", given, group, official, "seen", "ann", "")
    assert world.engine.ledger.put_alias(kept)


def landed_lookups(world, table="player_props"):
    return sorted(row["player_lookup"] for row in world.public(f"FROM {table}"))


def test_a_player_of_either_team_of_the_game_is_known(world):
    world.gamebook()
    game = world.games[0]
    names = [of_team(world, game.away)[0], of_team(world, game.home)[0]]
    landed = world.land("player_props", props(world, *names))
    assert (landed.rejected, landed_lookups(world)) == ({}, sorted(names))


def test_a_player_of_another_game_is_not_known(world):
    world.gamebook()
    stranger = of_team(world, world.games[1].away)[0]
    assert world.land("player_props", props(world, stranger)).rejected == {UNKNOWN: 1}


def test_a_player_of_the_other_team_is_not_known_where_the_row_names_its_team(world):
    world.gamebook()
    game = world.games[0]
    names = (of_team(world, game.away)[0], of_team(world, game.home)[0])
    landed = world.land("injury_report", reported(world, *names, team=game.away))
    assert landed.rejected == {UNKNOWN: 1}
    assert landed_lookups(world, "injury_report") == [names[0]]


def test_when_nobody_is_known_yet_every_row_is_set_aside_and_nothing_is_guessed(world):
    landed = world.land("player_props", props(world, "nikolajokic", "stephencurry"))
    assert (landed.rejected, landed.rows, landed.published) == ({UNKNOWN: 2}, 0, ())


def test_unresolved_rows_do_not_hold_back_the_rest_however_many(world):
    world.gamebook()
    known = of_team(world, world.games[0].away)[0]
    landed = world.land("player_props", props(world, known, "a", "b", "c", "d"))
    assert (landed.rejected, landed.published, landed.rows) == ({UNKNOWN: 4}, (DAY,), 1)


def test_rows_that_are_wrong_otherwise_still_hold_back_the_rest(world):
    world.gamebook()
    known = of_team(world, world.games[0].away)[0]
    wrong = [row | {"line": "many"} for row in props(world, "a", "b")]
    assert world.land("player_props", [*props(world, known), *wrong]).withheld == (DAY,)


def test_of_two_players_of_one_name_none_is_chosen(world):
    rows = world.rows(gamebook_rows, None, None)
    game = world.games[0]
    one = next(row for row in rows if row["team"] == game.away)
    other = next(row for row in rows if row["team"] == game.home)
    other |= {"player_lookup": one["player_lookup"], "player_name": one["player_name"]}
    world.land("gamebook_player_stats", rows)
    name = one["player_lookup"]
    assert world.land("player_props", props(world, name)).rejected == {AMBIGUOUS: 1}
    landed = world.land("injury_report", reported(world, name, team=game.away))
    assert landed.rejected == {}


def test_two_players_of_one_name_in_one_game_stay_two_rows(world):
    rows = world.rows(gamebook_rows, None, None)
    game = world.games[0]
    one = next(row for row in rows if row["team"] == game.away)
    other = next(r for r in rows if r["team"] == game.away and r is not one)
    other |= {"player_lookup": one["player_lookup"], "player_name": one["player_name"]}
    world.schedule()
    world.team_box()
    assert world.land("gamebook_player_stats", rows).rejected == {}
    run(world.engine, DAY, DAY, set(world.engine.graph.processors))
    found = world.public(
        f"SELECT player_id FROM player_game_summary WHERE player_lookup = '{one['player_lookup']}'"
    )
    assert len(found) == 2
    report = reported(world, one["player_lookup"], team=game.away)
    assert world.land("injury_report", report).rejected == {AMBIGUOUS: 1}


def test_a_player_who_was_traded_within_the_season_is_one_player(world):
    rows = world.rows(gamebook_rows, None, None)
    game = world.games[0]
    one = next(row for row in rows if row["team"] == game.away)
    other = next(row for row in rows if row["team"] == game.home)
    same = ("player_lookup", "player_name", "player_id")
    other.update({name: one[name] for name in same})
    world.land("gamebook_player_stats", rows)
    assert world.land("player_props", props(world, one["player_lookup"])).rejected == {}


@pytest.mark.parametrize("group", ["", "team"])
def test_an_alias_brings_a_row_to_the_player_who_is_meant(world, group):
    world.gamebook()
    team = world.games[0].away
    known = of_team(world, team)[0]
    alias(world, "nick", known, team if group else "")
    landed = world.land("player_props", props(world, "nick"))
    assert (landed.rejected, landed_lookups(world)) == ({}, [known])


def test_an_alias_of_one_team_holds_in_that_team_only(world):
    world.gamebook()
    known = of_team(world, world.games[1].away)[0]
    alias(world, "nick", known, world.games[1].away)
    assert world.land("player_props", props(world, "nick")).rejected == {UNKNOWN: 1}
    assert world.land("player_props", props(world, "nick", game=1)).rejected == {}


def test_an_alias_for_all_does_not_rename_a_player_who_is_known(world):
    world.gamebook()
    first, second = of_team(world, world.games[0].away)[:2]
    alias(world, first, second)
    world.land("player_props", props(world, first))
    assert landed_lookups(world) == [first]


def test_an_alias_that_was_taken_back_holds_no_more(world):
    world.gamebook()
    alias(world, "nick", of_team(world, world.games[0].away)[0])
    world.engine.ledger.end_alias("player", "nick", "", by="bob", reason="wrong")
    assert world.land("player_props", props(world, "nick")).rejected == {UNKNOWN: 1}


def test_a_player_who_was_last_seen_years_ago_is_not_known(world):
    world.gamebook()
    game = world.games[0]
    later = f"2028-02-03/{game.away}@{game.home}"
    rows = [
        row | {"game_date": later[:10], "game_id": later}
        for row in props(world, of_team(world, game.away)[0])
    ]
    assert world.land("player_props", rows).rejected == {UNKNOWN: 1}


def test_what_waits_is_in_quarantine_with_the_value_and_the_teams(world):
    world.gamebook()
    world.land("player_props", props(world, "nobodyatall"))
    (row,) = world.engine.warehouse.quarantine()
    game = world.games[0]
    assert (row["value"], row["groups"]) == ("nobodyatall", f"{game.away}/{game.home}")
    assert (row["reader"], row["part"], row["version"]) == ("player_props", DAY, 2)


def test_a_name_that_is_missing_is_not_looked_up(world):
    world.gamebook()
    landed = world.land("player_props", props(world, ""))
    assert landed.rejected == {"player_lookup is missing": 1}
    assert world.engine.warehouse.quarantine()[0]["value"] is None
