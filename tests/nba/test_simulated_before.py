"""What is simulated of a game before it is played agrees with how it is played."""

from collections import Counter, defaultdict
from statistics import mean, stdev

import pytest

from boxout.model.outcomes import Done
from boxout.run import run
from boxout_nba.simulator import (
    gamebook_rows,
    injury_rows,
    line_rows,
    play,
    prop_rows,
    roster_rows,
    shots_rows,
    simulate_season,
)
from boxout_nba.simulator.bookmakers import american, chance_over
from boxout_nba.simulator.tables import tipoff_utc
from boxout_nba.tables import GAME_LINES, INJURY_REPORT, PLAYER_PROPS, ROSTERS

SEED = 7
OF_MARKET = {
    "points": ("pts",),
    "rebounds": ("oreb", "dreb"),
    "assists": ("ast",),
    "threes": ("fg3m",),
    "points_rebounds_assists": ("pts", "oreb", "dreb", "ast"),
}


@pytest.fixture(scope="module")
def games():
    games = simulate_season(SEED, "2025-10-21", games=200)
    return [game for game in games if game.status == "final"]


@pytest.fixture(scope="module")
def boxes(games):
    return {g.game_id: play(SEED, g.away, g.home, g.game_id) for g in games}


@pytest.fixture(scope="module")
def book(boxes):
    """The gamebook by game and player id."""
    rows = [row for key, box in boxes.items() for row in gamebook_rows(key, box)]
    return {(row["game_id"], row["player_id"]): row for row in rows}


@pytest.fixture(scope="module")
def named(book):
    """The gamebook by game and name; who shares his name is in it more than once."""
    found = defaultdict(list)
    for row in book.values():
        found[row["game_id"], row["player_lookup"]].append(row)
    return found


@pytest.fixture(scope="module")
def report(games):
    return [row for game in games for row in injury_rows(SEED, game)]


@pytest.fixture(scope="module")
def props(games):
    return [row for game in games[:60] for row in prop_rows(SEED, game)]


@pytest.fixture(scope="module")
def lines(games):
    return [row for game in games for row in line_rows(SEED, game)]


def keyed(row):
    return row["game_id"], row["team"], row["player_lookup"]


def test_who_is_reported_out_is_who_is_absent_for_a_reason_of_his_own(report, book):
    out = {(*keyed(row), row["reason"]) for row in report if row["status"] == "out"}
    assert out == {
        (*keyed(row), row["dnp_reason"])
        for row in book.values()
        if row["status"] != "active" and row["dnp_reason"] != "Coach's Decision"
    }


def test_everybody_else_in_the_report_plays_and_some_of_them_were_questionable(report, book):
    listed = {keyed(row): row["status"] for row in report if row["status"] != "out"}
    played = {keyed(row) for row in book.values() if row["status"] == "active"}
    assert listed.keys() <= played
    assert {"questionable", "probable"} < set(listed.values())


def test_a_report_names_a_player_once_and_comes_before_the_game(report, games):
    assert len({keyed(row) for row in report}) == len(report)
    begins = {game.game_id: tipoff_utc(game) for game in games}
    assert all(row["reported_utc"] < begins[row["game_id"]] for row in report)


def test_every_listed_player_is_on_the_roster_of_the_date(book, games):
    day = games[0].game_date
    contracts = {(row["team"], row["player_id"]) for row in roster_rows(SEED, day)}
    assert len(contracts) == 30 * 14
    assert contracts >= {(row["team"], row["player_id"]) for row in book.values()}
    few = roster_rows(SEED, day, teams=["BOS"])
    assert [row["team"] for row in few] == ["BOS"] * 14


@pytest.mark.parametrize(
    ("table", "rows"),
    [(ROSTERS, lambda game: roster_rows(SEED, game.game_date)),
     (INJURY_REPORT, lambda game: injury_rows(SEED, game)),
     (PLAYER_PROPS, lambda game: prop_rows(SEED, game)),
     (GAME_LINES, lambda game: line_rows(SEED, game))],
    ids=lambda one: getattr(one, "name", ""),
)  # fmt: skip
def test_rows_have_the_columns_of_their_table_and_are_the_same_every_time(games, table, rows):
    made = rows(games[0])
    assert tuple(made[0]) == table.column_names
    assert rows(games[0]) == made
    assert len({tuple(row[name] for name in table.key) for row in made}) == len(made)


def test_other_lines_come_from_another_seed(games):
    assert prop_rows(8, games[0]) != prop_rows(SEED, games[0])
    assert line_rows(8, games[0]) != line_rows(SEED, games[0])


def test_every_game_has_lines_of_two_to_four_bookmakers_at_several_moments(props, games):
    books, moments = defaultdict(set), defaultdict(set)
    for row in props:
        books[row["game_id"]].add(row["bookmaker"])
        moments[row["game_id"]].add(row["seen_at"])
    assert {len(of) for of in books.values()} == {2, 3, 4}
    assert {len(of) for of in moments.values()} == {3}
    begins = {game.game_id: tipoff_utc(game) for game in games}
    assert all(row["seen_at"] < begins[row["game_id"]] for row in props)


def test_lines_are_whole_and_half_numbers_of_every_market(props):
    assert {row["line"] % 1 for row in props} == {0, 0.5}
    assert {row["market"] for row in props} == set(OF_MARKET)
    assert min(row["line"] for row in props) > 0


def test_one_bookmaker_of_a_game_has_alternate_lines_on_points_and_prices_them_apart(props):
    offers = defaultdict(list)
    for row in props:
        if row["market"] == "points":
            at = (row["game_id"], row["player_lookup"], row["bookmaker"], row["seen_at"])
            offers[at].append(row)
    several = {at: rows for at, rows in offers.items() if len(rows) > 1}
    assert {(game, book) for game, _, book, _ in several} == {
        (game, next(book for g, _, book, _ in several if g == game)) for game, *_ in several
    }
    for rows in several.values():
        by_line = sorted(rows, key=lambda row: row["line"])
        chances = [implied(row["over_odds"]) for row in by_line]
        assert chances == sorted(chances, reverse=True)


def implied(odds):
    return -odds / (100 - odds) if odds < 0 else 100 / (100 + odds)


def test_nobody_has_a_line_who_is_absent_or_shares_his_name(props, named):
    for row in props:
        listed = named[row["game_id"], row["player_lookup"]]
        assert [one["status"] for one in listed] == ["active"]


@pytest.mark.parametrize("market", OF_MARKET)
def test_a_market_is_over_about_as_often_as_it_is_under_and_sometimes_neither(props, named, market):
    offered = [row for row in props if row["market"] == market]
    results, expected = [], []
    for row in offered:
        (listed,) = named[row["game_id"], row["player_lookup"]]
        results.append(sum(listed[name] for name in OF_MARKET[market]) - row["line"])
        over, under = implied(row["over_odds"]), implied(row["under_odds"])
        expected.append(over / (over + under))
    pushes = sum(one == 0 for one in results)
    leaning = mean(one > 0 for one in results if one) - mean(expected)
    assert pushes > 0
    assert abs(leaning) < 0.06


@pytest.mark.parametrize("chance", [0.03, 0.2, 0.5, 0.7, 0.9])
def test_american_odds_imply_the_chance_and_the_margin(chance):
    assert implied(american(chance)) == pytest.approx(1.045 * chance, abs=0.003)


@pytest.mark.parametrize(("line", "chance"), [(0.5, 0.777), (1, 0.665), (1.5, 0.442), (2.5, 0.191)])
def test_the_chance_of_an_over_is_that_of_something_counted_and_a_push_is_neither(line, chance):
    assert chance_over(line, 1.5, 1.0) == pytest.approx(chance, abs=0.05)


def test_a_game_has_opening_lines_by_three_bookmakers_and_a_closing_line(lines, games):
    of_game = Counter((row["game_id"], row["bookmaker"]) for row in lines)
    books = defaultdict(list)
    for (game, bookmaker), times in of_game.items():
        books[game].append((bookmaker == "closing", times))
    assert {tuple(sorted(of)) for of in books.values()} == {((False, 2),) * 3 + ((True, 1),)}
    last = max(
        (row for row in lines if row["game_id"] == games[0].game_id), key=lambda r: r["seen_at"]
    )
    assert last["bookmaker"] == "closing"


def test_closing_lines_miss_by_luck_and_not_by_leaning(lines, boxes):
    closing = [row for row in lines if row["bookmaker"] == "closing"]
    played = [boxes[row["game_id"]] for row in closing]
    spreads = [
        box.home.margin + row["home_spread"] for row, box in zip(closing, played, strict=True)
    ]
    totals = [
        box.home.total("pts") + box.away.total("pts") - row["total"]
        for row, box in zip(closing, played, strict=True)
    ]
    assert abs(mean(spreads)) < 2.5
    assert abs(mean(totals)) < 3.5
    assert stdev(spreads) < stdev(box.home.margin for box in played)


def test_a_favourite_gives_points_and_costs_more(lines):
    for row in lines:
        if abs(row["home_spread"]) >= 1:
            is_favourite = row["home_spread"] < 0
            assert (row["home_moneyline"] < row["away_moneyline"]) is is_favourite


def test_a_night_with_all_its_sources_goes_public_with_zones_and_results(whole_world):
    world = whole_world
    night = world.games
    world.schedule()
    world.gamebook()
    world.team_box()
    arrivals = {
        "shots": world.rows(shots_rows, None, None),
        "rosters": roster_rows(SEED, night[0].game_date),
        "injury_report": [row for game in night for row in injury_rows(SEED, game)],
        "player_props": [row for game in night for row in prop_rows(SEED, game)],
        "game_lines": [row for game in night for row in line_rows(SEED, game)],
    }
    for reader, rows in arrivals.items():
        landed = world.land(reader, rows)
        assert (landed.rows, landed.rejected, landed.withheld) == (len(rows), {}, ())
    day = night[0].game_date
    outcomes = run(world.engine, day, day, set(world.engine.graph.processors)).outcomes
    assert {type(one) for one in outcomes.values()} == {Done}
    for table in ("team_offense_game_summary", "team_defense_game_summary"):
        states = world.public(f"SELECT DISTINCT shots_state AS state FROM {table}")
        assert states == [{"state": "agrees"}]
    (played,) = world.public(
        "SELECT count(*) AS listed, count(*) FILTER (shots_state = 'agrees') AS agree,"
        " count(points_result) AS results FROM player_game_summary WHERE NOT is_dnp"
    )
    assert played["agree"] == played["listed"]
    assert played["results"] > 12 * len(night)
