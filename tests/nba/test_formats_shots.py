"""Shot charts and play-by-play, as attempts with what each of them says."""

import pytest

from boxout.errors import Withheld
from boxout.run import find_readers
from boxout_nba.zones import LEAGUE_ZONES
from nba.samples import (
    LEAGUE,
    PBPSTATS,
    PUBLISHED,
    SCRAPER,
    changed,
    landed,
    listed,
    needs_samples,
    one,
    opened,
    with_schedule,
)

V3 = LEAGUE / "playbyplayv3.json.gz"
LIVE = SCRAPER / "nbac_play_by_play__raw_14ecf360.json.gz"
LIVE_2020 = PBPSTATS / "pbp__live_0022000001.json.gz"
V2_2016 = PBPSTATS / "pbp__stats_0021600270.json.gz"
V2_2019 = PBPSTATS / "pbp__stats_0021900001.json.gz"
TOTALS = (
    "SELECT count(*) AS fga, sum(made::int) AS fgm, sum((shot_value = 3)::int) AS fg3a,"
    " sum((made AND shot_value = 3)::int) AS fg3m, sum(assisted::int) AS ast,"
    " sum(blocked::int) AS blk FROM shots"
)


@needs_samples
@pytest.mark.parametrize(
    ("path", "nba_game_id", "totals"),
    [
        (V3, "0022400001", (174, 88, 77, 28, 63, 7)),
        (LIVE, "0022400500", (181, 78, 74, 28, 47, 15)),
        (LIVE_2020, "0022000001", (191, 79, 68, 25, 50, 13)),
        (V2_2016, "0021600270", (193, 90, 58, 22, 53, 7)),
        (V2_2019, "0021900001", (205, 85, 85, 33, 53, 12)),
    ],
    ids=str,
)
def test_a_play_by_play_lands_every_attempt(world, path, nba_game_id, totals):
    with_schedule(world, nba_game_id)
    found = landed(world, path)["shots"]
    assert (found.published, found.rejected) == ((listed(nba_game_id),), {})
    assert tuple(one(world, TOTALS).values()) == totals
    numbers = world.public("SELECT shot_number FROM shots ORDER BY 1")
    assert [row["shot_number"] for row in numbers] == list(range(1, totals[0] + 1))


@needs_samples
@pytest.mark.parametrize(
    ("path", "box", "nba_game_id"),
    [
        (LIVE_2020, PBPSTATS / "game_details__live_0022000001.json", "0022000001"),
        (V2_2016, PBPSTATS / "game_details__stats_boxscore_0021600270.json", "0021600270"),
    ],
    ids=str,
)
def test_the_attempts_are_those_of_the_box_score_player_by_player(world, path, box, nba_game_id):
    with_schedule(world, nba_game_id)
    landed(world, path)
    players = (
        "player_boxscore" if "player_boxscore" in landed(world, box) else "gamebook_player_stats"
    )
    differ = world.public(
        f"SELECT b.player_name FROM {players} b LEFT JOIN (SELECT player_id, count(*) AS fga,"
        " sum(made::int) AS fgm, sum((shot_value = 3)::int) AS fg3a FROM shots GROUP BY 1) s"
        " USING (player_id) WHERE b.status = 'active' AND (coalesce(s.fga, 0) <> b.fga"
        " OR coalesce(s.fgm, 0) <> b.fgm OR coalesce(s.fg3a, 0) <> b.fg3a)"
    )
    assert differ == []
    for column, flag in (("assist_player_id", "ast"), ("block_player_id", "blk")):
        differ = world.public(
            f"SELECT b.player_name FROM {players} b LEFT JOIN (SELECT {column} AS player_id,"
            " count(*) AS n FROM shots GROUP BY 1) s USING (player_id)"
            f" WHERE b.status = 'active' AND coalesce(s.n, 0) <> b.{flag}"
        )
        assert differ == []


@needs_samples
def test_an_attempt_of_v3_has_its_place_its_blocker_and_its_assistant(world):
    with_schedule(world, "0022400001")
    landed(world, V3)
    first = one(world, "FROM shots WHERE shot_number = 1")
    assert first == first | {
        "team": "ATL", "player_id": "1642258", "player_name": "Z. Risacher", "period": 1,
        "seconds_left": 703.0, "shot_value": 3, "made": False, "zone": "above_break_3",
        "distance_ft": 27.0, "x_ft": -16.8, "y_ft": 25.75, "assisted": None, "blocked": True,
        "block_player_id": "1628369",
    }  # fmt: skip
    unknown = "SELECT count(*) AS n FROM shots WHERE assisted AND assist_player_id IS NULL"
    assert one(world, unknown) == {"n": 0}


@needs_samples
def test_what_the_older_text_leaves_out_agrees_with_the_chart_of_the_game(world):
    with_schedule(world, "0021900001")
    landed(world, V2_2019)
    told = world.public("SELECT player_id, period, seconds_left, zone, distance_ft FROM shots")
    zones = {(r["player_id"], r["period"], r["seconds_left"]): r for r in told}
    charts = [
        PBPSTATS / f"game_details__stats_{side}_shots_0021900001.json" for side in ("home", "away")
    ]
    agree = total = 0
    for chart in charts:
        found = next(
            one for one in opened(chart)["resultSets"] if one["name"] == "Shot_Chart_Detail"
        )
        for values in found["rowSet"]:
            row = dict(zip(found["headers"], values, strict=True))
            left = row["MINUTES_REMAINING"] * 60 + row["SECONDS_REMAINING"]
            mine = zones[str(row["PLAYER_ID"]), row["PERIOD"], float(left)]
            total += 1
            agree += mine["zone"] == LEAGUE_ZONES[row["SHOT_ZONE_BASIC"]]
    assert total == 205
    assert agree >= 185


@needs_samples
def test_a_game_s_chart_says_its_own_date_and_zone(world):
    found = landed(world, PBPSTATS / "game_details__stats_away_shots_0021900001.json")["shots"]
    assert (found.rows, found.published) == (102, ("2019-10-22/NOP@TOR",))
    row = one(world, "FROM shots WHERE shot_number = 1")
    assert row == row | {
        "team": "NOP", "player_lookup": "lonzoball", "zone": "paint", "distance_ft": 11.0,
        "x_ft": 0.2, "y_ft": 16.65, "made": False, "assisted": None, "blocked": None,
    }  # fmt: skip


@needs_samples
def test_a_season_s_chart_keeps_games_under_a_broken_id_apart_and_every_tip_in(world):
    found = landed(world, PUBLISHED / "shots/2020-21.parquet")["shots"]
    assert (found.rows, found.rejected) == (190983, {})
    assert len(found.published) == 1080
    assert one(world, "SELECT count(*) AS n FROM shots WHERE game_id = '2020-12-22/GSW@BKN'") == {
        "n": 191
    }
    alike = one(
        world,
        "SELECT count(*) - count(DISTINCT (game_id, player_id, period, seconds_left, made,"
        " distance_ft, x_ft, y_ft, shot_value, zone)) AS n FROM shots",
    )
    assert alike["n"] == 15
    unplaced = one(world, "SELECT count(*) AS n FROM shots WHERE x_ft IS NULL")
    assert unplaced["n"] < 500
    corner = one(world, "SELECT avg(abs(x_ft)) AS x FROM shots WHERE zone = 'corner_3'")
    assert corner["x"] == pytest.approx(22.6, abs=0.6)


@needs_samples
def test_a_season_of_play_by_play_takes_its_dates_from_the_public_schedule(world):
    without = landed(world, PUBLISHED / "play_by_play/2017-18.parquet")["shots"]
    assert (without.rows, sum(without.rejected.values())) == (0, 211802)
    landed(world, PUBLISHED / "games/2017-18.parquet")
    found = landed(world, PUBLISHED / "play_by_play/2017-18.parquet")["shots"]
    assert found.rows + sum(found.rejected.values()) == 211802
    assert found.rejected == {}
    assert len(found.published) == 1230


def renamed(game):
    for action in game["game"]["actions"]:
        action["shotOutcome"] = action.pop("shotResult", None)


def emptied(game):
    game["game"]["actions"] = []


@needs_samples
@pytest.mark.parametrize(
    ("change", "said"), [(renamed, "shotResult"), (emptied, "finds no row in it")]
)
def test_a_play_by_play_that_is_not_what_it_was_is_refused_whole(world, change, said):
    with_schedule(world, "0022400001")
    with pytest.raises(Withheld, match=said):
        landed(world, changed(world, V3, change))


@needs_samples
def test_an_attempt_in_a_zone_nobody_knows_is_set_aside(world):
    def other(chart):
        index = chart["resultSets"][0]["headers"].index("SHOT_ZONE_BASIC")
        chart["resultSets"][0]["rowSet"][0][index] = "Moon"

    path = PBPSTATS / "game_details__stats_away_shots_0021900001.json"
    found = landed(world, changed(world, path, other))["shots"]
    assert found.rejected == {"zone is missing": 1}


@needs_samples
def test_a_play_by_play_is_one_of_v3_or_of_the_live_pages_and_never_both(world):
    for path, name in ((V3, "play_by_play_v3"), (LIVE, "play_by_play_live")):
        assert opened(path)["game"]["actions"]
        assert [one.name for one in find_readers(world.project.pipeline, path, "")] == [name]
