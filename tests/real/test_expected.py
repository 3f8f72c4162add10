"""The schedule of 2023-24 as it was published before the season, and the season as it was played."""

import sys
from pathlib import Path

import polars as pl
import pytest

from boxout.report import expected, look_at_arrivals
from boxout_nba import teams
from conftest import World

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import truth

PUBLISHED = truth.SEASONS / "schedule" / "2023-24_preseason_published_2023-09-16.parquet"
PLAYED = truth.SEASONS / "games" / "2023-24.parquet"
needs_seasons = pytest.mark.skipif(
    not PUBLISHED.is_file(), reason="the real seasons are not beside the project"
)
FIRST, LAST = "2023-07-01", "2024-06-17"
SWAPPED, ONE_DAY, WEEKS = (
    ("0022300828",),
    ("0022301097", "0022301124"),
    ("0022300576", "0022300589"),
)
PHASES = {"Regular Season": "regular", "Preseason": "pre-season", "Cup Final": "cup final"}


def published() -> list[dict[str, object]]:
    """The games of the published schedule whose teams are decided and of the league."""
    rows = pl.read_parquet(PUBLISHED).filter(
        pl.col("home_team").is_in(teams.TRICODES) & pl.col("away_team").is_in(teams.TRICODES)
    )
    day, away, home = (pl.col(c) for c in ("game_date_et", "away_team", "home_team"))
    return rows.select(
        game_id=pl.format("{}/{}@{}", day, away, home),
        nba_game_id="game_id",
        game_date=day.cast(pl.String),
        tipoff_utc=pl.lit(""),
        season="season",
        season_type=pl.col("season_type").replace_strict(PHASES),
        home_team=home,
        away_team=away,
        status=pl.lit("scheduled"),
        neutral_site=pl.lit(""),
        arena="arena",
    ).to_dicts()


def asked(world: World):
    project = world.project
    seen = look_at_arrivals(world.engine.ledger, project.pipeline, project.graph, FIRST, LAST)
    return expected(seen, FIRST, LAST)


@pytest.fixture(scope="module")
def season(tmp_path_factory):
    """What was expected before the season, and what after it."""
    world = World(tmp_path_factory.mktemp("season") / "project")
    world.land("schedule", published())
    before = asked(world)
    truth.land(world.engine, PLAYED, world.readers["season_games"])
    yield world, before, asked(world)
    world.engine.warehouse.close()
    world.engine.ledger.close()


def ids(world: World, partitions) -> set[str]:
    """The league's ids of games by their keys, as they are listed now or were last."""
    ledger = world.engine.ledger
    said = ledger.expectations(FIRST, LAST + "~", ledger.head())
    of = {one.partition: one.identity for one in said}
    return {of[one] for one in partitions}


@needs_seasons
def test_before_a_season_everything_may_come_and_no_date_is_complete(season):
    _, before, _ = season
    assert before.totals.expected == 0
    assert before.totals.may_come == len(published())
    assert not any(one.is_complete for one in before.dates)


@needs_seasons
def test_exactly_the_games_that_moved_are_said_to_have_moved(season):
    world, _, after = season
    moved = ids(world, (one.partition for one in after.partitions if one.moved_to))
    assert moved == {*SWAPPED, *ONE_DAY, *WEEKS}
    arrived = ids(world, (one.partition for one in after.partitions if one.moved_from))
    assert arrived == moved


@needs_seasons
def test_every_game_is_in_the_phase_that_it_was_played_in(season):
    _, _, after = season
    expected_in = {phase: one.expected for phase, one in after.phases.items()}
    assert expected_in == {
        "pre-season": 0,
        "regular": 1230,
        "cup final": 1,
        "play-in": 6,
        "play-offs": 82,
    }
    assert not any(one.also_at for one in after.partitions)


@needs_seasons
def test_no_date_of_the_season_or_of_the_summer_before_it_is_unknown(season):
    _, _, after = season
    assert after.unknown == ()
    quiet = [one for one in after.dates if not one.listed]
    assert all(one.is_complete for one in quiet)
    assert {"2023-07-01", "2023-10-01", "2024-02-16"} <= {one.date for one in quiet}


@needs_seasons
def test_the_pre_season_stays_listed_though_the_seasons_file_does_not_hold_it(season):
    _, before, after = season
    assert after.phases["pre-season"].may_come == before.phases["pre-season"].may_come > 0
