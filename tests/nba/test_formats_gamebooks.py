"""The official scorer's report, printed anew from its parsed copy and read back."""

import pytest

from boxout.errors import Withheld
from boxout.run import land
from nba.printed import ORDER, inactive, lines_of, printed
from nba.samples import SCRAPER, landed, needs_samples, one, opened

GAMES = {"0173bcd1": "2024-04-10/MEM@CLE", "d8072441": "2021-10-08/MIL@BKN"}
OWN = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "", "ast", "pf", "stl")
NAMES = (*OWN, "tov", "blk", "plus_minus", "pts")


def parsed(name):
    return opened(SCRAPER / f"nbac_gamebook_pdf__exp_{name}.json")


@needs_samples
@pytest.mark.parametrize("name", GAMES)
def test_every_player_of_a_gamebook_lands_with_his_line_or_his_reason(world, name):
    copy = parsed(name)
    found = landed(world, printed(lines_of(copy), world.folder / "book.pdf"))
    assert {table: of.published for table, of in found.items()} == {
        "gamebook_player_stats": (GAMES[name],),
        "team_boxscore": (GAMES[name],),
    }
    rows = {(r["player_name"], r["status"]): r for r in world.public("FROM gamebook_player_stats")}
    for player in copy["active_players"]:
        row = rows.pop((player["name"], "active"))
        for own, theirs in zip(NAMES, ORDER, strict=True):
            assert not own or row[own] == player["stats"][theirs]
    for player in copy["dnp_players"]:
        row = rows.pop((player["name"], "dnp"))
        assert (row["dnp_reason"], row["pts"]) == (player["dnp_reason"], None)
    listed = inactive(copy)
    assert len(copy["inactive_players"]) - len(listed) == (2 if listed else 0)
    for player in listed:
        assert rows.pop((player["name"], "inactive"))["dnp_reason"] == player["reason"]
    assert rows == {}


@needs_samples
def test_players_get_the_league_s_id_from_the_live_box_score_of_the_game(world):
    path = printed(lines_of(parsed("0173bcd1")), world.folder / "book.pdf")
    landed(world, path)
    gg = "SELECT player_id FROM gamebook_player_stats WHERE player_lookup = 'ggjackson'"
    assert one(world, gg) == {"player_id": "name:ggjackson"}
    line = dict.fromkeys(("pts", "fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb"), 0)
    line |= dict.fromkeys(("ast", "stl", "blk", "tov", "pf", "plus_minus"), 0)
    player = {
        "game_id": GAMES["0173bcd1"], "team": "MEM", "player_lookup": "ggjackson",
        "player_id": "1641713", "player_name": "GG Jackson", "status": "active",
        "dnp_reason": None, "starter": True, "minutes": 30, **line,
    }  # fmt: skip
    world.land("player_boxscore", [player])
    landed(world, path)
    assert one(world, gg) == {"player_id": "1641713"}


@needs_samples
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("VISITOR:", "GUEST:", "refused whole"),
        ("April 10, 2024", "", "no date"),
        ("SCORE BY PERIOD", "PERIODS", "no score by period"),
        ("DNP -", "SICK", "neither a player's nor the totals"),
        ("240 ", "two hundred and forty ", "neither a player's nor the totals"),
    ],
)
def test_a_gamebook_with_a_line_that_is_not_understood_is_refused_whole(world, old, new, said):
    lines = [line.replace(old, new) for line in lines_of(parsed("0173bcd1"))]
    path = printed(lines, world.folder / "book.pdf")
    with pytest.raises(Withheld, match=said):
        land(world.engine, path, world.readers["gamebook_pdf_players"])


@needs_samples
def test_a_list_of_inactive_players_that_breaks_off_refuses_the_file(world):
    lines = lines_of(parsed("0173bcd1"))
    cut = [*lines[:-1], lines[-1].rpartition("(")[0]]
    path = printed(cut, world.folder / "book.pdf")
    with pytest.raises(Withheld, match="inactive players does not end"):
        land(world.engine, path, world.readers["gamebook_pdf_players"])
