"""Games, teams and players under wrong, foreign or several names."""

import pytest

from boxout.run import run
from boxout_nba.names import player_lookup
from boxout_nba.simulator import gamebook_rows, schedule_rows, simulate_night, team_rows
from incidents.scene import ALL, DAY, PLAYER, UNIT, kinds, public_games, reasons


def reversed_id(game):
    return f"{game.game_date}/{game.home}@{game.away}"


def renamed(rows, old, new):
    return [row | {"game_id": new} if row["game_id"] == old else row for row in rows]


def test_a_reversed_id_is_never_joined_to_its_game(world):
    game = world.games[0]
    world.schedule()
    world.team_box()
    rows = renamed(world.rows(gamebook_rows, None, None), game.game_id, reversed_id(game))
    world.land("gamebook_player_stats", rows)
    result = run(world.engine, DAY, DAY, ALL)
    assert "has not arrived" in reasons(result.outcomes[UNIT, game.game_id])
    assert public_games(world) == sorted(g.game_id for g in world.games[1:])


def test_a_reversed_id_is_joined_with_nothing(world):
    game = world.games[0]
    world.schedule()
    world.gamebook()
    rows = renamed(world.rows(team_rows, None, None), game.game_id, reversed_id(game))
    world.land("team_boxscore", rows)
    run(world.engine, DAY, DAY, ALL)
    assert reversed_id(game) not in public_games(world)
    asked = run(world.engine, DAY, DAY, ALL, game=reversed_id(game)).outcomes
    assert "does not list" in reasons(asked[UNIT, reversed_id(game)])


def test_a_reversed_id_in_the_schedule_withholds_the_date(world):
    rows = schedule_rows(world.games)
    rows[0]["game_id"] = reversed_id(world.games[0])
    landed = world.land("schedule", rows)
    assert (landed.withheld, sum(landed.rejected.values())) == ((DAY,), 1)


@pytest.mark.parametrize("wrong", ["20260203/BOS@LAL", "2026-02-03/BOS-LAL", "0022500001"])
def test_an_id_of_another_form_is_rejected_with_its_reason(world, wrong):
    game = world.games[0]
    rows = renamed(world.rows(team_rows, None, None), game.game_id, wrong)
    landed = world.land("team_boxscore", rows)
    assert landed.rejected == {"game id is not YYYY-MM-DD/AWY@HOM": 2}
    assert len(landed.published) == 3


def test_an_unknown_team_is_rejected_and_its_game_waits(world):
    game = world.games[0]
    world.schedule()
    world.gamebook()
    rows = world.rows(team_rows, None, None)
    for row in rows:
        row["game_id"] = row["game_id"].replace(game.home, "SEA")
        row["team"] = row["team"].replace(game.home, "SEA")
    landed = world.land("team_boxscore", rows)
    assert landed.rejected == {"unknown team": 2}
    assert len(landed.published) == 3


def test_another_publishers_code_is_the_same_team(world):
    theirs = {"BKN": "BRK", "CHA": "CHO", "PHX": "PHO"}
    night = simulate_night(12, DAY, games=15)
    rows = world.rows(team_rows, night, None)
    for row in rows:
        row["team"] = theirs.get(row["team"], row["team"]).lower()
    landed = world.land("team_boxscore", rows)
    assert dict(landed.rejected) == {}
    assert len(landed.published) == 15


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Gary Trent Jr.", "garytrentjr"),
        ("Gary Trent Junior", "garytrentjr"),
        ("Nikola Jokić", "nikolajokic"),
        ("Franz Fuß", "franzfuss"),
        ("Luka Dončić", "lukadoncic"),
        ("Jaren Jackson III", "jarenjacksoniii"),
    ],
)
def test_a_name_with_suffix_accent_or_sharp_s_has_one_key(name, key):
    assert player_lookup(name) == key


NAMES = (
    "Gary Trent Jr.",
    "Nikola Jokić",
    "Franz Fuß",
    "Łukasz Đorđević",
    "İlkan Karaman",
    "Moritz Müller Senior",
    "O'Neal, Shaquille",
    "Ömer Aşık",
)
COMPATIBLE = ("ﬁ Ligature", "Ｆull Ｗidth")


def looked_up(world, names):
    columns = world.readers["bref_player_box"].needs
    line = dict.fromkeys(columns, 0) | {"game_date": DAY, "team": "BOS", "opponent": "LAL"}
    line |= {"is_home": "false", "status": "Played", "starter": "true", "seconds": 60}
    ids = ("bref_player_id", "player_id")
    rows = [line | dict.fromkeys(ids, str(n)) | {"player_name": x} for n, x in enumerate(names)]
    world.land("bref_player_box", rows)
    found = world.public("SELECT player_name, player_lookup FROM versions.gamebook_player_stats")
    return {row["player_name"]: row["player_lookup"] for row in found}


def test_the_warehouse_and_python_agree_on_every_name(world):
    assert looked_up(world, NAMES) == {name: player_lookup(name) for name in NAMES}


def test_the_warehouse_and_python_agree_on_compatible_letters(world):
    assert looked_up(world, COMPATIBLE) == {name: player_lookup(name) for name in COMPATIBLE}


def test_a_player_in_two_rows_of_a_game_is_not_counted_twice(world):
    game = world.games[0].game_id
    world.schedule()
    world.team_box()
    rows = world.rows(gamebook_rows, None, None)
    played = next(r for r in rows if r["game_id"] == game and (r["minutes"] or 0) > 20)
    landed = world.land("gamebook_player_stats", [*rows, dict(played)])
    assert landed.rejected == {"key is there twice": 2}
    result = run(world.engine, DAY, DAY, ALL)
    assert kinds(result) == {"Done": 3, "Waiting": 1}
    assert "player minutes off team minutes" in reasons(result.outcomes[UNIT, game])


def test_a_player_in_two_rows_under_two_ids_is_withheld(world):
    game = world.games[0].game_id
    world.schedule()
    world.team_box()
    rows = world.rows(gamebook_rows, None, None)
    played = next(r for r in rows if r["game_id"] == game and r["pts"] and r["tov"] == 0)
    twin = played | {"player_id": "again", "minutes": 0}
    world.land("gamebook_player_stats", [*rows, twin])
    result = run(world.engine, DAY, DAY, ALL)
    assert kinds(result) == {"Done": 3, "WithheldOutcome": 1}
    assert "sum of players' pts" in reasons(result.outcomes[UNIT, game])


def test_a_player_traded_in_mid_season_belongs_to_each_team_by_date(world):
    later = "2026-02-10"
    first = world.games[0]
    others = [g for g in simulate_night(3, later, games=15) if first.away not in (g.away, g.home)]
    second = others[0]
    for day_games in (world.games, others[:1]):
        world.schedule(day_games)
        world.team_box(day_games)
    traded = f"{first.away}00"
    rows = world.rows(gamebook_rows, [second], None)
    moved = next(r for r in rows if r["team"] == second.home and r["minutes"])
    moved["player_id"] = traded
    world.gamebook()
    world.land("gamebook_player_stats", rows)
    assert kinds(run(world.engine, DAY, later, ALL)) == {"Done": 5}
    found = world.public(
        f"SELECT game_date, team FROM {PLAYER} WHERE player_id = '{traded}' ORDER BY 1"
    )
    assert found == [
        {"game_date": DAY, "team": first.away},
        {"game_date": later, "team": second.home},
    ]
